/// Columns of text for a terminal: the first column to the left, numbers to the right.
struct TextTable {
    var header: [String]
    var rows: [[String]] = []
    /// Columns that are set flush left; all others flush right.
    var leftColumns: Set<Int> = [0]

    /// The table, one line a row, two blanks between the columns, no blanks at line ends.
    var text: String {
        let all = [header] + rows
        let widths = header.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                let blanks = String(repeating: " ", count: widths[column] - cell.count)
                line +=
                    (column > 0 ? "  " : "") + (leftColumns.contains(column) ? cell + blanks : blanks + cell)
            }
            while line.last == " " { line.removeLast() }
            return line
        }.joined(separator: "\n")
    }
}
