import Foundation

/// Numbers as the DICOM value representation DS: at most 16 characters.
public enum DecimalString {
    /// The closest text of at most 16 characters; nil if `value` is not finite, or so close to the largest
    /// number (1.7976931348e308) that its text would no longer be.
    ///
    /// The shortest text that reads back as the same number is taken if it fits; else as many digits as fit, which
    /// is at least ten: the relative error stays below 1e-9.
    ///
    /// ## Source
    /// DICOM PS3.5 table 6.2-1, DS.
    /// ## Checked by
    /// `DecimalStringTests`.
    public static func text(_ value: Double) -> String? {
        guard value.isFinite, abs(value) <= 1.797_693_134_8e308 else { return nil }
        if value == 0 { return "0" }
        var shortest = "\(value)"
        if shortest.hasSuffix(".0") { shortest.removeLast(2) }
        if shortest.count <= 16 { return shortest }
        for digits in stride(from: 16, through: 10, by: -1) {
            let text = compact(String(format: "%.\(digits)g", value))
            if text.count <= 16 { return text }
        }
        // Large exponents: without the decimal point one digit more fits, `1234567890e-309`.
        for digits in stride(from: 15, through: 9, by: -1) {
            let text = withoutPoint(String(format: "%.\(digits - 1)e", value))
            if text.count <= 16 { return text }
        }
        return nil
    }

    /// `-1.25e-300` as `-125e-302`.
    private static func withoutPoint(_ scientific: String) -> String {
        let parts = scientific.split(separator: "e")
        guard parts.count == 2, let exponent = Int(parts[1]) else { return scientific }
        let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        let fraction = mantissa.count == 2 ? mantissa[1].count : 0
        return mantissa.joined() + "e\(exponent - fraction)"
    }

    /// Cuts zeros that carry nothing: at the end of the fraction and at the front of the exponent.
    private static func compact(_ text: String) -> String {
        let parts = text.split(separator: "e", maxSplits: 1).map(String.init)
        guard var mantissa = parts.first else { return text }
        if mantissa.contains(".") {
            while mantissa.hasSuffix("0") { mantissa.removeLast() }
            if mantissa.hasSuffix(".") { mantissa.removeLast() }
        }
        guard parts.count == 2, let exponent = Int(parts[1]) else { return mantissa }
        return "\(mantissa)e\(exponent)"
    }
}
