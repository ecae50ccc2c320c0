import AcceleratorModel
import ArgumentParser
import CaseFiles
import FacilityModel
import Foundation
import PlanModel
import Reporting
import TreatmentPlanning

/// `kasane compare`: the same treatment on several facilities.
struct CompareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract:
            "Make the same treatment on several facilities and put dose, layers, ions and time side by side.",
        discussion: """
            The plan file is planned anew on each machine: each field goes to a port that can give its direction, with
            the couch turned by 180 degrees where a horizontal port must shine from the other side. A machine that cannot
            give a field is listed with the reason. Every plan is a case folder of its own below --to.

            The time of a fraction is that of the ring's cycle (injection, ramp, spills, energy steps) and of the moves
            between spots; setting up the patient is not in it.

            EXAMPLES
              kasane compare --facilities himac,irock,yamagata,yonsei Examples/head/plan.yaml --to build/compare
            """)

    @Argument(help: "The plan file.")
    var planFile: String

    @Option(help: ArgumentHelp("Machines by name, separated by commas.", valueName: "a,b,c"))
    var facilities: String

    @Option(
        name: .customLong("to"),
        help: ArgumentHelp("Folder for the cases, the table and the picture.", valueName: "folder"))
    var output: String

    @Option(
        name: .customLong("dicom"),
        help: ArgumentHelp("Folder of the images, in place of that of the plan file.", valueName: "folder"))
    var dicomFolder: String?

    @OptionGroup var compute: ComputeOptions

    func run() async throws {
        let command = self
        try await reportingErrors { try await command.perform() }
    }

    private func perform() async throws {
        let names = facilities.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter {
            !$0.isEmpty
        }
        guard names.count >= 2, Set(names).count == names.count else {
            throw ValidationError(
                "--facilities wants two or more different machines, for example himac,yamagata")
        }
        let data = try DataStore.find(option: compute.data)
        let text = try TextFile.read(planFile)
        let request = try PlanFile.read(text: text, file: planFile)
        // Everything that can be refused is, before the first plan is made.
        var machines: [MachineDescription] = []
        for name in names {
            machines.append(try MachineFile.read(path: data.machinePath(name), store: data))
            try CaseFolder.results.checkPlace("\(output)/\(name)")
        }
        var entries: [FacilityComparison.Entry] = []
        for (name, machine) in zip(names, machines) {
            do {
                let fields = try PlanTransfer.fields(request.fields, to: machine.machine)
                let own = try PlanTransfer.text(text, machine: name, fields: fields)
                entries.append(try await plan(own, on: machine, name: name, data: data))
            } catch let error as InvalidFile {
                entries.append(.init(machine: name, facility: machine.machine.facility, reason: "\(error)"))
            }
        }
        let comparison = FacilityComparison(target: request.prescription.targetName, entries: entries)
        print(comparison.table.text(.table))
        for entry in entries { if let reason = entry.reason { print("\(entry.machine): \(reason)") } }
        for machine in machines {
            if let notice = machine.notice { print("\(machine.machine.name): \(notice)") }
        }
        try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
        try Data(comparison.table.text(.csv).utf8).write(to: URL(fileURLWithPath: "\(output)/comparison.csv"))
        if let picture = comparison.picture {
            let files = try PictureFiles.writeSVG([picture], to: URL(fileURLWithPath: output))
            for file in files { print("picture: \(file.path)") }
        }
        print("table: \(output)/comparison.csv")
    }

    private func plan(
        _ text: String, on description: MachineDescription, name: String, data: DataStore
    ) async throws -> FacilityComparison.Entry {
        let progress = StageProgress()
        complain("\(name):")
        let setup = try PlanningSetup(
            planFile: planFile, planText: text, dicomFolder: dicomFolder, data: data)
        let planner = try Planner(setup.planningInput(threads: compute.threads))
        let result = try await planner.plan { progress.show($0) }
        let planCase = PlanCase(
            setup: setup, planFile: planFile, result: result,
            timings: progress.timings.map { PlanCase.Timing(step: $0.step, seconds: $0.seconds) })
        let evaluation = planner.evaluation(of: planCase)
        let folder = "\(output)/\(name)"
        try planCase.write(to: folder, evaluation: evaluation, created: Timestamp.now)
        let figures = try CycleFigures(description, mode: .extendedFlatTop)
        let fields = try CycleFields.read(folder, description: description, meanDwellS: 154e-6)
        let cycles = try fields.map { try MachineCycle(layers: $0.layers, figures: figures) }
        return .init(
            machine: name, facility: description.machine.facility, plan: result.plan, evaluation: evaluation,
            beamS: cycles.reduce(0) { $0 + $1.durationS }, fills: cycles.reduce(0) { $0 + $1.fills.count })
    }
}
