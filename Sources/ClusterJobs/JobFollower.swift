import Foundation
import IonTransport

/// Follows a job to its end: submits shards, waits for their files, and adds each up when it comes.
public struct JobFollower: Sendable {
    public let folder: JobFolder
    public let slurm: Slurm
    public var limits = ArrayWatch.Limits()
    /// Time between two looks at files and queue.
    public var poll: Duration = .seconds(5)

    public init(folder: JobFolder, slurm: Slurm = Slurm()) {
        self.folder = folder
        self.slurm = slurm
    }

    /// How far a job is.
    public struct Status: Sendable, Equatable {
        public var present: Int
        public var count: Int
        /// Histories of the shards that are there.
        public var histories: Int
        public var running: Int
        public var waiting: Int
        /// Why tasks wait, in Slurm's words.
        public var reason: String?
        /// Number of a job that was just submitted.
        public var submitted: String?

        /// For example `3 of 16 shards, 2 running, 11 waiting (Resources)`.
        public var words: String {
            var words = ["\(present) of \(count) shards"]
            if running > 0 { words.append("\(running) running") }
            if waiting > 0 { words.append("\(waiting) waiting" + (reason.map { " (\($0))" } ?? "")) }
            if let submitted { words.append("submitted as job \(submitted)") }
            return words.joined(separator: ", ")
        }
    }

    /// Follows until all shards are added.
    ///
    /// When it is cancelled, or this process is killed, the job goes on in the queue; a new follower takes up what is there.
    ///
    /// - Parameters:
    ///   - merge: Takes the shards.
    ///   - progress: Called after every look.
    /// - Throws: `ClusterJobError`, `CancellationError`.
    public func follow(_ merge: inout ShardMerge, progress: (Status) -> Void) async throws {
        var watch = ArrayWatch(
            count: folder.job.run.shards.count, limits: limits, logs: folder.logsFolder)
        let start = ContinuousClock.now
        while true {
            try Task.checkCancellation()
            // The queue first: a task that ends between the two looks has its file by then.
            let queue = try look(merge)
            let listing = try folder.listing()
            for number in listing.present.sorted() where !merge.added.contains(number) {
                try merge.add(
                    try folder.readShard(number), number: number, file: folder.shardFile(number))
            }
            var status = status(merge, queue)
            let decision = watch.decide(
                listing: listing, queue: queue, seconds: (ContinuousClock.now - start) / .seconds(1))
            switch decision {
            case .finished:
                progress(status)
                return
            case .fail(let error): throw error
            case .submit(let shards): status.submitted = try slurm.submit(shards, of: folder)
            case .wait: break
            }
            progress(status)
            try await Task.sleep(for: poll)
        }
    }

    /// What the queue holds; without missing shards it is not asked, so that a finished job can be added up without Slurm.
    private func look(_ merge: ShardMerge) throws(ClusterJobError) -> ArrayWatch.Queue {
        let files = FileManager.default
        if merge.missing.allSatisfy({ files.fileExists(atPath: folder.shardFile($0)) }) { return .tasks([]) }
        do {
            return .tasks(try slurm.queue(jobName: folder.job.jobName))
        } catch .noSlurm(let command, let path) {
            throw .noSlurm(command: command, path: path)
        } catch {
            return .silent(error)
        }
    }

    private func status(_ merge: ShardMerge, _ queue: ArrayWatch.Queue) -> Status {
        var tasks: [Slurm.QueueEntry] = []
        if case .tasks(let entries) = queue { tasks = entries }
        let waiting = tasks.filter { $0.state == "PENDING" }
        return Status(
            present: merge.added.count, count: folder.job.run.shards.count,
            histories: merge.tallies.reduce(0) { $0 + $1.histories },
            running: tasks.count - waiting.count, waiting: waiting.count,
            reason: waiting.first.map(\.reason))
    }
}
