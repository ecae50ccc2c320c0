import FacilityModel
import PlanEvaluation
import PlanModel
import Quantities

/// Tables of a comparison: a row for each figure, a column for each facility.
struct ComparisonTables {
    let report: ComparisonReport

    private func columns(_ first: String) -> [HTMLTable.Column] {
        [.init(title: first)]
            + report.planned.map {
                .init(
                    title: $0.name, unit: $0.result.plan.fields.first?.passive == nil ? "" : "passive",
                    alignment: .number)
            }
    }

    private func row(_ name: String, _ value: (ComparisonReport.Result) -> String) -> [HTMLTable.Cell] {
        [.init(name)] + report.planned.map { .init(value($0.result)) }
    }

    /// What each facility does and gets.
    var facilities: HTMLTable {
        func layers(_ plan: Plan) -> Int {
            plan.fields.reduce(0) { $0 + ($1.passive?.slices.count ?? $1.layers.count) }
        }
        func energies(_ plan: Plan) -> String {
            let all = plan.fields.flatMap { field in
                field.layers.map(\.energy.value) + (field.passive.map { [$0.energy.value] } ?? [])
            }
            guard let low = all.min(), let high = all.max() else { return NumberText.missing }
            return low == high
                ? NumberText.fixed(low, 0) : "\(NumberText.fixed(low, 0))–\(NumberText.fixed(high, 0))"
        }
        func target(_ result: ComparisonReport.Result, _ value: (StructureEvaluation) -> String) -> String {
            result.target.map(value) ?? NumberText.missing
        }
        let name = report.prescription.targetName
        var rows = [
            row("Ports") { result in
                result.plan.fields.map(\.portID).reduce(into: [String]()) {
                    if !$0.contains($1) { $0.append($1) }
                }.joined(separator: ", ")
            },
            row("Gantry and couch angles, °") { result in
                result.plan.fields.map {
                    "\(NumberText.short($0.gantryAngle.value))/\(NumberText.short($0.patientSupportAngle.value))"
                }.joined(separator: ", ")
            },
            row("Energies, MeV/u") { energies($0.plan) }, row("Layers or slices") { "\(layers($0.plan))" },
            row("Spots") {
                $0.plan.spotCount == 0 ? NumberText.missing : NumberText.grouped($0.plan.spotCount)
            },
            row("Ions of a fraction") {
                NumberText.particles($0.plan.fields.reduce(0) { $0 + $1.particles })
            },
            row("Fills of the ring") { $0.beam.map { "\($0.fills)" } ?? "not modelled" },
            row("Beam time of a fraction, s") {
                $0.beam.map { NumberText.fixed($0.totalS, 1) } ?? "not modelled"
            },
        ]
        var parts: [String] = []
        for part in report.planned.flatMap({ $0.result.beam?.parts ?? [] }) where !parts.contains(part.name) {
            parts.append(part.name)
        }
        rows += parts.map { part in
            row("– \(part), s") { result in
                guard let beam = result.beam else { return NumberText.missing }
                return NumberText.fixed(
                    beam.parts.reduce(0) { $0 + ($1.name == part ? $1.seconds : 0) }, 2)
            }
        }
        rows += [
            row("Goals met") { "\($0.goals.count { $0.isMet }) of \($0.goals.count)" },
            row("\(name) D95, Gy (RBE)") { target($0) { NumberText.fixed($0.d95, 2) } },
            row("\(name) D2, Gy (RBE)") { target($0) { NumberText.fixed($0.d2, 2) } },
            row("\(name) V95 %, %") { target($0) { NumberText.fixed(100 * $0.v95, 2) } },
            row("Conformity (Paddick, 95 %)") {
                target($0) { $0.conformityIndex.map { NumberText.fixed($0, 3) } ?? NumberText.missing }
            },
            row("\(name) LETd, mean, keV/µm") {
                target($0) { $0.meanLETd.map { NumberText.fixed($0, 1) } ?? NumberText.missing }
            },
        ]
        return HTMLTable(caption: "The plans", columns: columns("Figure"), rows: rows, cssClass: "dense")
    }

