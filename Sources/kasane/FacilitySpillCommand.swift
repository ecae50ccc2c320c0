import ArgumentParser
import BeamOptics
import CaseFiles
import FacilityModel
import Foundation
import Quantities
import Reporting
import SlowExtraction

/// `kasane facility spill`: one fill of a machine's ring taken down through energies, ion by ion.
struct FacilitySpillCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "spill",
        abstract: "Extract one fill of a machine's ring through several energies and show rate and losses.",
        discussion: """
            One fill on an extended flat top: at each energy a slow extraction by RF-knockout that the dose monitor ends, between
            them the step to the next energy with the knock-out off. Energies are those of --energies, or --layers of the
            machine's list (of --mode) from the highest down. A first fill is held by feedback alone; with --rehearsals its
            amplitudes are stored and drive the next one, as at HIMAC. The fill ends when it is used up or the flat top has
            lasted as long as it may, and the command says when and for which layer the next one is needed.

            EXAMPLES
              kasane facility spill yamagata
              kasane facility spill yamagata --energies 400,380,360 --rate 5e8,2e8,1e8 --layer-ions 1e7
              kasane facility spill himac --mode flat-tops-11 --layers 11 --layer-ions 2e7 --pictures build/fill
            """)

    @OptionGroup var selection: MachineSelection
    @OptionGroup var output: SimulationOutput

    @Option(help: ArgumentHelp("Energies from the highest down, MeV/u.", valueName: "MeV/u,..."))
    var energies: NumberList?

    @Option(help: "Number of energies of the machine's list, from the highest down.")
    var layers = 4

    @Option(help: "Which list of energies of the machine; its usual one if it is left out.")
    var mode: String?

    @Option(
        help: ArgumentHelp("Requested rate, one for all layers or one for each.", valueName: "ions/s,..."))
    var rate = NumberList([5e8])

    @Option(
        name: .customLong("layer-ions"),
        help: ArgumentHelp("Ions of a layer, one for all or one for each.", valueName: "ions,..."))
    var layerIons = NumberList([1e7])

    @Option(help: ArgumentHelp("Ions in the ring; the machine's fill if it is left out.", valueName: "ions"))
    var ions: Double?

    @Option(help: "Macroparticles that stand for them.")
    var macroparticles = 4000

    @Option(
        help: ArgumentHelp("RMS emittance at the first energy, horizontal, mm mrad.", valueName: "mm mrad"))
    var emittance = 1.5

    @Option(help: ArgumentHelp("RMS of the momentum deviation at the first energy.", valueName: "delta"))
    var momentumSpread = 5e-4

    @Option(help: ArgumentHelp("Share of the ions lost at each energy step by capture.", valueName: "share"))
    var captureLoss = 0.0

    @Option(help: "Fills before the one that is shown, from which its amplitudes are learned.")
    var rehearsals = 1

    @Option(help: "Seed of beam and capture.")
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("Threads to use; results do not depend on it.", valueName: "threads"))
    var threads = ProcessInfo.processInfo.activeProcessorCount

    mutating func validate() throws {
        for (values, name) in [(rate.values, "--rate"), (layerIons.values, "--layer-ions")]
        where values.contains(where: { !($0 > 0 && $0 <= 1e15) }) {
            throw ValidationError("\(name) must be above 0 and at most 1e15")
        }
        guard (80...1_000_000).contains(macroparticles), (1...1024).contains(threads), layers > 0,
            (0...9).contains(rehearsals)
        else {
            throw ValidationError(
                "--macroparticles must be 80 to 1000000, --threads 1 to 1024, --layers positive, --rehearsals 0 to 9"
            )
        }
    }

    func run() async throws {
        let command = self
        try await reportingErrors { try await command.perform() }
    }

    private func perform() async throws {
        let description = try selection.read()
        let synchrotron = description.synchrotron
        let store = try DataStore.find(option: selection.data)
        guard let ring = synchrotron.ring, let name = ring.lattice else {
            throw ValidationError(
                "the machine \(description.machine.name) names no lattice (only a lattice can be tracked); add synchrotron.lattice to its file"
            )
        }
        let lattice = try LatticeFile.read(path: store.path("lattices/\(name).yaml"), strengths: [:]).lattice
        let requests = try requests(description)
        let frequency = try ReducedRing(lattice).tune
        let settings = FillSettings(
            macroparticles: macroparticles, emittanceMRad: emittance * 1e-6, momentumSpread: momentumSpread,
            signal: KnockOutSignal(
                centre: frequency - frequency.rounded(.down), width: 0.01,
                modulation: .frequency(repetitionHz: 5000, isDual: true)), firstAmplitudeRad: 1.5e-6,
            energyStep: .init(durationS: synchrotron.energyChangeTimeS, captureLoss: captureLoss),
            longestFlatTopS: ring.longestFlatTopS)
        var patterns: [KnockOutPattern?] = []
        for number in 0...rehearsals {
            let isLast = number == rehearsals
            let title = isLast ? "fill" : "rehearsal \(number + 1)"
            let fill = try await run(
                FillSimulation(
                    lattice, settings: settings, ions: ions ?? synchrotron.ionsPerFill,
                    seed: seed &+ UInt64(rehearsals - number), patterns: patterns, threads: threads),
                requests: requests, title: title)
            patterns = fill.learnedPatterns
            if isLast { try show(fill, asked: requests.count, description: description) }
        }
    }

    private func requests(_ description: MachineDescription) throws -> [LayerRequest] {
        var list = description.machine.energies
        if let mode {
            guard let known = description.energyMode(mode) else {
                throw ValidationError(
                    "there is no mode ‘\(mode)’ (\(description.machine.name) has \(description.energyModes.map(\.name).joined(separator: ", ")))"
                )
            }
            list = known.energies
        }
        let chosen = energies?.values ?? list.prefix(layers).map(\.value)
        func value(_ values: [Double], _ index: Int, _ option: String) throws -> Double {
            guard values.count == 1 || values.count == chosen.count else {
                throw ValidationError(
                    "\(option) has \(values.count) values for \(chosen.count) layers; give one, or one for each"
                )
            }
            return values.count == 1 ? values[0] : values[index]
        }
        for (a, b) in zip(chosen, chosen.dropFirst()) where b > a {
            throw ValidationError(
                "--energies \(a) then \(b) (a flat top only goes down); give them from the highest down")
        }
        let rates = description.synchrotron.extractionRateIonsPerS
        return try chosen.indices.map { index in
            let rate = try value(rate.values, index, "--rate")
            if !rates.contains(rate) {
                complain(
                    "\(rate) ions/s is outside what \(description.machine.name) gives (\(rates.lowerBound) to \(rates.upperBound))"
                )
            }
            return LayerRequest(
                energy: EnergyPerNucleon(chosen[index]),
                ions: try value(layerIons.values, index, "--layer-ions"), rateIonsPerS: rate)
        }
    }

    private func run(
        _ fill: FillSimulation, requests: [LayerRequest], title: String
    ) async throws -> FillSimulation {
        var fill = fill
        let progress = TerminalProgress()
        progress.begin(title)
        var time = 0.0
        for (index, request) in requests.enumerated() {
            let layer = try await fill.next(request, from: time) {
                progress.update(
                    fraction: (Double(index) + $0) / Double(requests.count), detail: "layer \(index + 1)")
            }
            time = layer.endS
            if layer.newFill != nil { break }
        }
        progress.end()
        return fill
    }

    private func show(_ fill: FillSimulation, asked: Int, description: MachineDescription) throws {
        print("\(description.machine.name): one fill of \(String(format: "%.3g", fill.storedIons)) ions\n")
        print(FillText.layers(fill).text(.table))
        print(FillText.summary(fill, asked: asked))
        try output.write(FillText.bins(fill))
        guard output.pictures != nil else { return }
        var pictures = [FillPictures.rateAndEnergy(fill.layers, name: "fill")]
        let longest = fill.layers.max { $0.beamOffS < $1.beamOffS }
        if let longest, let spill = longest.spill {
            pictures.append(
                SpillPictures.spectrum(
                    spill, from: min(2e-3, 0.3 * longest.beamOffS), to: longest.beamOffS, upToHz: 2000,
                    name: "fill-spectrum"))
        }
        try output.write(pictures)
    }
}
