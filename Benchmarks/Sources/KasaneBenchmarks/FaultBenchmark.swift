import DeliverySimulation
import Foundation

/// Runs per second of the campaign that injects faults into simulated fields.
enum FaultBenchmark {
    static let benchmark = Benchmark(
        name: "faults",
        summary: """
            Every fault alone and some pairs, each run a small field with its sessions, invariants checked after every event and packet \
            of ions, records sent at its end.
            """
    ) { machine in
        let campaign = FaultCampaign(seeds: 40, pairSeeds: 1)
        let time = try await Timing.measure(repeats: 3) {
            let report = await campaign.run(workers: machine.threads)
            guard report.violations == 0 else { throw Failure.violations }
        }
        return [
            Benchmark.Row(
                "campaign", String(format: "%.0f runs/s", Double(campaign.runs) / time.wallMedian),
                String(
                    format: "wall, %d threads; %.0f per processor second; %d runs", machine.threads,
                    Double(campaign.runs) / time.processorLeast, campaign.runs))
        ]
    }

    enum Failure: Error { case violations }
}
