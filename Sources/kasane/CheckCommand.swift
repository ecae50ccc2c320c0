import ArgumentParser
import CaseFiles
import Foundation
import PlanEvaluation
import PlanModel
import TreatmentPlanning

/// `kasane check`: the independent dose check of a plan from any system.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check the dose of a plan from any system: recompute it and compare.",
        discussion: """
            Takes CT, RT Structure Set, RT Ion Plan and RT Dose from folders of DICOM files, makes sure that they belong
            together and to the machine, recomputes the dose of the plan by Monte Carlo (or pencil beam), and compares: gamma,
            dose-volume figures, range along each field. The folder of results holds a report, all figures as YAML and CSV, the
            recomputed dose as MetaImage and RT Dose, and gamma as MetaImage.

            The plan leads: its structure set is the one it refers to, the CT the one that was drawn on, the doses those that refer to the
            plan. PHYSICAL doses are compared with absorbed dose, EFFECTIVE ones with RBE-weighted dose.

            EXAMPLES
              kasane check /data/patient --machine yamagata --to build/check
              kasane check build/example/head build/demo/dicom --machine yamagata --to build/check --pdf
              kasane check /data/patient --machine my-centre.yaml --calibration scanner.csv --to build/check \\
                --gamma-dose 2 --gamma-distance 2 --pass 95 --range-limit 2
              kasane check /data/patient --machine yamagata --engine pencil-beam --port 1=gantry \\
                --range-shifter 'RS 3cm=RS30' --particles-per-mu monitor.csv --to build/check

            Leaves with 0 if the check is passed, with 4 if it is not, with 65 if the objects do not belong together or cannot be
            used. See docs/guide/dose-check.md.
            """)

    @Argument(help: "Folders of DICOM files (with the folders below them) and single files.")
    var paths: [String]

    @Option(help: "Machine to compute with: a name (kasane facility list) or a machine file.")
    var machine: String

    @Option(name: .customLong("to"), help: "Folder for the results; an older check there is replaced.")
    var output: String

    @OptionGroup(title: "Objects") var objects: CheckObjectOptions
    @OptionGroup(title: "Recomputed dose") var dose: CheckDoseOptions
    @OptionGroup(title: "Comparison") var comparison: CheckComparisonOptions

    @Flag(help: "Write the report as PDF too (needs chromium).")
    var pdf = false

    @Flag(help: "Write every picture as an SVG file too.")
    var pictures = false

    @OptionGroup var compute: ComputeOptions

    mutating func validate() throws {
        guard !paths.isEmpty else { throw ValidationError("give a folder with the DICOM files") }
    }

    func run() async throws {
        let command = self
        try await reportingErrors { try await command.perform() }
    }

    private func perform() async throws {
        let progress = StageProgress()
        let data = try DataStore.find(option: compute.data)
        try DoseCheckFolder.results.checkPlace(output)
        var request = DoseCheckRequest(
            choice: objects.choice(paths: paths), machine: machine, threads: compute.threads)
        try objects.apply(to: &request)
        try dose.apply(to: &request)
        comparison.apply(to: &request)
        progress.show(.init(.reading, .began))
        let setup = try DoseCheckSetup(request, data: data)
        progress.show(
            .init(.reading, .ended("\(setup.plan.spotCount) spots, \(setup.doses.count) doses")))
        FindingList.print(setup.findings.filter { $0.severity != .information })
        let result = try await DoseCheck(setup: setup).run { progress.show($0) }
        progress.show(.init(.report, .began))
        try DoseCheckFiles.write(
            setup: setup, result: result, options: .init(pdf: pdf, pictures: pictures),
            timings: progress.timings, created: Timestamp.now, date: Timestamp.printed, to: output)
        progress.show(.init(.report, .ended(output)))
        FindingList.print(result.findings.filter { $0.severity != .information })
        print(CheckText(setup: setup, result: result).text)
        print("\(URL(fileURLWithPath: output).appendingPathComponent("report.html").path)")
        if !result.isPassed { throw Outcome.checkFailed }
    }
}
