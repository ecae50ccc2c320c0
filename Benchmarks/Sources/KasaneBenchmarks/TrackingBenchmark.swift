import BeamOptics
import CaseFiles
import Foundation

/// Particle-turns per second through the ring of PIMMS.
enum TrackingBenchmark {
    static let benchmark = Benchmark(
        name: "tracking",
        summary: """
            A matched beam through the ring of PIMMS turn by turn, every element: exact bends with exact pole faces, exact drifts, thick quadrupoles. Xsuite 0.67 with \
            its default thick models did 3,300 particle-turns per processor second on a machine of this kind.
            """
    ) { machine in
        let store = try DataStore.find()
        let file = try LatticeFile.read(path: store.path("lattices/pimms.yaml"))
        var rows: [Benchmark.Row] = []
        for edges in BeamLineMap.Edges.allCases {
            let map = BeamLineMap(file.lattice, edges: edges)
            let optics = try LinearOptics.ring(map).points[0]
            let particles = MatchedBeam(
                optics: optics, emittanceMRad: SIMD2(repeating: 1e-6), momentumSpread: 5e-4
            ).particles(count: 256, reference: file.lattice.reference, seed: 1)
            let turns = 400
            let tracker = ParticleTracker(map)
            let time = try await Timing.measure(repeats: 3) {
                _ = try await tracker.track(particles, turns: turns, threads: machine.threads)
            }
            let count = Double(particles.count * turns)
            rows.append(
                Benchmark.Row(
                    "PIMMS, \(file.lattice.elements.count) elements, \(edges.rawValue) edges",
                    String(format: "%.0f particle-turns/s and core", count / time.processorLeast),
                    String(
                        format: "processor time; %.0f/s wall on %d threads", count / time.wallMedian,
                        machine.threads)))
        }
        return rows
    }
}
