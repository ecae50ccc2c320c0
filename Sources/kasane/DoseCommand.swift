import ArgumentParser
import CaseFiles
import Foundation
import PlanModel
import Reporting
import TreatmentPlanning

/// `kasane dose`: the dose of a finished plan, computed anew.
struct DoseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dose",
        abstract: "Compute the dose of a plan again, on its CT or as another system's plan.",
        discussion: """
            Takes the plan of a case folder, or an RT Ion Plan file with --plan, and writes a new case folder with
            the dose of that plan. Prescription, goals, machine and models are those of the case. The engine is
            the pencil beam of planning, or Monte Carlo transport through the patient as an independent check.

            EXAMPLES
              kasane dose build/head --to build/head-again
              kasane dose build/head --plan build/head-dicom/RN.dcm --to build/head-imported
              kasane dose build/head --engine monte-carlo --histories 500000 --to build/head-mc
            """)

    @Argument(help: "Case folder made by kasane plan.")
    var caseFolder: String

    @Option(name: .customLong("plan"), help: "RT Ion Plan (DICOM) to compute in place of the case's plan.")
    var planFile: String?

    @Option(name: .customLong("to"), help: "Case folder to write; an older one is replaced.")
    var output: String

    @Option(help: "pencil-beam or monte-carlo.")
    var engine = Engine.pencilBeam

    @Option(help: "Primary ions of a Monte Carlo run, all fields together; 500000 if not given.")
    var histories: Int?

    @Option(help: "Seed of a Monte Carlo run, in place of the case's.")
    var seed: UInt64?

    @OptionGroup var compute: ComputeOptions

    enum Engine: String, ExpressibleByArgument, CaseIterable {
        case pencilBeam = "pencil-beam"
        case monteCarlo = "monte-carlo"
    }

    mutating func validate() throws {
        if engine == .pencilBeam && (histories != nil || seed != nil) {
            throw ValidationError(
                "--histories and --seed are for Monte Carlo (the pencil beam has neither); add --engine monte-carlo"
            )
        }
        guard let histories else { return }
        guard (1000...1_000_000_000).contains(histories) else {
            throw ValidationError("--histories \(histories) (must be 1000 to 1000000000)")
        }
    }

    func run() async throws {
        let command = self
        try await reportingErrors { try await command.perform() }
    }

    private func perform() async throws {
        let progress = StageProgress()
        try CaseFolder.checkPlace(output)
        progress.show(.init(.reading, .began))
        let opened = try OpenedCase(folder: caseFolder, data: compute.data, threads: compute.threads)
        var planCase = opened.planCase
        if let planFile { planCase.plan = try opened.importedPlan(file: planFile) }
        progress.show(.init(.reading, .ended("\(planCase.plan.spotCount) spots")))
        planCase.facts.removeAll { $0.name == Planner.doseEngineFact }
        switch engine {
        case .pencilBeam:
            planCase.fieldDoses = try await opened.planner.dose(of: planCase.plan) { progress.show($0) }
        case .monteCarlo:
            let result = try await opened.planner.monteCarloDose(
                of: planCase.plan, histories: histories ?? 500_000, seed: seed ?? planCase.seed
            ) { progress.show($0) }
            planCase.fieldDoses = result.fieldDoses
            planCase.facts += result.facts
        }
        planCase.timings = progress.timings.map { PlanCase.Timing(step: $0.step, seconds: $0.seconds) }
        let evaluation = opened.planner.evaluation(of: planCase)
        try planCase.write(to: output, evaluation: evaluation, created: Timestamp.now)
        print(EvaluationText.dvhTable(evaluation).text)
        print("")
        print(EvaluationText.goals(evaluation))
    }
}
