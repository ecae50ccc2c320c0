import DeliveryControl
import NumericKernels

/// One session of a run.
public struct FaultSession: Sendable {
    /// State in which the control ended; what it was in when it died.
    public var phase: FieldControl.Phase
    public var hasDied: Bool
    /// Interlocks in order of their entries in the log.
    public var fired: [Interlock]
    public var ions: Double
    /// Whether a fault came while the session ran.
    public var wasStruck: Bool
    public var resumes: Int
    /// Differences of the set-up that two persons let stand.
    public var overrides: Int
}

/// What came of a run: reproducible from scenarios and seed.
public struct FaultResult: Sendable {
    public var scenarios: [FaultScenario]
    public var seed: UInt64
    public var sessions: [FaultSession] = []
    public var violations: [Violation] = []
    /// What was expected of the scenario and did not come; nil if all did. Of combinations only invariants are asked.
    public var unexpected: String?
    /// Whether every layer was delivered in the end.
    public var isComplete = false
    /// Most ions that a visit got over its prescription.
    public var largestOvershoot = 0.0
    /// Ions that landed beside their visits by more than the tolerance.
    public var misplacedIons = 0.0
    /// Greatest dose over the plan at any point, Gy.
    public var extraLocalDoseGy = 0.0
    /// Longest time from a fault to the last ion of the beam that it found, s.
    public var beamOffS = 0.0
    /// Recorded less true ions over all sessions, and true ions.
    public var recordErrorIons = 0.0
    public var ions = 0.0
    /// Most requests to the server that waited in a queue, and whether the fault of the network came while the field was delivered.
    public var mostWaitingRequests = 0
    public var wasNetworkStruck = false
    /// One line for each thing that happened, where it was asked for.
    public var trace: [String] = []
    /// The first session in time, where it was asked for.
    public var history: FaultHistory?

    /// In short what became of the fraction.
    public var outcome: Outcome {
        if sessions.isEmpty { return .notStarted }
        if isComplete {
            return sessions.count == 1 ? (sessions[0].resumes > 0 ? .resumed : .completed) : .continued
        }
        return ions > 0 ? .ended : .notStarted
    }

    public enum Outcome: String, CaseIterable, Sendable, Hashable {
        /// Delivered without a stop; after a stop in the same session; in a further session from the remainder.
        case completed, resumed, continued
        /// Over with a remainder; not started at all.
        case ended
        case notStarted = "not started"
    }
}

/// Runs one fraction with faults: claim, sessions until nothing is left or nobody may go on, records, completion.
struct FaultRun {
    let scenarios: [FaultScenario]
    let seed: UInt64
    var isTraced = false
    var extra: [FaultInjection] = []
    private static let mostSessions = 4

    func run() -> FaultResult {
        var random = SeededRandom(seed: seed, stream: UInt64(scenarios.reduce(0) { 32 * $0 + $1.rawValue }))
        let plan = makeField(&random)
        let injections = scenarios.flatMap { $0.injections(&random, plan) } + extra
        var result = FaultResult(scenarios: scenarios, seed: seed)
        var messages = FractionMessages(
            trouble: Set(scenarios.compactMap(\.networkFault)), ions: plan.ions, seed: seed)
        if let wrong = messages.claim() {
            result.violations.append(
                Violation(invariant: .record, session: 0, timeS: messages.network.now.seconds, text: wrong))
            return result
        }
        deliver(plan, injections, &random, &messages, &result)
        if let wrong = messages.close() {
            result.violations.append(
                Violation(
                    invariant: .record, session: result.sessions.count,
                    timeS: messages.network.now.seconds, text: wrong))
        }
        result.mostWaitingRequests = messages.network.mostWaiting
        result.wasNetworkStruck = messages.wasStruck
        if isTraced { result.trace.append(messages.summary) }
        if scenarios.count == 1, extra.isEmpty { result.unexpected = scenarios[0].missed(by: result) }
        return result
    }

    private func makeField(_ random: inout SeededRandom) -> FaultField {
        guard scenarios.contains(.gatingSignal) else { return FaultField(random: &random) }
        return FaultField(random: &random, isGated: true, slowness: 120)
    }

    private func deliver(
        _ plan: FaultField, _ injections: [FaultInjection], _ random: inout SeededRandom,
        _ messages: inout FractionMessages, _ result: inout FaultResult
    ) {
        var bound = bound(plan)
        if injections.contains(where: { $0.action == .gateStuckOpen }) {
            bound.gateNS = plan.limits.gateOpenNS
        }
        // With the second monitor blind and the control silent, the watchdog alone is left.
        if injections.contains(where: { $0.action == .secondaryFrozen }) {
            bound.detectionNS += bound.silenceNS
        }
        var session = FaultSessionRun(plan: plan, bound: bound, isTraced: isTraced)
        var start = FieldStart.beginning
        for number in 1...Self.mostSessions {
            session.run(
                from: start, seed: random.next(), injections: number == 1 ? injections : [], number: number,
                messages: &messages, into: &result)
            guard let rest = session.rest else { break }
            start = rest
        }
        result.isComplete = session.isComplete
        result.extraLocalDoseGy = session.dose.greatestGy
        result.ions = session.ions.reduce(0) { $0 + $1.reduce(0, +) }
    }

    private func bound(_ plan: FaultField) -> ReactionBound {
        scenarios.dropFirst().reduce(
            scenarios.first?.bound(figures: plan.figures) ?? ReactionBound()
        ) { $0.joined(with: $1.bound(figures: plan.figures)) }
    }
}
