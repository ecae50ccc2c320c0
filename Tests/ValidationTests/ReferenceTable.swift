import Foundation

/// A table of `Data/Reference`: comment lines (#) that name its origin, one line of column names, then rows.
struct ReferenceTable {
    struct Row {
        fileprivate let path: String
        fileprivate let line: Int
        fileprivate let cells: [String: String]

        /// The cell of a column as it stands.
        func text(_ column: String) throws -> String {
            guard let cell = cells[column] else {
                throw ReferenceTableError(path: path, line: line, problem: "has no column '\(column)'")
            }
            return cell
        }

        /// The number of a column.
        func number(_ column: String) throws -> Double {
            let cell = try text(column)
            guard let value = Double(cell), value.isFinite else {
                throw ReferenceTableError(
                    path: path, line: line, problem: "'\(cell)' in column '\(column)' is not a number")
            }
            return value
        }

        /// The number of a column, nil where the cell is empty.
        func numberIfAny(_ column: String) throws -> Double? {
            try text(column).isEmpty ? nil : number(column)
        }
    }

    let columns: [String]
    let rows: [Row]

    /// - Parameter path: Below `Data/Reference`.
    /// - Throws: `ReferenceTableError` for a row with a wrong number of cells, or a file without rows.
    init(_ path: String) throws {
        let project = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(
            contentsOf: project.appending(path: "Data/Reference/\(path)"), encoding: .utf8)
        var (columns, rows): ([String], [Row]) = ([], [])
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
        where !line.isEmpty && !line.hasPrefix("#") {
            let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            if columns.isEmpty {
                columns = cells
                continue
            }
            guard cells.count == columns.count else {
                throw ReferenceTableError(
                    path: path, line: number + 1,
                    problem: "has \(cells.count) cells for \(columns.count) columns")
            }
            rows.append(
                Row(
                    path: path, line: number + 1,
                    cells: Dictionary(uniqueKeysWithValues: zip(columns, cells))))
        }
        guard !rows.isEmpty else { throw ReferenceTableError(path: path, line: 0, problem: "has no rows") }
        (self.columns, self.rows) = (columns, rows)
    }

}

extension ReferenceTable {
    /// Name of a model of Geant4 by its column.
    static func modelTitle(_ model: String) -> String {
        ["incl": "INCL", "bic": "BIC", "lqmd": "LightIonQMD"][model] ?? model
    }
}

/// Why a reference table cannot be used.
struct ReferenceTableError: Error, CustomStringConvertible {
    let path: String
    let line: Int
    let problem: String

    var description: String { "Data/Reference/\(path), line \(line) \(problem); correct the file" }
}
