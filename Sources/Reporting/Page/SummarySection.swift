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
        \(HTMLDocument.tiles(tiles))
        \(report.goals.isEmpty ? "<p>The plan has no clinical goals.</p>" : goalTable.markup)
        \(report.findings.isEmpty
            ? "<p>The plan check has no findings.</p>"
            : FindingTable(report.findings, caption: "Findings of the plan check").table.markup)
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

    private func colour(of name: String) -> Colour? {
        report.structures.structure(named: name).map { Colour($0.colour) }
    }
}
