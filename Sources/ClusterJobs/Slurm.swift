import Foundation

/// The commands of Slurm, run as other programs run them: without a shell, their errors passed on in their own words.
///
/// ## Checked by
/// `SlurmCommandTests` with commands that a test puts on the PATH, `ClusterDoseTests` with Slurm itself.
public struct Slurm: Sendable {
    /// Folders in which the commands are looked for, as in PATH.
    public let searchPath: String

    public init(searchPath: String = ProcessInfo.processInfo.environment["PATH"] ?? "") {
        self.searchPath = searchPath
    }

    /// A task that waits or runs.
    public struct QueueEntry: Sendable, Equatable {
        /// Number of its shard.
        public var shard: Int
        /// In Slurm's words: `PENDING`, `RUNNING`, `COMPLETING`...
        public var state: String
        /// Why it waits, in Slurm's words; `None` if it does not.
        public var reason: String

        public init(shard: Int, state: String, reason: String) {
            self.shard = shard
            self.state = state
            self.reason = reason
        }
    }

    /// Submits shards of a job as one array.
    ///
    /// - Returns: The job's number.
    /// - Throws: `ClusterJobError.noSlurm`, `.slurm` with what sbatch said.
    public func submit(_ shards: [Int], of folder: JobFolder) throws(ClusterJobError) -> String {
        try DurableFile.write(Array(folder.script.utf8), to: folder.scriptFile)
        let output = try run(
            "sbatch", folder.submission(of: shards),
            advice:
                "correct --partition, --time-limit, --memory, --cpus-per-task or --sbatch-option; nothing is lost, the "
                + "same command tries again")
        // With --parsable: the number, and after a semicolon the cluster's name.
        let words = output.split(whereSeparator: { $0 == ";" || $0.isNewline })
        guard let number = words.first, Int(number) != nil else {
            throw .slurm(
                command: "sbatch", status: 0, message: "‘\(output)’ is not the number of a job",
                advice: "look for the job \(folder.job.jobName) with squeue")
        }
        return String(number)
    }

    /// Tasks in the queue of all jobs with a name.
    ///
    /// - Throws: `ClusterJobError.noSlurm`, `.slurm` with what squeue said.
    public func queue(jobName: String) throws(ClusterJobError) -> [QueueEntry] {
        let output = try run(
            "squeue", ["--noheader", "--array", "--name=\(jobName)", "--format=%K|%T|%r"],
            advice: "the job goes on; look again later with --resume")
        return output.split(whereSeparator: \.isNewline).compactMap { line in
            let parts = line.split(separator: "|", omittingEmptySubsequences: false).map {
                $0.trimmingCharacters(in: .whitespaces)
            }
            guard parts.count == 3, let shard = Int(parts[0]) else { return nil }
            return QueueEntry(shard: shard, state: parts[1], reason: parts[2])
        }
    }

    private func run(
        _ command: String, _ arguments: [String], advice: String
    ) throws(ClusterJobError) -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try find(command))
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        let (out, err) = (Pipe(), Pipe())
        process.standardOutput = out
        process.standardError = err
        do { try process.run() } catch {
            throw .slurm(command: command, status: -1, message: error.localizedDescription, advice: advice)
        }
        // One is read beside the other: a command that fills the one would wait for ever for its reader.
        let errors = Output()
        let group = DispatchGroup()
        DispatchQueue.global().async(group: group) {
            errors.data = err.fileHandleForReading.readDataToEndOfFile()
        }
        let output = out.fileHandleForReading.readDataToEndOfFile()
        group.wait()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            let words = String(decoding: errors.data, as: UTF8.self)
                .trimmingCharacters(in: .whitespacesAndNewlines)
            throw .slurm(
                command: command, status: process.terminationStatus,
                message: words.isEmpty ? "it said nothing" : words, advice: advice)
        }
        return String(decoding: output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private func find(_ command: String) throws(ClusterJobError) -> String {
        for folder in searchPath.split(separator: ":") {
            let path = "\(folder)/\(command)"
            if FileManager.default.isExecutableFile(atPath: path) { return path }
        }
        throw .noSlurm(command: command, path: searchPath)
    }

    private final class Output: @unchecked Sendable {
        var data = Data()
    }
}
