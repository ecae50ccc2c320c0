/// A row of a small table that people write by hand: CSV with `#` comments.
///
/// ## Checked by
/// `CalibrationFileTests`, `MonitorUnitFileTests`.
struct TableRow {
    /// From 1.
    let line: Int
    /// The line without its comment.
    let content: Substring
    /// What stands between the commas, without the spaces around it.
    let cells: [String]

    /// The rows of a text in its order; lines without content, or with commas only, are passed over.
    static func all(in text: String) -> [TableRow] {
        text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated().compactMap {
            index, raw in
            let content = raw.prefix { $0 != "#" }
            let cells = content.split(separator: ",", omittingEmptySubsequences: false).map {
                String($0).trimmingASCIISpaces
            }
            return cells.allSatisfy(\.isEmpty)
                ? nil : TableRow(line: index + 1, content: content, cells: cells)
        }
    }
}
