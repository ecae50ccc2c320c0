import AcceleratorModel
import ArgumentParser
import CaseFiles
import FacilityModel
import Foundation
import PatientModel
import PlanEvaluation
import PlanModel
import Reporting
import TreatmentPlanning

/// `kasane compare`: the same treatment on several facilities.
struct CompareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract:
            "Make the same treatment on several facilities and put dose, robustness, layers, ions and time side by side.",
        discussion: """
            The plan file is planned anew on each machine: each field goes to a port that can give its direction, with
            the couch turned by 180 degrees where a horizontal port must shine from the other side. A machine that cannot
            give a field is listed with the reason. Scanning ports are taken unless a machine has none or its name is
            followed by :passive; passive ports need the section ‘passive’ of the plan file. Every plan is a case folder
            of its own below --to, with its report beside it.

            Each plan is then computed again under errors of set-up and range; --set-up-error 0 --range-error 0 leaves
            that out. The time of a fraction is that of fills, spills, energy steps, moves between spots and verification of
            layers, without gating; setting up the patient is not in it.

            EXAMPLES
              kasane compare --facilities himac,irock,yamagata,yonsei Examples/head/plan.yaml --to build/compare
              kasane compare --facilities himac,himac:passive plan.yaml --to build/compare --pdf
              kasane compare --facilities yamagata,yonsei plan.yaml --to build/compare --set-up-error 2,2,3 --range-error 2
            """)

    @Argument(help: "The plan file.")
    var planFile: String

    @Option(
        help: ArgumentHelp(
            "Machines by name, separated by commas; NAME:passive or NAME:scanning chooses the kind of ports.",
            valueName: "a,b,c"))
    var facilities: String

    @Option(
        name: .customLong("to"),
        help: ArgumentHelp("Folder for the cases, the page, the table and the pictures.", valueName: "folder")
    )
    var output: String

    @Option(
        name: .customLong("dicom"),
        help: ArgumentHelp("Folder of the images, in place of that of the plan file.", valueName: "folder"))
    var dicomFolder: String?

    @Option(
        help: ArgumentHelp(
            "Size of the set-up errors, mm: one number, or left-right, front-back and head-feet.",
            valueName: "mm"))
    var setUpError = NumberList([3])

    @Option(help: ArgumentHelp("Size of the range errors, % of the stopping power.", valueName: "%"))
    var rangeError = 3.5

    @Flag(help: "Print the page as PDF as well (needs the browser that prints reports).")
    var pdf = false

    @OptionGroup var compute: ComputeOptions

    mutating func validate() throws {
        _ = try ComparedMachine.list(facilities)
        guard [1, 3].contains(setUpError.values.count),
            setUpError.values.allSatisfy({ (0...50).contains($0) })
        else {
            throw ValidationError(
                "--set-up-error wants one number or three, each 0 to 50 mm, for example 3 or 2,2,3")
        }
        guard (0...20).contains(rangeError) else {
            throw ValidationError("--range-error \(rangeError) (must be 0 to 20 %)")
        }
    }

    private var scenarios: [ErrorScenario] {
        let sizes = setUpError.values
        return ErrorScenario.each(
            setUpErrorMM: sizes.count == 1
                ? SIMD3(repeating: sizes[0]) : SIMD3(sizes[0], sizes[1], sizes[2]),
            rangeError: rangeError / 100)
    }

    func run() async throws {
        let command = self
        try await reportingErrors { try await command.perform() }
    }

    private func perform() async throws {
        let chosen = try ComparedMachine.list(facilities)
        let data = try DataStore.find(option: compute.data)
        let text = try TextFile.read(planFile)
        let request = try PlanFile.read(text: text, file: planFile)
        // Everything that can be refused is, before the first plan is made.
        var runs: [ComparisonRun] = []
        for machine in chosen {
            let path = URL(fileURLWithPath: try data.machinePath(machine.name)).standardizedFileURL.path
            let run = ComparisonRun(
                machine: machine, description: try MachineFile.read(path: path, store: data), path: path,
                planFile: planFile, planText: text, dicomFolder: dicomFolder, data: data, output: output,
                threads: compute.threads, scenarios: scenarios)
            try CaseFolder.results.checkPlace(run.caseFolder)
            runs.append(run)
        }
        try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
        var entries: [ComparisonReport.Entry] = []
        var last: Planner?
        for run in runs {
            do {
                let made = try await run.perform(request: request)
                last = made.planner
                entries.append(made.entry)
            } catch let error as InvalidFile {
                entries.append(
                    .init(
                        name: run.machine.label, machine: run.description, result: nil, reason: "\(error)"))
            }
        }
        let comparison = FacilityComparison(target: request.prescription.targetName, entries: entries)
        print(comparison.table.text(.table))
        for entry in entries { if let reason = entry.reason { print("\(entry.name): \(reason)") } }
        for entry in entries { if let notice = entry.machine.notice { print("\(entry.name): \(notice)") } }
        try Data(comparison.table.text(.csv).utf8).write(
            to: URL(fileURLWithPath: "\(output)/comparison.csv"), options: .atomic)
        if let table = comparison.robustness {
            print("\n" + table.text(.table))
            try Data(table.text(.csv).utf8).write(
                to: URL(fileURLWithPath: "\(output)/robustness.csv"), options: .atomic)
        }
        if let last { try writePage(request: request, entries: entries, planner: last) }
        print("table: \(output)/comparison.csv")
    }

    private func writePage(
        request: PlanRequest, entries: [ComparisonReport.Entry], planner: Planner
    ) throws {
        var appearance = ReportAppearance()
        if !request.report.isodoses.isEmpty { appearance.isodoses = request.report.isodoses }
        let listed = request.report.structures
        if !listed.isEmpty {
            appearance.hiddenStructures = Set(planner.input.patient.structures.structures.map(\.name))
                .subtracting(listed)
        }
        let report = ComparisonReport(
            title: [request.report.title, request.label].compactMap { $0 }.filter { !$0.isEmpty }.joined(
                separator: ", "), entries: entries, prescription: request.prescription,
            ct: planner.input.patient.ct, structures: planner.input.patient.structures,
            program: PlanCase.programName, date: Timestamp.printed, appearance: appearance)
        let pictures = try ComparisonPictures(report)
        let page = URL(fileURLWithPath: "\(output)/comparison.html")
        try Data(ComparisonPage.render(report, pictures: pictures).utf8).write(to: page, options: .atomic)
        let folder = URL(fileURLWithPath: "\(output)/pictures")
        try PictureFiles.writeSVG(pictures.all, to: folder)
        print("page: \(page.relativePath)")
        if pdf {
            let file = URL(fileURLWithPath: "\(output)/comparison.pdf")
            try PDFPrinter.print(html: page, to: file)
            print("PDF: \(file.relativePath)")
        }
        print("pictures: \(folder.relativePath)")
    }
}
