import Foundation
import PlanEvaluation
import PlanModel
import Reporting
import TreatmentPlanning

/// One treatment on several facilities, side by side.
struct FacilityComparison {
    let target: String
    let entries: [ComparisonReport.Entry]

    /// A row for each facility; a machine that cannot give the plan has dashes.
    var table: NumberTable {
        var table = NumberTable(
            title: "\(target) and beam of one fraction on each facility",
            columns: [
                .init(name: "machine", unit: ""), .init(name: "D95", unit: "Gy(RBE)"),
                .init(name: "D2", unit: "Gy(RBE)"),
                .init(name: "V95", unit: "%"), .init(name: "CI", unit: ""),
                .init(name: "LETd", unit: "keV/um"),
                .init(name: "goalsMet", unit: ""), .init(name: "layers", unit: ""),
                .init(name: "spots", unit: ""),
                .init(name: "ions", unit: ""), .init(name: "fills", unit: ""),
                .init(name: "beamTime", unit: "s"),
                .init(name: "ports", unit: ""),
            ])
        for entry in entries {
            guard let result = entry.result,
                let figures = result.structures.first(where: { $0.structureName == target })
            else {
                table.rows.append(
                    [.text(entry.name)] + Array(repeating: NumberTable.Cell.none, count: 11)
                        + [.text("cannot give this plan")])
                continue
            }
            let layers = result.plan.fields.flatMap(\.layers)
            let slices = result.plan.fields.reduce(0) { $0 + ($1.passive?.slices.count ?? 0) }
            let ports = result.plan.fields.map(\.portID).reduce(into: [String]()) {
                if !$0.contains($1) { $0.append($1) }
            }
            func optional(_ value: Double?, _ digits: Int) -> NumberTable.Cell {
                value.map { .number($0, digits: digits) } ?? .none
            }
            table.rows.append([
                .text(entry.name), .number(figures.d95, digits: 4), .number(figures.d2, digits: 4),
                .number(100 * figures.v95, digits: 4), optional(figures.conformityIndex, 3),
                optional(figures.meanLETd, 3),
                .text("\(result.goals.filter(\.isMet).count) of \(result.goals.count)"),
                .number(Double(layers.count + slices), digits: 6),
                .number(Double(layers.reduce(0) { $0 + $1.spots.count }), digits: 7),
                .number(result.plan.fields.reduce(0) { $0 + $1.particles }, digits: 3),
                optional(result.beam.map { Double($0.fills) }, 5),
                optional(result.beam?.totalS, 4), .text(ports.joined(separator: " ")),
            ])
        }
        return table
    }

    /// Worst figures under errors: a row for the target and each goal, a column for each facility; nil where no plan was tried.
    var robustness: NumberTable? {
        let tried = entries.compactMap { entry in
            entry.result?.robustness.map { (name: entry.name, robustness: $0) }
        }
        guard let first = tried.first?.robustness else { return nil }
        var table = NumberTable(
            title: "Worst of \(first.outcomes.count) scenarios and the plan as made",
            columns: [.init(name: "figure", unit: "")]
                + tried.flatMap { entry in
                    [.init(name: entry.name, unit: ""), .init(name: "\(entry.name) worst", unit: "")]
                })
        table.rows.append(
            [.text("\(target) D95, Gy(RBE)")]
                + tried.flatMap { entry in
                    [
                        NumberTable.Cell.number(entry.robustness.nominal.targetD95, digits: 4),
                        .number(entry.robustness.worstTargetD95.targetD95, digits: 4),
                    ]
                })
        for (index, goal) in first.nominal.goals.enumerated() {
            func cell(_ result: GoalResult) -> NumberTable.Cell {
                result.value.map { .number($0 * goal.goal.metric.displayFactor, digits: 4) } ?? .none
            }
            table.rows.append(
                [.text("\(goal.goal.structureName) \(goal.goal.description)")]
                    + tried.flatMap { entry in
                        [
                            cell(entry.robustness.nominal.goals[index]),
                            cell(entry.robustness.worst(goal: index).result),
                        ]
                    })
        }
        return table
    }
}
