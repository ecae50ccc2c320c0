import Foundation
import PlanEvaluation
import PlanModel
import Reporting
import TreatmentPlanning

/// One treatment on several facilities, side by side.
struct FacilityComparison {
    /// One facility.
    struct Entry {
        var machine: String
        var facility: String
        var plan: Plan?
        var evaluation: TreatmentEvaluation?
        /// Time of all fields of a fraction on the ring's clock, s.
        var beamS = 0.0
        var fills = 0
        /// Why there is no plan.
        var reason: String?
    }

    let target: String
    let entries: [Entry]

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
            guard let plan = entry.plan, let evaluation = entry.evaluation,
                let figures = evaluation.structures.first(where: { $0.structureName == target })
            else {
                table.rows.append(
                    [.text(entry.machine)] + Array(repeating: NumberTable.Cell.none, count: 11)
                        + [.text("cannot give this plan")])
                continue
            }
            let layers = plan.fields.flatMap(\.layers)
            let ports = plan.fields.map(\.portID).reduce(into: [String]()) {
                if !$0.contains($1) { $0.append($1) }
            }
            func optional(_ value: Double?, _ digits: Int) -> NumberTable.Cell {
                value.map { .number($0, digits: digits) } ?? .none
            }
            table.rows.append([
                .text(entry.machine), .number(figures.d95, digits: 4), .number(figures.d2, digits: 4),
                .number(100 * figures.v95, digits: 4), optional(figures.conformityIndex, 3),
                optional(figures.meanLETd, 3),
                .text("\(evaluation.goals.filter(\.isMet).count) of \(evaluation.goals.count)"),
                .number(Double(layers.count), digits: 6),
                .number(Double(layers.reduce(0) { $0 + $1.spots.count }), digits: 7),
                .number(layers.reduce(0) { $0 + $1.particles }, digits: 3),
                .number(Double(entry.fills), digits: 5),
                .number(entry.beamS, digits: 4), .text(ports.joined(separator: " ")),
            ])
        }
        return table
    }

    /// Dose-volume curves of the target; nil if no facility has a plan.
    var picture: Picture? {
        let curves = entries.compactMap { entry -> (String, [SIMD2<Double>])? in
            entry.evaluation?.structures.first { $0.structureName == target }.map {
                (entry.machine, $0.curve)
            }
        }
        guard !curves.isEmpty else { return nil }
        return ComparisonPicture.doseVolume(curves, structure: target, name: "comparison")
    }
}
