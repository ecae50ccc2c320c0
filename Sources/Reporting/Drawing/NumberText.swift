import Foundation
import Quantities

/// Numbers as the report prints them: fixed digits, a real minus sign, thin spaces between thousands.
///
/// Nothing here depends on the locale of the machine: the decimal sign is always a point.
///
/// ## Checked by
/// `NumberTextTests`.
public enum NumberText {
    /// What stands for a number that does not exist (NaN, infinite).
    public static let missing = "–"

    /// `value` with exactly `decimals` digits after the point; `–` if it is not finite.
    public static func fixed(_ value: Double, _ decimals: Int) -> String {
        guard value.isFinite else { return missing }
        let text = String(format: "%.\(decimals)f", abs(value))
        let isZero = text.allSatisfy { $0 == "0" || $0 == "." }
        return value < 0 && !isZero ? "\u{2212}" + text : text
    }

    /// A difference with its sign: `+0.3`, `−1.2`, `0.0`.
    public static func signed(_ value: Double, _ decimals: Int) -> String {
        let text = fixed(value, decimals)
        let isZero = text.allSatisfy { $0 == "0" || $0 == "." }
        return value > 0 && value.isFinite && !isZero ? "+" + text : text
    }

    /// At most two decimals, as few as the value needs: `3`, `2.5`.
    public static func short(_ value: Double) -> String {
        fixed(
            value,
            (0...2).first { decimals in
                let scaled = value * powerOfTen(decimals)
                return abs(scaled - scaled.rounded()) < 1e-7
            } ?? 2)
    }

    /// A share 0...1 in per cent, with its sign: `95.0 %`.
    public static func percent(_ share: Double, _ decimals: Int = 1) -> String {
        share.isFinite ? fixed(100 * share, decimals) + "\u{00A0}%" : missing
    }

    /// A whole number with narrow spaces between groups of three digits: `1 234 567`.
    public static func grouped(_ value: Int) -> String {
        let digits = Array(String(value.magnitude))
        var text = value < 0 ? "\u{2212}" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text += "\u{202F}" }
            text.append(digit)
        }
        return text
    }

    /// A number of ions: grouped digits below 10 000, else two decimals and a power of ten: `1.23 × 10⁷`.
    public static func particles(_ value: Double) -> String {
        guard value.isFinite else { return missing }
        guard abs(value) >= 10_000 else { return grouped(Int(value.rounded())) }
        return scientific(value, 2)
    }

    /// `value` as mantissa with `decimals` digits times a power of ten.
    public static func scientific(_ value: Double, _ decimals: Int) -> String {
        guard value.isFinite else { return missing }
        guard value != 0 else { return "0" }
        let text = String(format: "%.\(decimals)e", abs(value))
        let parts = text.split(separator: "e")
        guard parts.count == 2, let exponent = Int(parts[1]) else { return missing }
        return (value < 0 ? "\u{2212}" : "") + parts[0] + " × 10" + superscript(exponent)
    }

    /// A label of an axis tick: as many decimals as the distance of the ticks needs.
    public static func tick(_ value: Double, step: Double) -> String {
        guard step > 0, step.isFinite else { return missing }
        if abs(value) >= 100_000 { return scientific(value, 1) }
        // The fewest decimals with which the step itself is printed exactly.
        let decimals = (0...9).first { decimals in
            let scaled = step * powerOfTen(decimals)
            return scaled > 0.5 && abs(scaled - scaled.rounded()) < 1e-6 * scaled
        }
        return fixed(value, decimals ?? 9)
    }

    /// A number with about `digits` significant digits and no exponent.
    public static func significant(_ value: Double, _ digits: Int) -> String {
        guard value.isFinite else { return missing }
        guard value != 0 else { return "0" }
        let magnitude = Int(log10(abs(value)).rounded(.down))
        if magnitude < -4 || magnitude > 6 { return scientific(value, digits - 1) }
        return fixed(value, max(0, digits - 1 - magnitude))
    }

    /// An isotope with its mass number raised: `¹²C`.
    static func ion(_ isotope: Isotope) -> String { superscript(isotope.massNumber) + isotope.symbol }

    /// 10 to a whole power.
    static func powerOfTen(_ exponent: Int) -> Double { pow(10, Double(exponent)) }

    /// Six decimals with an ASCII minus sign, for attributes that a program reads.
    static func plain(_ value: Double) -> String { String(format: "%.6f", value) }

    private static func superscript(_ exponent: Int) -> String {
        let signs: [Character: Character] = [
            "-": "⁻", "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷",
            "8": "⁸",
            "9": "⁹",
        ]
        return String(String(exponent).compactMap { signs[$0] })
    }
}
