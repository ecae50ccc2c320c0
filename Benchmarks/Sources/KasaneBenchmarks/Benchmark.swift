/// One thing that is timed: add a file with a `Benchmark` and name it in `main.swift`.
struct Benchmark: Sendable {
    /// Name on the command line and heading of its table.
    let name: String
    /// What is measured and how, one or two sentences above the table.
    let summary: String
    /// Runs it and returns its rows.
    let run: @Sendable (Machine) async throws -> [Row]

    /// One line of a benchmark's table.
    struct Row: Sendable {
        /// What was measured.
        let quantity: String
        /// The figure with its unit.
        let value: String
        /// Problem size, repetitions, what it is compared with.
        let remark: String

        init(_ quantity: String, _ value: String, _ remark: String = "") {
            self.quantity = quantity
            self.value = value
            self.remark = remark
        }
    }
}

/// A Markdown table of rows.
func markdownTable(header: [String], rows: [[String]]) -> String {
    func line(_ cells: [String]) -> String {
        "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
    }
    let rule = "|" + header.map { _ in "---|" }.joined()
    return ([line(header), rule] + rows.map(line)).joined(separator: "\n")
}
