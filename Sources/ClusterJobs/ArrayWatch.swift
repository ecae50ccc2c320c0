/// Decides what to do about the shards of a job: wait, submit what is missing, or give up.
///
///     missing ──submit──▶ in the queue ──▶ present            (the shard's file is there)
///        ▲                     │
///        └── gone for a while ─┘   lost, killed, timed out; a requeued task stays in the queue
///
/// A value without clock and without processes: what is seen comes in with its time. It remembers nothing that a new one would not
/// find out from the files and the queue, so the process that follows a job may be killed and another take its place.
///
/// ## Checked by
/// `ArrayWatchTests`.
public struct ArrayWatch: Sendable {
    /// What is waited for how long.
    public struct Limits: Sendable {
        /// Times a shard is submitted before it counts as lost.
        public var attempts = 3
        /// A shard that is neither in the queue nor present for so long is lost: shared file systems show new files late. s.
        public var graceSeconds = 30.0
        /// The queue may be silent for so long, s.
        public var silenceSeconds = 600.0

        public init() {}
    }

    /// What the queue says.
    public enum Queue: Sendable {
        case tasks([Slurm.QueueEntry])
        case silent(ClusterJobError)
    }

    public enum Decision: Sendable, Equatable {
        case wait
        case submit([Int])
        case finished
        case fail(ClusterJobError)
    }

    private let count: Int
    private let limits: Limits
    private let logs: String
    private var attempts: [Int]
    private var goneSince: [Double?]
    private var silentSince: Double?

    /// - Parameters:
    ///   - count: Number of shards.
    ///   - logs: Where their logs are, for messages.
    public init(count: Int, limits: Limits = Limits(), logs: String) {
        self.count = count
        self.limits = limits
        self.logs = logs
        attempts = Array(repeating: 0, count: count)
        goneSince = Array(repeating: nil, count: count)
    }

    /// Decides after a look at files and queue.
    ///
    /// `seconds`: Time of the look, from any fixed moment.
    public mutating func decide(listing: JobFolder.Listing, queue: Queue, seconds: Double) -> Decision {
        if listing.present.count >= count { return .finished }
        if let failure = listing.failures.filter({ !listing.present.contains($0.key) }).min(by: {
            $0.key < $1.key
        }) {
            return .fail(
                .shardFailed(failure.key, message: failure.value, log: "\(logs)/shard-\(failure.key).log"))
        }
        let tasks: [Slurm.QueueEntry]
        switch queue {
        case .tasks(let entries):
            tasks = entries
            silentSince = nil
        case .silent(let error):
            let since = silentSince ?? seconds
            silentSince = since
            return seconds - since >= limits.silenceSeconds ? .fail(error) : .wait
        }
        let queued = Set(tasks.map(\.shard))
        var wanted: [Int] = []
        for shard in 0..<count where !listing.present.contains(shard) {
            guard !queued.contains(shard) else {
                goneSince[shard] = nil
                continue
            }
            let since = goneSince[shard] ?? seconds
            goneSince[shard] = since
            // What nobody has submitted yet needs no grace.
            if attempts[shard] == 0 || seconds - since >= limits.graceSeconds { wanted.append(shard) }
        }
        guard !wanted.isEmpty else { return .wait }
        let lost = wanted.filter { attempts[$0] >= limits.attempts }
        guard lost.isEmpty else {
            return .fail(.shardsLost(lost, attempts: limits.attempts, log: logs))
        }
        for shard in wanted {
            attempts[shard] += 1
            goneSince[shard] = nil
        }
        return .submit(wanted)
    }
}
