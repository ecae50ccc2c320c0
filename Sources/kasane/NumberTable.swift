import ArgumentParser
import Foundation

/// How numbers are printed.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    /// Columns for people.
    case table
    /// Comma-separated values with one header line.
    case csv
    /// An object with the columns' units and an array of rows.
    case json
}

/// Rows of numbers and words under named columns with units, printable in every `OutputFormat`.
struct NumberTable {
    /// A name in lowerCamelCase and a unit; the unit of a pure number or a word is empty.
    struct Column {
        var name: String
        var unit: String
    }

    enum Cell {
        case text(String)
        case number(Double, digits: Int)
        case none
    }

    /// What the table is, one line.
    var title: String
    var columns: [Column]
    var rows: [[Cell]] = []

    init(title: String, columns: [Column], rows: [[Cell]] = []) {
        self.title = title
        self.columns = columns
        self.rows = rows
    }

    /// A table of no rows with the units of its columns by their names.
    init(_ title: String, _ columns: KeyValuePairs<String, String>) {
        self.init(title: title, columns: columns.map { Column(name: $0.key, unit: $0.value) })
    }

    /// The whole table as text, with a line end.
    func text(_ format: OutputFormat) -> String {
        switch format {
        case .table: "\(title)\n\n\(asTextTable)\n"
        case .csv: asCSV
        case .json: asJSON
        }
    }

    private var asTextTable: String {
        var table = TextTable(header: columns.map(\.name))
        table.rows.append(columns.map(\.unit))
        table.leftColumns = Set(
            columns.indices.filter { column in
                rows.contains { if case .text = $0[column] { true } else { false } }
            })
        for row in rows {
            table.rows.append(
                row.map { cell in
                    switch cell {
                    case .text(let text): text
                    case .number(let value, let digits): Self.rounded(value, digits)
                    case .none: "-"
                    }
                })
        }
        return table.text
    }

    private var asCSV: String {
        let header = columns.map { $0.unit.isEmpty ? $0.name : "\($0.name) [\($0.unit)]" }
        let lines = rows.map { row in
            row.map { cell in
                switch cell {
                case .text(let text): Self.quoted(text)
                case .number(let value, _): Self.full(value)
                case .none: ""
                }
            }.joined(separator: ",")
        }
        return ([header.map(Self.quoted).joined(separator: ",")] + lines).joined(separator: "\n") + "\n"
    }

    private var asJSON: String {
        let units = columns.map { "    \(Self.json($0.name)): \(Self.json($0.unit))" }
        let objects = rows.map { row in
            let members = zip(columns, row).map { column, cell in
                switch cell {
                case .text(let text): "\(Self.json(column.name)): \(Self.json(text))"
                case .number(let value, _):
                    "\(Self.json(column.name)): \(value.isFinite ? Self.full(value) : "null")"
                case .none: "\(Self.json(column.name)): null"
                }
            }
            return "    {" + members.joined(separator: ", ") + "}"
        }
        return """
            {
              "title": \(Self.json(title)),
              "units": {
            \(units.joined(separator: ",\n"))
              },
              "rows": [
            \(objects.joined(separator: ",\n"))
              ]
            }

            """
    }

    /// Six significant digits at most, fewer as asked.
    private static func rounded(_ value: Double, _ digits: Int) -> String {
        String(format: "%.\(digits)g", value)
    }

    private static func full(_ value: Double) -> String { String(format: "%.9g", value) }

    private static func quoted(_ text: String) -> String {
        text.contains { ",\"\n".contains($0) }
            ? "\"" + text.replacingOccurrences(of: "\"", with: "\"\"") + "\"" : text
    }

    private static func json(_ text: String) -> String {
        var result = "\""
        for character in text.unicodeScalars {
            switch character {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case _ where character.value < 0x20: result += String(format: "\\u%04x", character.value)
            default: result.unicodeScalars.append(character)
            }
        }
        return result + "\""
    }
}
