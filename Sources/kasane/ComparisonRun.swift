import AcceleratorModel
import CaseFiles
import FacilityModel
import Foundation
import PlanEvaluation
import PlanModel
import Reporting
import TreatmentPlanning

/// The plan of one facility of a comparison: transfer, planning, errors, time, report.
struct ComparisonRun {
    let machine: ComparedMachine
    let description: MachineDescription
    /// Path of the machine file.
    let path: String
    let planFile: String
    let planText: String
    let dicomFolder: String?
    let data: DataStore
    /// Folder of the whole comparison.
    let output: String
    let threads: Int
    let scenarios: [ErrorScenario]

    var caseFolder: String { "\(output)/\(machine.folder)" }

    /// - Throws: `InvalidFile` where the machine cannot give the treatment; what planning throws.
    func perform(request: PlanRequest) async throws -> (entry: ComparisonReport.Entry, planner: Planner) {
        let fields = try PlanTransfer.fields(
            request.fields, to: description.machine, delivery: machine.delivery)
        let text = try PlanTransfer.text(planText, machine: path, fields: fields)
        complain("\(machine.label):")
        let progress = StageProgress()
        let setup = try PlanningSetup(
            planFile: planFile, planText: text, dicomFolder: dicomFolder, data: data)
        let planner = try Planner(setup.planningInput(threads: threads))
        let result = try await planner.plan { progress.show($0) }
        let planCase = PlanCase(
            setup: setup, planFile: planFile, result: result,
            timings: progress.timings.map { PlanCase.Timing(step: $0.step, seconds: $0.seconds) })
        let opened = OpenedCase(planCase: planCase, setup: setup, planner: planner)
        try planCase.write(to: caseFolder, evaluation: opened.evaluation, created: Timestamp.now)
        var robustness: RobustnessEvaluation?
        if !scenarios.isEmpty, let dose = planCase.fractionDose {
            robustness = try await planner.robustness(
                of: result.plan, fractionDose: dose, scenarios: scenarios
            ) { progress.show($0) }
        }
        let page = "\(machine.folder).html"
        try Data(HTMLReport.render(opened.report(date: Timestamp.printed)).utf8).write(
            to: URL(fileURLWithPath: "\(output)/\(page)"), options: .atomic)
        let entry = ComparisonReport.Entry(
            name: machine.label, machine: description,
            result: .init(
                plan: result.plan, dose: opened.evaluation.dose, structures: opened.evaluation.structures,
                goals: opened.evaluation.goals, robustness: robustness, beam: try beamTime(result.plan),
                reportFile: page))
        return (entry, planner)
    }

    /// Time of the fields on the ring's clock: scanned ones on an extended flat top, passive ones in the machine's fixed pattern at the
    /// ring's greatest intensity, without gating.
    private func beamTime(_ plan: Plan) throws -> ComparisonReport.BeamTime? {
        let synchrotron = description.synchrotron
        let fields = try CycleFields.read(caseFolder, description: description, meanDwellS: 154e-6)
        var moves = 0.0
        let cycles = try fields.map { field in
            guard let delivery = field.passive else {
                return try MachineCycle(
                    layers: field.layers, figures: CycleFigures(description, mode: .extendedFlatTop))
            }
            let time = try PassiveFieldTime(
                energy: delivery.energy, sliceIons: delivery.slices.map(\.particles),
                rules: .init(rateIonsPerS: synchrotron.extractionRateIonsPerS.upperBound),
                figures: CycleFigures(description, mode: .fixedPeriod(periodS: synchrotron.cyclePeriodS)))
            moves += time.waitsS
            return time.cycle
        }
        var parts = MachineCycle.Phase.allCases.compactMap { phase in
            let seconds = cycles.flatMap(\.timeByPhase).reduce(0) {
                $1.phase == phase ? $0 + $1.durationS : $0
            }
            return seconds > 0 ? ComparisonReport.BeamTime.Part(name: phase.rawValue, seconds: seconds) : nil
        }
        if moves > 0 { parts.append(.init(name: "range shifter and leaves", seconds: moves)) }
        return .init(fills: cycles.reduce(0) { $0 + $1.fills.count }, parts: parts)
    }
}
