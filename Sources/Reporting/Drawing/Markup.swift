/// Text and numbers as they may stand in HTML, XML and SVG.
///
/// The page is written as well-formed XML (polyglot HTML), so any XML parser can check it.
///
/// ## Checked by
/// `MarkupTests`, `HTMLReportTests`.
public enum Markup {
    /// Free text made safe: the five characters with a meaning become references, and control characters
    /// that XML forbids become U+FFFD.
    public static func escaped(_ text: String) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\t", "\n", "\r": result.unicodeScalars.append(scalar)
            case "\u{0}"..."\u{1F}", "\u{7F}", "\u{FFFE}", "\u{FFFF}":
                result.unicodeScalars.append("\u{FFFD}")
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// A drawing coordinate rounded to 1/100 without trailing zeros; `0` if it is not finite.
    package static func coordinate(_ value: Double) -> String {
        guard value.isFinite, abs(value) < 1e7 else { return "0" }
        let hundredths = Int((value * 100).rounded())
        let sign = hundredths < 0 ? "-" : ""
        let (whole, rest) = hundredths.magnitude.quotientAndRemainder(dividingBy: 100)
        switch rest {
        case 0: return "\(sign)\(whole)"
        case _ where rest % 10 == 0: return "\(sign)\(whole).\(rest / 10)"
        default: return rest < 10 ? "\(sign)\(whole).0\(rest)" : "\(sign)\(whole).\(rest)"
        }
    }

    /// ` name="value"` for each pair, with the values escaped.
    static func attributes(_ pairs: [(String, String)]) -> String {
        pairs.reduce(into: "") { $0 += " \($1.0)=\"\(escaped($1.1))\"" }
    }
}
