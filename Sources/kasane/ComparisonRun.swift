import AcceleratorModel
import CaseFiles
import DeliverySimulation
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

    /// Time of the fields: scanned ones by the model of delivery time on an extended flat top, passive ones on the ring's clock in the
    /// machine's fixed pattern at its greatest intensity; without gating.
    private func beamTime(_ plan: Plan) throws -> ComparisonReport.BeamTime? {
        var parts: [ComparisonReport.BeamTime.Part] = []
        var fills = 0
        func add(_ name: String, _ seconds: Double) {
            guard seconds > 0 else { return }
            if let index = parts.firstIndex(where: { $0.name == name }) {
                parts[index].seconds += seconds
            } else {
                parts.append(.init(name: name, seconds: seconds))
            }
        }
        for field in plan.fields {
            guard let delivery = field.passive else {
                let time = try DeliveryTimeModel.time(of: field, on: description)
                fills += Int(time.fills)
                add("new fill", time.shares.fills)
                add("spill", time.shares.beam)
                add("scanning", time.shares.scanning)
                add("energy step", time.shares.energySteps)
                add("verification and log", time.shares.other)
                continue
            }
            let synchrotron = description.synchrotron
            let time = try PassiveFieldTime(
                energy: delivery.energy, sliceIons: delivery.slices.map(\.particles),
                rules: .init(rateIonsPerS: synchrotron.extractionRateIonsPerS.upperBound),
                figures: CycleFigures(description, mode: .fixedPeriod(periodS: synchrotron.cyclePeriodS)))
            for phase in time.cycle.timeByPhase { add(phase.phase.rawValue, phase.durationS) }
            add("range shifter and leaves", time.waitsS)
            fills += time.cycle.fills.count
        }
        return .init(fills: fills, parts: parts)
    }
}
