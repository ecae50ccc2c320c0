import Foundation
import IonTransport
import Quantities

/// Histories per second of the transport in water.
enum TransportBenchmark {
    static let benchmark = Benchmark(
        name: "transport",
        summary: """
            Ions with all their fragments in water, bins and longest step 2 mm. Per processor second on one core, published or measured on a \
            machine of this kind: Geant4 150 (¹²C 400 MeV/u) to 240 (290), FRED 3,000 (¹²C 300), MCsquare 19,000 (protons).
            """
    ) { machine in
        let transport = try WaterTransport()
        var rows: [Benchmark.Row] = []
        for (name, isotope, energy, depth, histories) in [
            ("¹²C 290 MeV/u", Isotope.carbon12, 290.0, 250.0, 20_000),
            ("¹²C 400 MeV/u", .carbon12, 400, 350, 20_000), ("protons 150 MeV", .proton, 150, 200, 60_000),
        ] {
            let request = WaterTransportRequest(
                projectile: isotope, energyMeVPerNucleon: energy, histories: histories, seed: 1,
                depthStepMM: 2,
                depthMM: depth)
            let time = try await Timing.measure(repeats: 3) {
                _ = try await transport.run(request, threads: machine.threads)
            }
            let count = Double(histories)
            rows.append(
                Benchmark.Row(
                    name, String(format: "%.0f histories/s and core", count / time.processorLeast),
                    String(
                        format: "processor time; %.0f/s wall on %d threads", count / time.wallMedian,
                        machine.threads)))
        }
        return rows
    }
}
