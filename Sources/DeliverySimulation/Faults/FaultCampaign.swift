/// Many runs of the scenarios and of their pairs. A run depends on its scenarios and its seed alone, the report not on the number of workers.
///
/// ## Checked by
/// `FaultCampaignTests`; in full `DeliveryFaultValidation`.
public struct FaultCampaign: Sendable {
    /// Runs that one worker takes at a time.
    private static let blockSize = 50

    public let scenarios: [FaultScenario]
    public let seeds: Int
    public let pairs: [[FaultScenario]]
    public let pairSeeds: Int
    public let firstSeed: UInt64

    /// - Parameters:
    ///   - scenarios: Which ones, each alone and every two of them together.
    ///   - seeds: Runs of each scenario.
    ///   - pairSeeds: Runs of each pair.
    ///   - pairs: How many of the pairs, spread evenly; nil for all.
    ///   - firstSeed: Seed of the first run; the others count on.
    public init(
        scenarios: [FaultScenario] = FaultScenario.allCases, seeds: Int, pairSeeds: Int, pairs: Int? = nil,
        firstSeed: UInt64 = 1
    ) {
        self.scenarios = scenarios
        self.seeds = seeds
        self.pairSeeds = pairSeeds
        self.firstSeed = firstSeed
        let all = scenarios.indices.flatMap { first in
            scenarios[(first + 1)...].map { [scenarios[first], $0] }
        }
        let count = min(all.count, pairs ?? all.count)
        self.pairs = (0..<count).map { all[$0 * all.count / count] }
    }

    public var runs: Int { scenarios.count * seeds + pairs.count * pairSeeds }

    /// One run.
    ///
    /// - Parameters:
    ///   - scenarios: Faults of the run.
    ///   - seed: Of everything that is drawn.
    ///   - isTraced: Whether the result tells what happened, line by line.
    public static func run(_ scenarios: [FaultScenario], seed: UInt64, isTraced: Bool = false) -> FaultResult
    {
        FaultRun(scenarios: scenarios, seed: seed, isTraced: isTraced).run()
    }

    /// A run with further faults.
    package static func run(
        _ scenarios: [FaultScenario], seed: UInt64, extra: [FaultInjection]
    ) -> FaultResult { FaultRun(scenarios: scenarios, seed: seed, extra: extra).run() }

    /// All runs.
    ///
    /// - Parameter workers: How many run at the same time.
    public func run(workers: Int) async -> FaultReport {
        let blocks = (runs + Self.blockSize - 1) / Self.blockSize
        return await withTaskGroup(of: FaultReport.self) { group in
            var (report, next) = (FaultReport(), 0)
            while next < min(max(1, workers), blocks) {
                let block = next
                group.addTask { self.block(block) }
                next += 1
            }
            for await part in group {
                report.add(part)
                if next < blocks {
                    let block = next
                    group.addTask { self.block(block) }
                    next += 1
                }
            }
            return report
        }
    }

    private func block(_ index: Int) -> FaultReport {
        var report = FaultReport()
        for run in (index * Self.blockSize)..<min(runs, (index + 1) * Self.blockSize) {
            let (faults, seed) = job(run)
            report.add(Self.run(faults, seed: seed))
        }
        return report
    }

    /// Seeds outside, scenarios inside, so that costly scenarios are spread over the blocks.
    private func job(_ run: Int) -> ([FaultScenario], UInt64) {
        let singles = scenarios.count * seeds
        guard run >= singles else {
            return ([scenarios[run % scenarios.count]], firstSeed &+ UInt64(run / scenarios.count))
        }
        let pair = run - singles
        return (pairs[pair % pairs.count], firstSeed &+ UInt64(pair / pairs.count))
    }
}
