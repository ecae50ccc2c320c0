import PatientModel
import PlanEvaluation
import PlanModel
import Quantities

/// Goals, key figures of the target and findings: what a reader wants first.
struct SummarySection {
    let report: TreatmentReport

    init(_ report: TreatmentReport) { self.report = report }

    var markup: String {
        """
        <section>
        <h2>Summary</h2>
        <div class="tiles">
        \(tiles.map { "<div class=\"tile\"><b>\(Markup.escaped($0.value))</b><span>\(Markup.escaped($0.name))</span></div>" }
            .joined(separator: "\n"))
        </div>
        \(report.goals.isEmpty ? "<p>The plan has no clinical goals.</p>" : goalTable.markup)
        \(report.findings.isEmpty ? "<p>The plan check has no findings.</p>" : findingTable.markup)
        </section>
        """
    }

    private var tiles: [ReportFact] {
        var list: [ReportFact] = []
        if !report.goals.isEmpty {
            let met = report.goals.count(where: \.isMet)
            list.append(ReportFact("clinical goals met", "\(met) of \(report.goals.count)"))
        }
        let prescription = report.plan.prescription
        if let target = report.evaluations.first(where: { $0.structureName == prescription.targetName }) {
            let dose = prescription.totalDose.value
            list += [
                ReportFact(
                    "\(target.structureName) D95, of the prescription", NumberText.percent(target.d95 / dose)),
                ReportFact(
                    "\(target.structureName) D2, of the prescription", NumberText.percent(target.d2 / dose)),
            ]
            if let index = target.homogeneityIndex {
                list.append(ReportFact("homogeneity (D2 − D98)/D50", NumberText.fixed(index, 3)))
            }
            if let index = target.conformityIndex {
                list.append(
                    ReportFact("conformity of the 95 % isodose (Paddick)", NumberText.fixed(index, 2)))
            }
        }
        return list
    }

    private var goalTable: HTMLTable {
        HTMLTable(
            caption: "Clinical goals",
            columns: [
                .init(title: "Structure"), .init(title: "Figure"), .init(title: "Goal", alignment: .number),
                .init(title: "Plan", alignment: .number), .init(title: "Result"),
            ],
            rows: report.goals.map { outcome in
                [
                    .structure(outcome.goal.structureName, colour(of: outcome.goal.structureName)),
                    .init(GoalText.metric(outcome.goal)), .init(GoalText.limit(outcome.goal)),
                    .init(outcome.value.map { GoalText.value($0, outcome.goal) } ?? NumberText.missing),
                    outcome.isMet ? .init("✓ met", cssClass: "met") : .init("✗ not met", cssClass: "missed"),
                ]
            })
    }

    /// Findings shown of each code; a plan can have the same one for thousands of spots.
    private static let findingsPerCode = 5

    private var findingTable: HTMLTable {
        var rows: [[HTMLTable.Cell]] = []
        var codes: [String] = []
        for finding in report.findings where !codes.contains(finding.code) { codes.append(finding.code) }
        let groups = codes.map { code in report.findings.filter { $0.code == code } }
        for group in groups.sorted(by: {
            ($0.first?.severity ?? .information) > ($1.first?.severity ?? .information)
        }) {
            rows += group.prefix(Self.findingsPerCode).map(row)
            let rest = group.count - Self.findingsPerCode
            guard rest > 0, let code = group.first?.code else { continue }
            rows.append([
                .init(""), .init(code, cssClass: "code name"),
                .init("and \(NumberText.grouped(rest)) more of this kind", cssClass: "quiet"), .init(""),
            ])
        }
        return HTMLTable(
            caption: "Findings of the plan check",
            columns: [
                .init(title: "Severity"), .init(title: "Code"), .init(title: "Finding"),
                .init(title: "Where"),
            ],
            rows: rows)
    }

    private func row(_ finding: Finding) -> [HTMLTable.Cell] {
        let severity: HTMLTable.Cell =
            switch finding.severity {
            case .failure: .init("✗ failure", cssClass: "missed")
            case .warning: .init("! warning", cssClass: "warning")
            case .information: .init("information", cssClass: "quiet")
            }
        return [
            severity, .init(finding.code, cssClass: "code name"), .init(finding.message, cssClass: "long"),
            .init(finding.path, cssClass: "code quiet long"),
        ]
    }

    private func colour(of name: String) -> Colour? {
        report.structures.structure(named: name).map { Colour($0.colour) }
    }
}
