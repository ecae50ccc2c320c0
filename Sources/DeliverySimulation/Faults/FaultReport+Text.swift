/// The report as a table in Markdown.
extension FaultReport {
    /// A row for each scenario and one for the pairs. Overshoot and record error in ions, time in milliseconds.
    public var table: String {
        var lines = [
            "| no. | fault | runs | violations | unexpected | greatest overshoot of a visit, ions "
                + "| greatest extra local dose, Gy | most ions beside their spot | longest time to beam off, ms "
                + "| greatest record error, ions | the same, % | outcomes |",
            "|---|---|---|---|---|---|---|---|---|---|---|---|",
        ]
        for scenario in FaultScenario.allCases {
            guard let row = rows[scenario] else { continue }
            lines.append(Self.line("\(scenario.rawValue)", scenario.title, row))
        }
        if pairs.runs > 0 { lines.append(Self.line("", "two at once", pairs)) }
        return lines.joined(separator: "\n")
    }

    private static func line(_ number: String, _ title: String, _ row: Row) -> String {
        let outcomes = FaultResult.Outcome.allCases.compactMap { outcome in
            row.outcomes[outcome].map { "\(outcome.rawValue) \($0)" }
        }
        let cells = [
            number, title, "\(row.runs)", "\(row.violations)", "\(row.unexpected)",
            "\(Int(row.largestOvershoot.rounded()))", decimal(row.largestExtraDoseGy),
            "\(Int(row.mostMisplacedIons.rounded()))", decimal(row.longestBeamOffS * 1e3),
            "\(Int(row.largestRecordError.rounded()))", decimal(row.largestRelativeRecordError * 100),
            outcomes.joined(separator: ", "),
        ]
        return "| " + cells.joined(separator: " | ") + " |"
    }

    /// Two digits behind the point.
    private static func decimal(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
}
