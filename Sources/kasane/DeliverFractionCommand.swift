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

/// Order of the spots of a layer.
enum SpotOrder: String, ExpressibleByArgument, CaseIterable {
    case planned, optimised
}

/// `kasane deliver CASE`: a fraction on the simulated machine.
struct DeliverFractionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fraction",
        abstract: "Deliver a fraction of a plan on the simulated machine.",
        discussion: """
            The control logic decides when beam may be on; ring, scanning magnets, monitors and breathing gate of the plan's machine are
            simulated with noise and ripple on a virtual clock, faster than real time. The folder gets an append-only log for every session
            of every field (written before the beam moves on), the counters that the hardware keeps, a DICOM treatment record for each
            session, the delivered dose (as a case that kasane evaluate and others read), and a report.

            Rescanning: --paintings paints each layer several times, --volume-paintings the whole volume, --phase-controlled lets the paintings
            of a layer fill one opening of the gate, from its beginning on. With --motion the dose is computed in the phases of breathing.

            A run that was stopped, by a person, an interlock or kill -9, goes on with --resume where the beam stopped: no spot is given twice.

            EXAMPLES
              kasane deliver build/head --to build/head-fraction-1
              kasane deliver build/head --to build/fraction --paintings 4 --breathing 3.5 --gate 0.3
              kasane deliver build/head --to build/fraction --breathing trace.csv --gate 0.3
              kasane deliver build/head --to build/fraction --paintings 8 --breathing 3.5 --gate 0.3 --phase-controlled --motion 0,0,10
              kasane deliver build/head --to build/fraction --breathing 3.5 --gate-target 3 --motion dvf.mha=1 --imaging-error 0.5
              kasane deliver build/head --to build/fraction --order optimised --faults 5,25@2
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

    @Option(help: "Paintings of the whole volume, each with all paintings of the layers.")
    var volumePaintings = 1

    @Option(
        help: ArgumentHelp(
            "Order of the spots of a layer: as planned, or optimised for the scanning magnets.",
            valueName: "planned|optimised"))
    var order = SpotOrder.planned

    @Option(help: "Neighbouring spots within this distance are joined with beam on, mm; 0 for spot scanning.")
    var rasterStep = 6.0

    @Option(
        help:
            "Mean time on a spot that the rate of a layer is chosen for, µs (154 if no other rule is given).")
    var dwell: Double?

    @Option(help: ArgumentHelp("One extraction rate for all layers.", valueName: "ions/s"))
    var rate: Double?

    @Flag(
        help:
            "Phase-controlled rescanning: the rate of a layer is such that its paintings fill an opening of the gate."
    )
    var phaseControlled = false

    @Option(
        help: ArgumentHelp(
            "Shape of the spill, as kasane lattice spill --output writes it (CSV: time, rate, requested rate), in place of assumed noise.",
            valueName: "file"))
    var spill: String?

    @OptionGroup(title: "Breathing") var patient: BreathingOptions

    @Option(
        help: ArgumentHelp(
            "Faults of the catalogue (kasane deliver faults --help) that strike once, each in the first field or in FIELD.",
            valueName: "number[@field],…"))
    var faults: String?

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
            ("--raster-step", rasterStep, 0...100.0), ("--dwell", dwell ?? 154, 1...1e6),
            ("--rate", rate ?? 1e8, 1e5...1e12), ("--volume-paintings", Double(volumePaintings), 1...100),
            ("--stop-after", stopAfter ?? 1, 1e-3...1e5),
        ] where !range.contains(value) {
            throw ValidationError("\(name) \(value) (must be \(range.lowerBound) to \(range.upperBound))")
        }
        guard [dwell != nil, rate != nil, phaseControlled].count(where: \.self) <= 1 else {
            throw ValidationError(
                "--dwell, --rate and --phase-controlled (a layer has one rate); give one of them")
        }
        guard !phaseControlled || patient.isGated else {
            throw ValidationError(
                "--phase-controlled (there is no gate to fill); add --gate or --gate-target")
        }
        _ = try FaultOption.read(faults, isGated: patient.isGated)
    }

    private func request(_ planner: Planner) throws -> FractionRequest {
        var request = FractionRequest()
        request.fraction = fraction
        request.seed = seed
        request.paintings = paintings
        request.volumePaintings = volumePaintings
        request.isOrderOptimised = order == .optimised
        request.rasterStepMM = rasterStep
        request.rate =
            phaseControlled ? .phaseControlled : rate.map { .fixed($0) } ?? .meanDwell((dwell ?? 154) * 1e-6)
        request.spill = try spill.map(SpillOption.read)
        request.breathing = try patient.breathing(planner, seed: seed)
        request.faults = try FaultOption.read(faults, isGated: patient.isGated)
        return request
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
        let terminal = TerminalProgress()
        terminal.begin("reading")
        let opened = try OpenedCase(folder: caseFolder, data: compute.data, threads: compute.threads)
        terminal.end()
        let request = try request(opened.planner)
        let planUID = try planFile.map { try IonPlanReader.read(file: $0).instanceUID } ?? ""
        let session = try FractionFiles(
            opened: opened, caseFolder: caseFolder, request: request, folder: output, planUID: planUID)
        let display = DeliveryDisplay()
        let delivered = try session.deliver(interruptAfterS: stopAfter) { display.show($0) }
        display.end()
        print(DeliveryText.fields(delivered).text(.table))
        var dose: FractionFiles.DoseResult?
        if !noDose {
            let stages = StageProgress()
            dose = try await session.dose { stages.show($0) }
            if let dose { print(DeliveryText.dose(dose, plan: opened.planCase.plan)) }
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
