import ArgumentParser
import CaseFiles
import DICOMRadiotherapy
import DeliveryControl
import DeliverySimulation
import FacilityModel
import Foundation
import PatientModel
import PlanEvaluation
import PlanModel
import Reporting
import TreatmentDelivery
import TreatmentPlanning
import Volumes

/// `kasane deliver CASE`: a fraction on the simulated machine.
struct DeliverFractionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fraction",
        abstract: "Deliver a fraction of a plan on the simulated machine.",
        discussion: """
            The control logic decides when beam may be on; ring, scanning magnets, monitors and breathing gate of the plan's machine are
            simulated with noise and ripple on a virtual clock, faster than real time. The folder gets an append-only log for every session
            of every field (written before the beam moves on), the counters that the hardware keeps, a DICOM treatment record for each
            session, the delivered dose, and a report.

            A run that was stopped, by a person, an interlock or kill -9, goes on with --resume where the beam stopped: no spot is given twice.

            EXAMPLES
              kasane deliver build/head --to build/head-fraction-1
              kasane deliver build/head --to build/fraction --paintings 4 --breathing 3.5 --gate 0.3
              kasane deliver build/head --to build/fraction --breathing trace.csv --gate 0.3
              kasane deliver build/head --to build/fraction --stop-after 5
              kasane deliver build/head --to build/fraction --resume
            """)

    @Argument(help: "Case folder made by kasane plan.")
    var caseFolder: String

    @Option(name: .customLong("to"), help: "Folder of the fraction.")
    var output: String

    @Option(help: "Fraction, from 1.")
    var fraction = 1

    @Flag(help: "Go on with a fraction that was begun.")
    var resume = false

    @Option(help: "Seed of the simulated machine.")
    var seed: UInt64 = 1

    @Option(help: "Paintings of each layer, in place of the plan's.")
    var paintings: Int?

    @Option(help: "Neighbouring spots within this distance are joined with beam on, mm; 0 for spot scanning.")
    var rasterStep = 6.0

    @Option(help: "Mean time on a spot that is aimed at, µs.")
    var dwell = 154.0

    @Option(
        help: ArgumentHelp(
            "Breathing: a period in s, or a recorded trace (CSV: time in s, amplitude from 0 at rest to 1).",
            valueName: "period or file"))
    var breathing: String?

    @Option(help: "Relative change of period and height from breath to breath.")
    var irregularity = 0.0

    @Option(help: ArgumentHelp("Beam only while breathing is below this amplitude.", valueName: "amplitude"))
    var gate: Double?

    @Option(help: "Latency of the gating signal, ms.")
    var gateLatency = 20.0

    @Option(
        help: ArgumentHelp(
            "End each field after so much virtual time, as if the power failed.", valueName: "s"))
    var stopAfter: Double?

    @Option(help: ArgumentHelp("The exported RT Ion Plan that the records refer to.", valueName: "RN.dcm"))
    var planFile: String?

    @Flag(help: "Leave out the delivered dose.")
    var noDose = false

    @Flag(help: "Write the report as PDF too (needs chromium).")
    var pdf = false

    @OptionGroup var compute: ComputeOptions

    mutating func validate() throws {
        if let paintings, !(1...1000).contains(paintings) {
            throw ValidationError("--paintings \(paintings) (must be 1 to 1000)")
        }
        for (name, value, range) in [
            ("--raster-step", rasterStep, 0...100.0), ("--dwell", dwell, 1...1e6),
            ("--gate-latency", gateLatency, 0...2000),
            ("--irregularity", irregularity, 0...0.5), ("--stop-after", stopAfter ?? 1, 1e-3...1e5),
        ] where !range.contains(value) {
            throw ValidationError("\(name) \(value) (must be \(range.lowerBound) to \(range.upperBound))")
        }
        if let gate {
            guard gate > 0, gate <= 10 else {
                throw ValidationError("--gate \(gate) (must be above 0, at most 10)")
            }
            guard breathing != nil else {
                throw ValidationError("--gate \(gate) (there is nothing to gate by); add --breathing")
            }
        }
    }

    func run() async throws {
        let command = self
        try await reportingErrors { try await command.perform() }
    }

    private func perform() async throws {
        let began = FileManager.default.fileExists(atPath: "\(output)/fraction.json")
        guard began == resume else {
            throw InvalidFile(
                file: output,
                began
                    ? "a fraction was begun here (it would be given again); add --resume, or choose another folder"
                    : "no fraction was begun here; leave out --resume")
        }
        let trace = try BreathingOption.read(breathing, irregularity: irregularity, seed: seed)
        let request = FractionRequest(
            fraction: fraction, seed: seed, paintings: paintings, rasterStepMM: rasterStep,
            meanDwellS: dwell * 1e-6, breathing: trace, gateThreshold: gate, gateLatencyS: gateLatency * 1e-3)
        let terminal = TerminalProgress()
        terminal.begin("reading")
        let opened = try OpenedCase(folder: caseFolder, data: compute.data, threads: compute.threads)
        terminal.end()
        let planUID = try planFile.map { try IonPlanReader.read(file: $0).instanceUID } ?? ""
        let session = try FractionFiles(
            opened: opened, caseFolder: caseFolder, request: request, folder: output, planUID: planUID)
        let display = DeliveryDisplay()
        let delivered = try session.deliver(interruptAfterS: stopAfter) { display.show($0) }
        display.end()
        print(DeliveryText.fields(delivered).text(.table))
        var dose: FractionFiles.DeliveredDose?
        if !noDose {
            let stages = StageProgress()
            dose = try await session.dose { stages.show($0) }
            if let dose { print(DeliveryText.dose(dose)) }
        }
        let page = try session.writeResults(
            delivered, dose: dose, date: Timestamp.printed, created: Timestamp.now)
        print(page.path)
        if pdf {
            let target = page.deletingPathExtension().appendingPathExtension("pdf")
            try PDFPrinter.print(html: page, to: target)
            print(target.path)
        }
        if !session.isComplete {
            complain(
                "the fraction is not complete; kasane deliver \(caseFolder) --to \(output) --resume goes on")
            throw Outcome.checkFailed
        }
    }
}