    /// Values of the first plan, then differences to it.
    var differences: HTMLTable {
        let planned = report.planned
        func cells(_ values: [Double?], decimals: Int) -> [HTMLTable.Cell] {
            values.enumerated().map { index, value in
                guard let value, let first = values[0] else { return .init(NumberText.missing) }
                return .init(
                    index == 0
                        ? NumberText.fixed(value, decimals) : NumberText.signed(value - first, decimals))
            }
        }
        let name = report.prescription.targetName
        var rows: [[HTMLTable.Cell]] = []
        for (title, value) in [
            ("\(name) D98, Gy (RBE)", \StructureEvaluation.d98), ("\(name) D95, Gy (RBE)", \.d95),
            ("\(name) D50, Gy (RBE)", \.d50), ("\(name) D2, Gy (RBE)", \.d2),
        ] {
            rows.append(
                [.init(title)] + cells(planned.map { $0.result.target?[keyPath: value] }, decimals: 2))
        }
        for (index, goal) in (planned.first?.result.goals ?? []).enumerated() {
            let scale = goal.goal.metric.displayFactor
            let unit = goal.goal.unit
            rows.append(
                [
                    .init(
                        "\(goal.goal.structureName) \(GoalText.metric(goal.goal))\(unit.isEmpty ? "" : ", \(unit)")"
                    )
                ]
                    + cells(
                        planned.map { entry in entry.result.goals[index].value.map { $0 * scale } },
                        decimals: 2))
        }
        let organs = planned.first?.result.structures.filter { $0.structureName != name } ?? []
        for organ in organs where !report.appearance.hiddenStructures.contains(organ.structureName) {
            rows.append(
                [.init("\(organ.structureName) Dmean, Gy (RBE)")]
                    + cells(
                        planned.map { entry in
                            entry.result.structures.first { $0.structureName == organ.structureName }?
                                .meanDose
                        }, decimals: 2))
        }
        return HTMLTable(
            caption: "Figures of \(planned.first?.name ?? ""), and differences of the others to it",
            columns: columns("Figure"), rows: rows, cssClass: "dense")
    }

    /// Worst values under errors, and in which scenario; nil where no plan was tried.
    var robustness: HTMLTable? {
        let planned = report.planned
        guard let first = planned.compactMap(\.result.robustness).first else { return nil }
        let name = report.prescription.targetName
        func cells(_ value: (RobustnessEvaluation) -> (text: String, isMissed: Bool)) -> [HTMLTable.Cell] {
            planned.map { entry in
                guard let robustness = entry.result.robustness else { return .init(NumberText.missing) }
                let (text, isMissed) = value(robustness)
                return .init(text, cssClass: isMissed ? "missed" : "")
            }
        }
        var rows: [[HTMLTable.Cell]] = [
            [.init("\(name) D95 as planned, Gy (RBE)")]
                + cells { (NumberText.fixed($0.nominal.targetD95, 2), false) },
            [.init("\(name) D95, worst, Gy (RBE)")]
                + cells { (NumberText.fixed($0.worstTargetD95.targetD95, 2), false) },
            [.init("– in")] + cells { ($0.worstTargetD95.scenario.name, false) },
            [.init("\(name) D2, worst, Gy (RBE)")]
                + cells { (NumberText.fixed($0.worstTargetD2.targetD2, 2), false) },
            [.init("– in")] + cells { ($0.worstTargetD2.scenario.name, false) },
            [.init("Goals met in every scenario")]
                + cells { ("\($0.goalsAlwaysMet) of \($0.nominal.goals.count)", false) },
        ]
        for (index, goal) in first.nominal.goals.enumerated() {
            rows.append(
                [
                    .init(
                        "\(goal.goal.structureName) \(GoalText.metric(goal.goal)) \(GoalText.limit(goal.goal)), worst"
                    )
                ]
                    + cells { robustness in
                        let worst = robustness.worst(goal: index).result
                        return (
                            (worst.isMet ? "" : "✗ ")
                                + (worst.value.map { GoalText.value($0, goal.goal) } ?? NumberText.missing),
                            !worst.isMet
                        )
                    })
        }
        return HTMLTable(
            caption: "Worst values of \(first.outcomes.count) scenarios and the plan as made",
            columns: columns("Figure"), rows: rows, cssClass: "dense")
    }

    /// Figures of a machine that a plan depends on and nobody has published.
    static func assumptions(_ machine: MachineDescription) -> HTMLTable {
        let parts = ["synchrotron", "energies", "nozzles", "passive-nozzles", "ports"]
        let figures = machine.assumptions.filter { figure in parts.contains { figure.path.hasPrefix($0) } }
        return HTMLTable(
            columns: [.init(title: "Figure"), .init(title: "Value"), .init(title: "Why")],
            rows: figures.map {
                [
                    .init($0.path, cssClass: "long"), .init(FigureText.value($0), cssClass: "long"),
                    .init($0.note ?? $0.source, cssClass: "quiet long"),
                ]
            }, cssClass: "dense")
    }
}
