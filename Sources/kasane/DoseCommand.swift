import ArgumentParser
import CaseFiles
import Foundation
import PlanModel
import TreatmentPlanning

/// `kasane dose`: the dose of a finished plan, computed anew.
struct DoseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dose",
        abstract: "Compute the dose of a plan again, on its CT or as another system's plan.",
        discussion: """
            Takes the plan of a case folder, or an RT Ion Plan file with --plan, and writes a new case folder with
            the dose of that plan. Prescription, goals, machine and models are those of the case.

            EXAMPLES
              kasane dose build/head --to build/head-again
              kasane dose build/head --plan build/head-dicom/RN.dcm --to build/head-imported
            """)

    @Argument(help: "Case folder made by kasane plan.")
    var caseFolder: String

    @Option(name: .customLong("plan"), help: "RT Ion Plan (DICOM) to compute in place of the case's plan.")
    var planFile: String?

    @Option(name: .customLong("to"), help: "Case folder to write; an older one is replaced.")
    var output: String

    @OptionGroup var compute: ComputeOptions

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
        planCase.fieldDoses = try await opened.planner.dose(of: planCase.plan) { progress.show($0) }
        planCase.timings = progress.timings.map { PlanCase.Timing(step: $0.step, seconds: $0.seconds) }
        let evaluation = opened.planner.evaluation(of: planCase)
        try planCase.write(to: output, evaluation: evaluation, created: Timestamp.now)
        print(EvaluationText.dvhTable(evaluation).text)
        print("")
        print(EvaluationText.goals(evaluation))
    }
}
