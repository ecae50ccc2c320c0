import Foundation

/// How the report prints its figures.
enum ReportText {
    /// A share as percent.
    static func percent(_ share: Double) -> String { String(format: "%.1f %%", 100 * share) }
    /// A difference with its sign.
    static func signed(_ value: Double) -> String { String(format: "%+.2f", value) }
}
