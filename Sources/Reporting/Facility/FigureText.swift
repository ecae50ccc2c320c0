import FacilityModel
import Foundation

/// A figure of a machine file as people write it.
///
/// ## Checked by
/// `FacilityPageTests`.
public enum FigureText {
    /// With its unit: `1 × 10¹⁰ ions`, `−180, 180°`.
    ///
    /// - Parameter figure: The figure.
    public static func value(_ figure: AnnotatedFigure) -> String {
        let numbers = figure.value.components(separatedBy: ", ").map { part in
            guard let number = Double(part) else { return part }
            if abs(number) >= 1e6 {
                let tidy = NumberText.scientific(number, 2)
                return tidy.replacing(".00 ×", with: " ×").replacing("0 ×", with: " ×")
            }
            return part.replacing("-", with: "\u{2212}")
        }
        let unit = figure.unit == "deg" ? "°" : figure.unit.isEmpty ? "" : " " + figure.unit
        return numbers.joined(separator: ", ") + unit
    }
}
