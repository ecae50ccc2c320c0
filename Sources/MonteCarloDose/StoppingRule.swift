/// When a Monte Carlo run ends: at a number of histories, an uncertainty or a time, whichever comes first.
///
/// A value without a clock: it is asked after every round, and told what was reached. The rounds of a rule without a time depend on
/// what was scored alone, so its runs end with the same histories on every machine.
///
/// ## Checked by
/// `StoppingRuleTests`.
public struct StoppingRule: Sendable, Equatable {
    /// Primary ions of all fields together.
    public var histories: Int?
    /// Mean relative standard error of the dose of the plan, for example 0.01.
    public var uncertainty: Double?
    /// Time of transport, s.
    public var seconds: Double?

    /// What is done when nothing is asked for.
    public static let standard = StoppingRule(histories: 500_000)
    /// No run is longer.
    public static let mostHistories = 1_000_000_000

    public init(histories: Int? = nil, uncertainty: Double? = nil, seconds: Double? = nil) {
        self.histories = histories
        self.uncertainty = uncertainty
        self.seconds = seconds
    }

    /// Why a run ended.
    public enum Reason: String, Sendable {
        case histories = "number of ions"
        case uncertainty = "uncertainty"
        case time = "time"
    }

    /// What to do next.
    public enum Decision: Sendable, Equatable {
        /// Go on until so many histories are done.
        case run(to: Int)
        case stop(Reason)
    }

    /// What a run has reached.
    public struct State: Sendable {
        public var histories: Int
        /// Nil while beams have too few batches for it.
        public var uncertainty: Double?
        public var seconds: Double

        public init(histories: Int, uncertainty: Double?, seconds: Double) {
            self.histories = histories
            self.uncertainty = uncertainty
            self.seconds = seconds
        }
    }

    /// Decides after a round; the first round of a run always takes place.
    public func decide(after state: State, schedule: HistorySchedule) -> Decision {
        let done = state.histories
        let most = min(histories ?? Self.mostHistories, Self.mostHistories)
        let beams = schedule.ions.count
        guard done > 0 else {
            let batches = seconds == nil ? 2 * HistorySchedule.leastBatches : 2
            return .run(to: min(most, batches * beams * schedule.batchSize))
        }
        if done >= most { return .stop(.histories) }
        if let uncertainty, let reached = state.uncertainty, reached <= uncertainty {
            return .stop(.uncertainty)
        }
        if let seconds, state.seconds >= seconds { return .stop(.time) }
        // Rounds grow with the run, so that the looks at its uncertainty cost little of it.
        var next = 2 * Double(done)
        if let uncertainty, let reached = state.uncertainty {
            let needed = Double(done) * (reached / uncertainty) * (reached / uncertainty)
            next = min(next, max(needed, Self.leastGrowth * Double(done)))
        }
        if let seconds {
            let left = min(seconds - state.seconds, Self.longestRoundSeconds)
            next = min(next, Double(done) + left * Double(done) / max(state.seconds, 1e-3))
        }
        // In double until here: the uncertainty asked for may be out of reach of any number that fits.
        let batches = (min(next, Double(most)) / Double(schedule.batchSize)).rounded(.up)
        return .run(to: min(most, max(Int(batches) * schedule.batchSize, done + schedule.batchSize)))
    }

    private static let leastGrowth = 1.05
    private static let longestRoundSeconds = 5.0
}
