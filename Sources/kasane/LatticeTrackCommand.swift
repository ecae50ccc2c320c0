import ArgumentParser
import BeamOptics
import CaseFiles
import Foundation

/// `kasane lattice track`.
struct LatticeTrackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "track",
        abstract:
            "Track a matched beam turn by turn through every element and tell what is lost, and how fast it was."
    )

    @OptionGroup var source: LatticeOptions

    @Option(help: "Number of particles.")
    var particles = 500

    @Option(help: "Number of turns.")
    var turns = 1000

    @Option(help: ArgumentHelp("RMS emittances, horizontal and vertical, mm mrad.", valueName: "x,y"))
    var emittances = NumberList([1.5, 1.5])

    @Option(help: ArgumentHelp("RMS of the momentum deviation.", valueName: "delta"))
    var momentumSpread = 5e-4

    @Option(help: "Seed of the beam.")
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("Threads to use; results do not depend on it.", valueName: "threads"))
    var threads = ProcessInfo.processInfo.activeProcessorCount

    func run() async throws {
        try await reportingErrors { try await perform() }
    }

    private func perform() async throws {
        guard particles > 0, turns > 0, threads > 0 else {
            throw ValidationError("particles, turns and threads must be positive")
        }
        guard momentumSpread >= 0, momentumSpread < 0.5 else {
            throw ValidationError("--momentum-spread \(momentumSpread) is not possible (0 to 0.5)")
        }
        guard emittances.values.count == 2, emittances.values.allSatisfy({ $0 >= 0 && $0 < 1e6 }) else {
            throw ValidationError("--emittances wants two numbers in mm mrad, horizontal and vertical")
        }
        let file = try source.load()
        let map = BeamLineMap(file.lattice)
        let start: OpticsPoint
        if let entrance = file.start {
            start = entrance
        } else {
            start = try LinearOptics.ring(map).points[0]
        }
        let beam = MatchedBeam(
            optics: start, emittanceMRad: SIMD2(emittances.values[0], emittances.values[1]) * 1e-6,
            momentumSpread: momentumSpread
        ).particles(count: particles, reference: file.lattice.reference, seed: seed)
        let clock = ContinuousClock()
        let before = clock.now
        let outcomes = try await ParticleTracker(map).track(beam, turns: turns, threads: threads)
        let elapsed = (clock.now - before).components
        let seconds = Double(elapsed.attoseconds) * 1e-18 + Double(elapsed.seconds)
        var counts = (circulates: 0, extracted: 0, wall: 0, lost: 0)
        var done = 0
        for outcome in outcomes {
            switch outcome.fate {
            case .circulates: counts.circulates += 1; done += turns
            case .extracted(let turn, _): counts.extracted += 1; done += turn + 1
            case .hitSeptum(let turn, _): counts.wall += 1; done += turn + 1
            case .lost(let turn, _): counts.lost += 1; done += turn + 1
            }
        }
        print(
            """
            \(particles) particles, \(turns) turns of \(file.lattice.elements.count) elements
            circulating after the last turn  \(counts.circulates)
            behind the septum                \(counts.extracted)
            on the wall of the septum        \(counts.wall)
            lost on apertures                \(counts.lost)
            \(String(format: "%.3g particle-turns in %.2f s: %.3g per second on %d threads", Double(done), seconds, Double(done) / seconds, threads))
            """)
    }
}
