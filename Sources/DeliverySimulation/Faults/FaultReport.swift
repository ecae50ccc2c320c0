/// What a campaign found, for each scenario and for the pairs; independent of the order in which runs are added.
public struct FaultReport: Sendable {
    /// One row.
    public struct Row: Sendable, Hashable {
        public var runs = 0
        public var violations = 0
        /// Runs that did not come to what the scenario must lead to; 0 for pairs, of which only invariants are asked.
        public var unexpected = 0
        /// Most ions that a visit got over its prescription.
        public var largestOvershoot = 0.0
        /// Most ions of a run that landed beside their visits, and the greatest dose over the plan at a point, Gy.
        public var mostMisplacedIons = 0.0
        public var largestExtraDoseGy = 0.0
        /// Longest time from a fault to the last ion of the beam that it found, s.
        public var longestBeamOffS = 0.0
        /// Greatest difference of recorded and true ions of a fraction, and the same over its ions.
        public var largestRecordError = 0.0
        public var largestRelativeRecordError = 0.0
        public var outcomes: [FaultResult.Outcome: Int] = [:]

        public init() {}

        mutating func add(_ result: FaultResult) {
            runs += 1
            violations += result.violations.isEmpty ? 0 : 1
            unexpected += result.unexpected == nil ? 0 : 1
            largestOvershoot = max(largestOvershoot, result.largestOvershoot)
            mostMisplacedIons = max(mostMisplacedIons, result.misplacedIons)
            largestExtraDoseGy = max(largestExtraDoseGy, result.extraLocalDoseGy)
            longestBeamOffS = max(longestBeamOffS, result.beamOffS)
            largestRecordError = max(largestRecordError, abs(result.recordErrorIons))
            if result.ions > 0 {
                largestRelativeRecordError = max(
                    largestRelativeRecordError, abs(result.recordErrorIons) / result.ions)
            }
            outcomes[result.outcome, default: 0] += 1
        }

        mutating func add(_ other: Row) {
            runs += other.runs
            violations += other.violations
            unexpected += other.unexpected
            largestOvershoot = max(largestOvershoot, other.largestOvershoot)
            mostMisplacedIons = max(mostMisplacedIons, other.mostMisplacedIons)
            largestExtraDoseGy = max(largestExtraDoseGy, other.largestExtraDoseGy)
            longestBeamOffS = max(longestBeamOffS, other.longestBeamOffS)
            largestRecordError = max(largestRecordError, other.largestRecordError)
            largestRelativeRecordError = max(largestRelativeRecordError, other.largestRelativeRecordError)
            outcomes.merge(other.outcomes, uniquingKeysWith: +)
        }
    }

    /// A run that failed, to be looked at again.
    public struct Failure: Sendable, Hashable {
        public var scenarios: [FaultScenario]
        public var seed: UInt64
        public var text: String
    }

    public private(set) var rows: [FaultScenario: Row] = [:]
    public private(set) var pairs = Row()
    /// In order of scenarios and seed; at most a hundred.
    public private(set) var failures: [Failure] = []

    public init() {}

    public var runs: Int { rows.values.reduce(pairs.runs) { $0 + $1.runs } }
    public var violations: Int { rows.values.reduce(pairs.violations) { $0 + $1.violations } }
    public var unexpected: Int { rows.values.reduce(0) { $0 + $1.unexpected } }

    mutating func add(_ result: FaultResult) {
        if result.scenarios.count == 1 {
            rows[result.scenarios[0], default: Row()].add(result)
        } else {
            pairs.add(result)
        }
        let texts =
            result.violations.map(\.description) + (result.unexpected.map { ["expected: \($0)"] } ?? [])
        guard !texts.isEmpty else { return }
        add([
            Failure(scenarios: result.scenarios, seed: result.seed, text: texts.joined(separator: "; "))
        ])
    }

    mutating func add(_ other: FaultReport) {
        for (scenario, row) in other.rows { rows[scenario, default: Row()].add(row) }
        pairs.add(other.pairs)
        add(other.failures)
    }

    private mutating func add(_ more: [Failure]) {
        failures += more
        failures.sort { $0.order.lexicographicallyPrecedes($1.order) }
        failures.removeLast(max(0, failures.count - 100))
    }
}

extension FaultReport.Failure {
    fileprivate var order: [UInt64] {
        [UInt64(scenarios.count)] + scenarios.map { UInt64($0.rawValue) } + [seed]
    }
}
