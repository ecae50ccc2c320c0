import IonTransport

/// How far a run goes and how it steps.
public struct RunSettings: Hashable, Sendable {
    /// Primary ions at most.
    public var histories: Int
    /// Time after which no further batch begins, s; nil for none.
    public var timeS: Double?
    /// When the dose is known well enough, no further batch begins; nil for none.
    public var uncertainty: UncertaintyGoal?
    public var seed: UInt64
    public var stepping: TransportStepping

    public init(
        histories: Int, timeS: Double? = nil, uncertainty: UncertaintyGoal? = nil, seed: UInt64,
        stepping: TransportStepping = TransportStepping()
    ) {
        self.histories = histories
        self.timeS = timeS
        self.uncertainty = uncertainty
        self.seed = seed
        self.stepping = stepping
    }

    /// How well a score is to be known.
    public struct UncertaintyGoal: Hashable, Sendable {
        /// Name of a depth dose, mesh or region.
        public var score: String
        /// Mean relative standard error of its bins above half of the maximum.
        public var below: Double

        public init(score: String, below: Double) {
            self.score = score
            self.below = below
        }
    }

    /// Most histories of a run.
    public static let greatestHistories = 1_000_000_000

    /// Histories of the batch that follows `done` histories in `batches` batches.
    ///
    /// Twenty equal batches if only the histories limit the run; otherwise batches of a tenth of what was done so far, from
    /// 1000 on, so that a rule is looked at often enough. The plan depends on nothing but these settings.
    public func nextBatch(done: Int, batches: Int) -> Range<Int>? {
        guard done < histories else { return nil }
        if timeS == nil && uncertainty == nil {
            let count = min(20, histories)
            return batches * histories / count..<(batches + 1) * histories / count
        }
        return done..<min(histories, done + max(1000, done / 10))
    }
}
