extension DoseVolumeMetric {
    /// Reads `D95` or `D95%`, `D0.1cc`, `V20Gy`, `Dmean`, `Dmax`, `Dmin`, `HI`, `CI`, `LETd`; nil if it is none of
    /// these or out of range (volumes over 0 to 100 %, doses not negative).
    ///
    /// ## Checked by
    /// `DoseVolumeMetricTextTests`.
    public init?(parsing text: String) {
        switch text.lowercased() {
        case "dmean": self = .meanDose
        case "dmax": self = .maximumDose
        case "dmin": self = .minimumDose
        case "hi": self = .homogeneityIndex
        case "ci": self = .conformityIndex
        case "letd": self = .meanLETd
        default:
            guard let kind = text.lowercased().first else { return nil }
            let rest = String(text.lowercased().dropFirst())
            if kind == "v", rest.hasSuffix("gy") {
                guard let dose = Self.number(rest.dropLast(2)), dose >= 0 else { return nil }
                self = .volumeAtDose(dose)
            } else if kind == "d", rest.hasSuffix("cc") {
                guard let volume = Self.number(rest.dropLast(2)), volume > 0 else { return nil }
                self = .doseAtAbsoluteVolume(cm3: volume)
            } else if kind == "d" {
                let digits = rest.hasSuffix("%") ? rest.dropLast() : rest[...]
                guard let percent = Self.number(digits), percent > 0, percent <= 100 else {
                    return nil
                }
                self = .doseAtVolume(percent / 100)
            } else {
                return nil
            }
        }
    }

    private static func number(_ text: Substring) -> Double? {
        guard let first = text.first, first.isNumber, text.allSatisfy({ $0.isNumber || $0 == "." })
        else { return nil }
        return Double(text)
    }

    /// The unit of the metric's value: `Gy`, `%`, `keV/µm`, or empty.
    public var unit: String {
        switch self {
        case .doseAtVolume, .doseAtAbsoluteVolume, .meanDose, .maximumDose, .minimumDose: "Gy"
        case .volumeAtDose: "%"
        case .homogeneityIndex, .conformityIndex: ""
        case .meanLETd: "keV/µm"
        }
    }
}

extension DoseVolumeMetric: CustomStringConvertible {
    /// As the plan file writes it, for example `D95%`, `D0.1cc`, `V20Gy`.
    public var description: String {
        func short(_ value: Double) -> String {
            let rounded = (value * 1e6).rounded() / 1e6
            return rounded == rounded.rounded() && abs(rounded) < 1e9
                ? String(Int(rounded)) : String(rounded)
        }
        return switch self {
        case .doseAtVolume(let share): "D\(short(100 * share))%"
        case .doseAtAbsoluteVolume(let volume): "D\(short(volume))cc"
        case .volumeAtDose(let dose): "V\(short(dose))Gy"
        case .meanDose: "Dmean"
        case .maximumDose: "Dmax"
        case .minimumDose: "Dmin"
        case .homogeneityIndex: "HI"
        case .conformityIndex: "CI"
        case .meanLETd: "LETd"
        }
    }
}
