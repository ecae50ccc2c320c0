/// Why a job on a cluster cannot be made, run or put together.
public enum ClusterJobError: Error, Equatable, Sendable {
    /// More shards than there are batches, or than a job array may have.
    case tooManyShards(Int, most: Int, because: String)
    /// The folder holds another run than the one asked for.
    case otherRun(folder: String, found: String, wanted: String)
    case notAJobFolder(String)
    /// Something that the job was made from is not what it was.
    case changed(what: String, path: String, wanted: String, found: String)
    /// The histories of the fields are not those of the job: the case or the program differ.
    case otherHistories(found: [Int], wanted: [Int])
    case noSuchShard(Int, count: Int)
    /// A section of the job is of a field that its plan does not have.
    case noSuchField(Int)
    /// A file among the shards that cannot be used; the reason says what is wrong with it.
    case badShard(file: String, reason: String)
    /// A shard's program ended with an error of its own.
    case shardFailed(Int, message: String, log: String)
    /// Shards that left no result although they were submitted again.
    case shardsLost([Int], attempts: Int, log: String)
    case missingShards([Int], folder: String)
    case noSlurm(command: String, path: String)
    /// A command of Slurm ended with an error.
    case slurm(command: String, status: Int32, message: String, advice: String)
    case cannotWrite(path: String, reason: String)
    case cannotRead(path: String, reason: String)
}

extension ClusterJobError: CustomStringConvertible {
    /// The problem, why it is one, and what to do.
    public var description: String {
        switch self {
        case .tooManyShards(let count, let most, let because):
            "\(count) tasks are too many (at most \(most): \(because)); ask for fewer with --tasks"
        case .otherRun(let folder, let found, let wanted):
            "\(folder) holds the shards of another run (\(found.prefix(12)), not \(wanted.prefix(12)): case, plan, seed, "
                + "histories, tasks or program differ); choose another --work-folder, or finish that run with --resume"
        case .notAJobFolder(let folder):
            "\(folder) is not a job folder (there is no job.json in it); give the folder that the job was submitted with"
        case .changed(let what, let path, let wanted, let found):
            "\(what) \(path) has changed since the job was made (SHA-256 \(found.prefix(12)), not \(wanted.prefix(12)), so "
                + "results would not fit together); restore it, or begin a new job in another --work-folder"
        case .otherHistories(let found, let wanted):
            "the fields would get \(found) histories, not \(wanted) as in job.json (the plan or the program differ); begin a new job"
        case .noSuchShard(let shard, let count):
            "there is no shard \(shard) (the job has \(count), from 0); correct --shard"
        case .noSuchField(let number):
            "job.json names field \(number) (its plan has no such field, the job is damaged); begin a new job"
        case .badShard(let file, let reason):
            "\(file) cannot be used (\(reason)); delete it and run again with --resume, which computes what is missing"
        case .shardFailed(let shard, let message, let log):
            "shard \(shard) failed: \(message) (its log is \(log)); remove the cause and run again with --resume"
        case .shardsLost(let shards, let attempts, let log):
            "\(Self.list(shards)) left no result in \(attempts) attempts (the time limit or memory may be too small); see the logs in "
                + "\(log), then run again with --resume and --time-limit or --memory"
        case .missingShards(let shards, let folder):
            "\(Self.list(shards)) of \(folder) missing (the dose needs every one); run again with --resume"
        case .noSlurm(let command, let path):
            "there is no \(command) on the PATH (\(path)); run this on a machine where Slurm's commands are installed "
                + "(Debian: slurm-client), or without --cluster"
        case .slurm(let command, let status, let message, let advice):
            "\(command) refused (exit \(status)): \(message); \(advice)"
        case .cannotWrite(let path, let reason):
            "\(path) cannot be written (\(reason)); check the folder and the free space"
        case .cannotRead(let path, let reason): "\(path) cannot be read (\(reason)); check that it is there"
        }
    }

    private static func list(_ shards: [Int]) -> String {
        let names = shards.prefix(8).map(String.init).joined(separator: ", ")
        let more = shards.count > 8 ? " and \(shards.count - 8) more" : ""
        return (shards.count == 1 ? "shard " : "shards ") + names + more
    }
}
