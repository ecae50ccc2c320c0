import ArgumentParser
import CaseFiles
import Foundation
import PlanModel
import Reporting
import TreatmentPlanning

/// `kasane plan`: from a plan file to an optimised plan in a case folder.
struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Make an optimised plan from a plan file and write it to a case folder.",
        discussion: """
            Reads the plan file, the machine and the DICOM images it names, places the spots, optimises them and
            computes the final dose. At a passive port it fits range shifter, ridge filter, bolus and collimator to the
            target instead (section ‘passive’ of the plan file). The case folder appears only when everything is complete.

            EXAMPLES
              kasane plan Examples/head/plan.yaml --to build/head
              kasane plan passive.yaml --to build/passive
              kasane plan plan.yaml --dicom /data/patient-7 --to cases/7 --threads 2
            """)

    @Argument(help: "Plan file (YAML); see docs/formats/plan.md.")
    var planFile: String

    @Option(name: .customLong("to"), help: "Case folder to write; an older one is replaced.")
    var output: String

    @Option(name: .customLong("dicom"), help: "Folder of DICOM files, in place of the one in the plan file.")
    var dicomFolder: String?

    @Option(help: "Seed, in place of the one in the plan file; part of the provenance.")
    var seed: UInt64?

    @OptionGroup var compute: ComputeOptions

    func run() async throws {
        let command = self
        try await reportingErrors { try await command.perform() }
    }

    private func perform() async throws {
        let progress = StageProgress()
        let data = try DataStore.find(option: compute.data)
        progress.show(.init(.reading, .began))
        var setup = try PlanningSetup(planFile: planFile, dicomFolder: dicomFolder, data: data)
        if let seed { setup.request.seed = seed }
        try CaseFolder.results.checkPlace(output)
        let input = try setup.planningInput(threads: compute.threads)
        progress.show(.init(.reading, .ended("\(input.patient.ctFiles.count) CT files")))
        progress.show(.init(.tissues, .began))
        let planner = try Planner(input)
        progress.show(.init(.tissues, .ended("\(planner.masks.byName.count) structures")))
        let result = try await planner.plan { progress.show($0) }
        var planCase = PlanCase(
            setup: setup, planFile: planFile, result: result,
            timings: progress.timings.map { PlanCase.Timing(step: $0.step, seconds: $0.seconds) })
        planCase.facts += try PassiveFieldFigures.facts(
            result.passive, plan: result.plan, description: setup.machine)
        let evaluation = planner.evaluation(of: planCase)
        try planCase.write(to: output, evaluation: evaluation, created: Timestamp.now)
        print(EvaluationText.dvhTable(evaluation).text)
        print("")
        print(EvaluationText.goals(evaluation))
        if !result.passive.isEmpty {
            print("")
            for fact in planCase.facts { print("\(fact.name): \(fact.value)") }
        }
        FindingList.print(planCase.findings)
    }
}
