import ArgumentParser
import CaseFiles
import Foundation
import IonTransport
import PhantomTransport
import TreatmentPlanning

/// `kasane transport`: Monte Carlo transport of any ion through a phantom or CT.
struct TransportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "transport",
        abstract:
            "Shoot any ion into a phantom or CT by Monte Carlo; depth dose, profiles, spectra, yields, LET.",
        subcommands: [RunTransport.self, TransportExample.self])
}

/// `kasane transport run`.
struct RunTransport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Transport the beam of a transport file through its phantom and write all scores.",
        discussion: """
            The file says ion, energies and shape of the beam, the phantom (solids of named or own materials, or a
            CT), what to score and how long to run; docs/formats/transport.md describes it. The result is a folder of
            CSV and MetaImage files with a summary. The same file, seed and version give the same bits on any number
            of threads.

            EXAMPLES
              kasane transport run Examples/transport/water-tank.yaml --to build/water
              kasane transport run Examples/transport/bone-and-lung.yaml --histories 2000 --to build/quick
              kasane transport example > my.yaml
            """)

    @Argument(help: "Transport file (YAML).")
    var file: String

    @Option(name: .customLong("to"), help: "Folder to write; an older result is replaced.")
    var output: String

    @Option(help: "Primary ions, in place of the file's.")
    var histories: Int?

    @Option(help: "Seed, in place of the file's.")
    var seed: UInt64?

    @OptionGroup var compute: ComputeOptions

    mutating func validate() throws {
        guard let histories else { return }
        guard (1...RunSettings.greatestHistories).contains(histories) else {
            throw ValidationError("--histories \(histories) (must be 1 to \(RunSettings.greatestHistories))")
        }
    }

    func run() async throws {
        let command = self
        try await reportingErrors { try await command.perform() }
    }

    private func perform() async throws {
        let text = try TextFile.read(file)
        var request = try TransportFile.read(path: file)
        try TransportFolder.results.checkPlace(output)
        if let histories { request.settings.histories = histories }
        if let seed { request.settings.seed = seed }
        let progress = TerminalProgress()
        progress.begin("phantom and tables")
        let (phantom, sources) = try TransportPhantom.reading(
            request.phantom, data: compute.data, threads: compute.threads)
        let transport: PhantomTransport
        do {
            transport = try PhantomTransport(
                beam: request.beam, phantom: phantom, scores: request.scores, settings: request.settings)
        } catch {
            throw InvalidFile(file: file, "\(error)")
        }
        progress.end("\(request.beam.ion), \(phantom.materials.count) materials")
        progress.begin("transport")
        let started = ContinuousClock.now
        func elapsed() -> Double {
            let time = (ContinuousClock.now - started).components
            return Double(time.seconds) + Double(time.attoseconds) * 1e-18
        }
        let outcome: PhantomTransport.Outcome
        do {
            outcome = try await transport.run(threads: compute.threads, elapsedS: elapsed) {
                progress.update(
                    fraction: Self.share($0, settings: request.settings, seconds: elapsed()),
                    detail: Self.words($0, seconds: elapsed()))
            }
        } catch PhantomTransportError.transport(.cancelled) {
            throw CancellationError()
        }
        let seconds = elapsed()
        progress.end(
            "\(outcome.result.histories) ions, \(Int(Double(outcome.result.histories) / seconds)) per second")
        let provenance = Provenance(
            programVersion: PlanCase.programName, created: Timestamp.now, seed: request.settings.seed,
            sources: sources)
        let folder = TransportFolder(
            outcome, of: transport,
            circumstances: .init(
                label: request.label, requestText: text, provenance: provenance, threads: compute.threads,
                seconds: seconds))
        try folder.write(to: output)
        print(Self.report(outcome.result.energy))
        for name in folder.files.keys.sorted() { print("\(output)/\(name)") }
    }

    /// How far the run is by the rule that will end it first, as far as that is known.
    private static func share(
        _ progress: PhantomTransport.Progress, settings: RunSettings, seconds: Double
    ) -> Double {
        var share = Double(progress.done) / Double(progress.histories)
        if let limit = settings.timeS { share = max(share, seconds / limit) }
        if let goal = settings.uncertainty, let reached = progress.uncertainty, reached > 0 {
            share = max(share, (goal.below / reached) * (goal.below / reached))
        }
        return min(share, 1)
    }

    private static func words(_ progress: PhantomTransport.Progress, seconds: Double) -> String {
        let rate = Int(Double(progress.done) / max(seconds, 1e-9))
        let uncertainty = progress.uncertainty.map { String(format: ", error %.2f %%", 100 * $0) } ?? ""
        return "\(progress.done) ions, \(rate) per second\(uncertainty)"
    }

    /// The energy balance, for people.
    static func report(_ energy: TransportScoreResult.EnergyBalance) -> String {
        var table = TextTable(header: ["energy per primary", "MeV", "%"])
        for (name, value) in [
            ("in", energy.inMeV), ("deposited", energy.depositedMeV), ("escaped as ions", energy.escapedMeV),
            ("neutrons", energy.neutronsMeV), ("binding", energy.bindingMeV), ("missing", energy.missingMeV),
        ] {
            table.rows.append([
                name, String(format: "%.6g", value),
                String(format: "%.4f", 100 * value / max(energy.inMeV, 1e-300)),
            ])
        }
        table.leftColumns = [0]
        return table.text
    }
}

/// `kasane transport example`.
struct TransportExample: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "example", abstract: "Print a transport file to start from: carbon ions in a water tank."
    )

    func run() async throws { print(TransportFile.example, terminator: "") }
}
