import PlanModel

/// One line of the objectives or constraints of a plan file, such as
/// `{structure: CTV, squared-deviation: 60.8, priority: 100}`.
enum ObjectiveLine {
    private static let kinds = [
        "squared-deviation", "squared-underdose", "squared-overdose", "mean-dose", "maximum-dose",
        "minimum-dose", "maximum-dvh", "minimum-dvh", "maximum-eud", "minimum-eud",
    ]
    /// Kinds that can be held as constraints.
    private static let constraintKinds = [
        "mean-dose", "maximum-dose", "minimum-dose", "maximum-dvh", "minimum-dvh", "maximum-eud",
        "minimum-eud",
    ]

    static func read(_ element: YAMLElement, isConstraint: Bool) -> DoseObjective? {
        let kinds = isConstraint ? constraintKinds : kinds
        let known = ["structure", "quantity"] + (isConstraint ? [] : ["priority", "robust"]) + kinds
        let required = ["structure"] + (isConstraint ? [] : ["priority"])
        guard let map = element.readMapping(known, required: required) else { return nil }
        let structure = map["structure"]?.readText()
        let priority = isConstraint ? 1 : map["priority"]?.readPositive(atMost: 1e9)
        let quantity =
            map["quantity"].map { $0.readWord(DoseQuantity.self) } ?? DoseQuantity.rbeWeighted
        let robust = map["robust"].map { $0.readFlag() } ?? false
        let kind = readKind(map, kinds: kinds)
        guard let structure, let priority, let quantity, let robust, let kind else { return nil }
        return DoseObjective(
            structureName: structure, kind: kind, priority: priority, isConstraint: isConstraint,
            quantity: quantity, isRobust: robust)
    }

    private static func readKind(_ map: YAMLMapping, kinds: [String]) -> ObjectiveKind? {
        let present = kinds.filter { map[$0] != nil }
        guard present.count == 1, let key = present.first, let value = map[key] else {
            map.element.report(
                present.isEmpty
                    ? "the line says nothing of the dose; add one of \(kinds.joined(separator: ", "))"
                    : "the line has \(present.joined(separator: " and ")) (one each); make it several lines")
            return nil
        }
        switch key {
        case "squared-deviation":
            return readDose(value, atLeast: .leastNonzeroMagnitude).map { .squaredDeviation(dose: $0) }
        case "squared-underdose":
            return readDose(value, atLeast: .leastNonzeroMagnitude).map { .squaredUnderdose(dose: $0) }
        case "squared-overdose": return readDose(value, atLeast: 0).map { .squaredOverdose(dose: $0) }
        case "mean-dose": return readDose(value, atLeast: 0).map { .meanDose(atMost: $0) }
        case "maximum-dose": return readDose(value, atLeast: .leastNonzeroMagnitude).map { .maximumDose($0) }
        case "minimum-dose": return readDose(value, atLeast: .leastNonzeroMagnitude).map { .minimumDose($0) }
        case "maximum-dvh": return point(value).map { .maximumDVH(dose: $0.dose, volume: $0.volume) }
        case "minimum-dvh": return point(value).map { .minimumDVH(dose: $0.dose, volume: $0.volume) }
        case "maximum-eud": return equivalent(value).map { .maximumEUD(dose: $0.dose, a: $0.a) }
        case "minimum-eud": return equivalent(value).map { .minimumEUD(dose: $0.dose, a: $0.a) }
        default: return nil
        }
    }

    /// A total dose in Gy or Gy (RBE); `atLeast` 0 or just above it.
    private static func readDose(_ element: YAMLElement, atLeast: Double) -> Double? {
        guard let value = element.readNumber("a dose", unit: "Gy") else { return nil }
        guard value >= atLeast, value <= 500 else {
            let lower = atLeast == 0 ? "0 or more" : "greater than 0"
            element.report(
                "\(YAMLElement.text(value)) Gy is out of range (the dose must be \(lower) and at most 500 Gy)"
            )
            return nil
        }
        return value
    }

    private static func point(_ element: YAMLElement) -> (dose: Double, volume: Double)? {
        let keys = ["dose", "volume"]
        guard let map = element.readMapping(keys, required: keys) else { return nil }
        let dose = map["dose"].flatMap { readDose($0, atLeast: .leastNonzeroMagnitude) }
        let volume = map["volume"]?.readShare(atMost: 1)
        guard let dose, let volume else { return nil }
        return (dose, volume)
    }

    private static func equivalent(_ element: YAMLElement) -> (dose: Double, a: Double)? {
        let keys = ["dose", "a"]
        guard let map = element.readMapping(keys, required: keys) else { return nil }
        let dose = map["dose"].flatMap { readDose($0, atLeast: .leastNonzeroMagnitude) }
        let a = map["a"]?.readNumber(in: -50...50)
        guard let dose, let a else { return nil }
        guard a != 0 else {
            map["a"]?.report(
                "the exponent 0 has no meaning (the mean of logarithms); use 1 for the mean dose")
            return nil
        }
        return (dose, a)
    }
}

extension YAMLElement {
    /// A share written as `20 %` or as a number 0...1 (`atMost` 1).
    func readShare(atMost: Double) -> Double? {
        if let text = scalarText, text.hasSuffix("%") {
            let digits = String(text.dropLast()).trimmingASCIISpaces
            guard let percent = Self.number(digits), percent >= 0, percent <= 100 * atMost else {
                report("‘\(text)’ is out of range (0 % to \(Self.text(100 * atMost)) %)")
                return nil
            }
            return percent / 100
        }
        return readNumber("a share such as ‘20 %’ or 0.2", in: 0...atMost)
    }

    /// `true` or `false`.
    func readFlag() -> Bool? {
        switch scalarText {
        case "true": return true
        case "false": return false
        default:
            report("expected true or false, found \(kind)")
            return nil
        }
    }
}

extension String {
    /// Without spaces and tabs at both ends.
    var trimmingASCIISpaces: String {
        let isSpace = { (c: Character) in c == " " || c == "\t" }
        return String(drop(while: isSpace).reversed().drop(while: isSpace).reversed())
    }
}
