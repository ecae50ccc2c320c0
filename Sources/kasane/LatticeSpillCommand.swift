import ArgumentParser
import BeamOptics
import CaseFiles
import Foundation
import Reporting
import SlowExtraction

/// A line of ripple on the command line: `frequency:tune amplitude`.
struct RippleSetting: ExpressibleByArgument {
    let ripple: SpillRequest.Ripple

    init?(argument: String) {
        let parts = argument.split(separator: ":").compactMap { Double($0) }
        guard parts.count == 2, parts[0] > 0 else { return nil }
        ripple = .init(frequencyHz: parts[0], tuneAmplitude: parts[1])
    }
}

/// `kasane lattice spill`.
struct LatticeSpillCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "spill", abstract: "Extract a beam by RF-knockout with feedback and show the spill.",
        discussion: """
            The ring needs a sextupole, a septum, an exciter and a resonant tune. Ions are asked for at --rate during
            --duration; with --pause the beam is off for that time in the middle. With --rehearsals other beams go
            first; the amplitudes that they needed are stored and drive the spill, which then starts without a surge.

            EXAMPLES
              kasane lattice spill compact-ring --rate 5e8 --duration 0.2
              kasane lattice spill compact-ring --rate 5e8 --duration 0.025 --sweep 5000 --rehearsals 2
              kasane lattice spill himac-ring --rate 2e8 --duration 0.1 --pause 0.02 --ripple 600:2e-4 --pictures build/spill
            """)

    @OptionGroup var source: LatticeOptions

    @Option(help: ArgumentHelp("Ions per second to extract.", valueName: "ions/s"))
    var rate = 5e8

    @Option(help: ArgumentHelp("Length of the spill, s.", valueName: "s"))
    var duration = 0.1

    @Option(help: ArgumentHelp("Beam off in the middle of it, s.", valueName: "s"))
    var pause = 0.0

    @Option(help: ArgumentHelp("Ions in the ring; default 1.7 times what is asked for.", valueName: "ions"))
    var ions: Double?

    @Option(help: "Macroparticles that stand for them.")
    var macroparticles = 2000

    @Option(help: ArgumentHelp("RMS emittance, horizontal, mm mrad.", valueName: "mm mrad"))
    var emittance = 1.5

    @Option(help: ArgumentHelp("RMS of the momentum deviation.", valueName: "delta"))
    var momentumSpread = 5e-4

    @Option(
        help: ArgumentHelp("Width of the knock-out band over the revolution frequency.", valueName: "share"))
    var band = 0.01

    @Option(
        help: ArgumentHelp(
            "Sweeps of the knock-out frequency per second; 0 for a band of noise.", valueName: "Hz"))
    var sweep = 0.0

    @Option(help: ArgumentHelp("Ripple of the tune; repeat for more.", valueName: "Hz:amplitude"))
    var ripple: [RippleSetting] = []

    @Flag(help: "Leave the amplitude as it is at the start.")
    var openLoop = false

    @Option(help: "Spills before the one that is shown, from which its amplitudes are learned.")
    var rehearsals = 0

    @Option(help: "Seed of beam and signal.")
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("Threads to use; results do not depend on it.", valueName: "threads"))
    var threads = ProcessInfo.processInfo.activeProcessorCount

    @Option(
        help: ArgumentHelp(
            "Draw spill, spectrum and phase space at the septum as SVG into this folder.", valueName: "folder"
        ))
    var pictures: String?

    @Option(help: ArgumentHelp("Write rate and amplitude of every interval as CSV.", valueName: "file"))
    var output: String?

    func run() async throws {
        try await reportingErrors { try await perform() }
    }

    private func perform() async throws {
        let file = try source.load()
        guard let resonance = file.resonance else {
            throw ValidationError(
                "the lattice \(file.lattice.name) has no ‘resonance’; a ring without one extracts nothing slowly"
            )
        }
        guard duration > 0, rate > 0, pause >= 0, pause < duration, threads > 0, macroparticles > 0 else {
            throw ValidationError(
                "--rate, --duration, --macroparticles and --threads must be positive, --pause shorter than --duration"
            )
        }
        guard (0...9).contains(rehearsals), rehearsals == 0 || !openLoop else {
            throw ValidationError("--rehearsals is 0 to 9, and 0 with --open-loop")
        }
        // 100 s are 3·10⁸ turns; numbers that are none are no request either.
        guard duration <= 100, rate <= 1e15, band > 0, band < 0.5, sweep >= 0, sweep <= 1e6,
            ripple.allSatisfy({ $0.ripple.frequencyHz <= 1e6 && abs($0.ripple.tuneAmplitude) <= 0.1 })
        else {
            throw ValidationError(
                "--duration is at most 100 s, --band above 0 and below 0.5, --sweep 0 to 1e6 Hz, --ripple at most 1e6 Hz and 0.1"
            )
        }
        let ring = try ReducedRing(file.lattice)
        let on = 0.5 * (duration - pause)
        let segments: [SpillRequest.Segment] =
            pause > 0
            ? [
                .init(durationS: on, rateIonsPerS: rate), .init(durationS: pause, rateIonsPerS: 0),
                .init(durationS: on, rateIonsPerS: rate),
            ]
            : [.init(durationS: duration, rateIonsPerS: rate)]
        var request = SpillRequest(
            segments: segments, storedIons: ions ?? 1.7 * rate * (duration - pause),
            macroparticles: macroparticles,
            emittanceMRad: emittance * 1e-6, momentumSpread: momentumSpread,
            signal: KnockOutSignal(
                centre: ring.tune - ring.tune.rounded(.down), width: band,
                modulation: sweep > 0
                    ? .frequency(repetitionHz: sweep, isDual: true) : .noise(lines: 30, seed: seed)),
            firstAmplitudeRad: 1e-6, ripple: ripple.map(\.ripple), seed: seed)
        request.feedback.isClosed = !openLoop
        let progress = TerminalProgress()
        progress.begin("slow extraction")
        if rehearsals > 0 { request.preparationShare = 0.005 }
        var patterns: [KnockOutPattern] = []
        for number in 0..<rehearsals {
            request.seed = seed &+ 1000 &+ UInt64(number)
            let before = try await SpillSimulation(ring).run(request, threads: threads) {
                progress.update(fraction: $0, detail: "rehearsal \(number + 1)")
            }
            guard
                let pattern = KnockOutPattern(
                    learningFrom: before, atStart: before.particles.count + before.remaining)
            else {
                throw ValidationError(
                    "only \(before.particles.count) macroparticles came out (80 are needed to learn from); raise --macroparticles"
                )
            }
            // The first was held by feedback alone and surges; it counts only until there is a better one.
            patterns = number == 1 ? [pattern] : patterns + [pattern]
            request.pattern = .mean(patterns)
        }
        request.seed = seed
        let spill = try await SpillSimulation(ring).run(request, threads: threads) {
            progress.update(fraction: $0, detail: "")
        }
        progress.end()
        print(summary(spill, ring: ring, resonance: resonance, segments: segments))
        try write(spill)
    }

    private func summary(
        _ spill: Spill, ring: ReducedRing, resonance: Double, segments: [SpillRequest.Segment]
    ) -> String {
        let separatrix = ring.separatrix(resonance: resonance)
        var table = TextTable(header: ["figure", "value", "unit"], leftColumns: [0, 2])
        func add(_ name: String, _ value: Double, _ unit: String = "") {
            table.rows.append([name, String(format: "%.4g", value), unit])
        }
        let first = segments[0].durationS
        let settled = min(0.02, 0.3 * first)
        add("tune", ring.tune)
        add("stable triangle, emittance", separatrix.emittance * 1e6, "mm mrad")
        add("requested rate", segments[0].rateIonsPerS, "ions/s")
        add("mean rate, whole spill", spill.meanRate(from: 0, to: first), "ions/s")
        let duty = spill.dutyFactor(from: settled, to: first, width: 10)
        add("duty factor, bins of 1 ms, as counted", duty.counted)
        add("duty factor without counting noise", duty.corrected)
        add("on the wall of the septum", 100 * spill.wallShare, "%")
        if segments.count > 1 {
            let off = first + segments[1].durationS
            if let stop = spill.stopTimeS(share: 0.95, after: first, until: off) {
                add("95 % of what still came after beam off, within", 1e3 * stop, "ms")
            } else {
                table.rows.append(["ions after beam off", "none", ""])
            }
        }
        add("left in the ring", Double(spill.remaining) * spill.ionsPerParticle, "ions")
        return table.text
    }

    private func write(_ spill: Spill) throws {
        if let output {
            var text = "time_s,ions_per_s,requested_per_s,kick_rad\n"
            for i in spill.ions.indices {
                text += String(
                    format: "%.7g,%.6g,%.6g,%.5g\n", (Double(i) + 0.5) * spill.binS,
                    spill.ions[i] / spill.binS,
                    spill.requested[i] / spill.binS, spill.amplitudeRad[i])
            }
            try Data(text.utf8).write(to: URL(fileURLWithPath: output))
            print("spill: \(output)")
        }
        if let pictures {
            let drawn = [
                SpillPictures.rate(spill, bins: 10, name: "spill"),
                SpillPictures.spectrum(
                    spill, from: min(0.02, 0.3 * duration), to: duration, upToHz: 2000, name: "spill-spectrum"
                ),
                SpillPictures.phaseSpace(spill, name: "septum"),
            ]
            for url in try PictureFiles.writeSVG(drawn, to: URL(fileURLWithPath: pictures)) {
                print("picture: \(url.path)")
            }
        }
    }
}
