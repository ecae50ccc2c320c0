import Foundation
import PhantomTransport

extension ScoreTable {
    /// The table as comma-separated values: remarks behind `#`, one line of column names with units, then the rows.
    ///
    /// `provenance`: Lines behind the remarks.
    public func csv(provenance: [String]) -> String {
        var text = ""
        for line in remarks + provenance { text += "# \(line.replacing("\n", with: " "))\n" }
        text +=
            columns.map { $0.unit.isEmpty ? $0.name : "\($0.name) [\($0.unit)]" }.joined(separator: ",")
            + "\n"
        for row in rows {
            text += row.map(\.csv).joined(separator: ",") + "\n"
        }
        return text
    }
}

extension ScoreTable.Cell {
    /// Seven digits: more than any statistics; whole numbers without a point.
    fileprivate var csv: String {
        switch self {
        case .text(let text): text
        case .number(let value):
            value == value.rounded() && abs(value) < 1e9 ? String(Int(value)) : String(format: "%.7g", value)
        }
    }
}
