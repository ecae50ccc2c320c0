import CaseFiles
import Foundation
import PlanModel

/// The folder of a job, on a file system that all nodes share:
///
///     job.json                   the run and its shards (`ClusterJob`)
///     plan.json                  the plan, as in a case folder
///     submit.sh                  what a task of the array runs
///     shards/shard-0003.kshard   results, whole or absent
///     shards/shard-0003.failed   the error of a shard that refused to run
///     logs/                      what the tasks printed
///
/// A shard's file appears under its name only when it is complete and on the disk. So a task may be killed, run again, or run twice at the
/// same time: both write the same bytes, and the last name holds.
///
/// ## Checked by
/// `JobFolderTests`.
public struct JobFolder: Sendable {
    /// Absolute.
    public let path: String
    public private(set) var job: ClusterJob

    private static func jobFile(_ folder: String) -> String { folder + "/job.json" }
    private var planFile: String { path + "/plan.json" }
    public var scriptFile: String { path + "/submit.sh" }
    public var shardsFolder: String { path + "/shards" }
    public var logsFolder: String { path + "/logs" }
    static let shardExtension = "kshard"
    static let failureExtension = "failed"

    static func shardName(_ number: Int) -> String {
        "shard-" + String(repeating: "0", count: max(0, 4 - String(number).count)) + String(number)
    }

    public func shardFile(_ number: Int) -> String {
        "\(shardsFolder)/\(Self.shardName(number)).\(Self.shardExtension)"
    }

    func failureFile(_ number: Int) -> String {
        "\(shardsFolder)/\(Self.shardName(number)).\(Self.failureExtension)"
    }

    /// The plan's bytes as `plan.json` holds them, with their SHA-256.
    public static func planRecord(_ plan: Plan) throws(InvalidFile) -> (bytes: Data, sha256: String) {
        let bytes = try PlanJSON.data(plan)
        return (bytes, SHA256.digest(bytes))
    }

    /// Makes the folder, or takes it up again if it holds the same run.
    ///
    /// - Throws: `ClusterJobError`: `.otherRun` if the folder holds another one, `.cannotWrite`.
    public static func make(at folder: String, job: ClusterJob, plan: Data) throws -> JobFolder {
        let path = URL(fileURLWithPath: folder).standardizedFileURL.path
        if FileManager.default.fileExists(atPath: jobFile(path)) {
            let found = try open(path)
            guard found.job.runID == job.runID else {
                throw ClusterJobError.otherRun(folder: path, found: found.job.runID, wanted: job.runID)
            }
        } else {
            let content = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
            // A folder whose maker was killed has no job.json yet; it holds nothing but what is written here.
            guard Set(content.filter { !$0.hasPrefix(".") }).isSubset(of: ["plan.json", "shards", "logs"])
            else {
                throw ClusterJobError.cannotWrite(
                    path: path, reason: "the folder is there already, with other things in it")
            }
        }
        let made = JobFolder(path: path, job: job)
        for name in [made.shardsFolder, made.logsFolder] {
            do {
                try FileManager.default.createDirectory(atPath: name, withIntermediateDirectories: true)
            } catch {
                throw ClusterJobError.cannotWrite(path: name, reason: error.localizedDescription)
            }
        }
        try DurableFile.write(plan, to: made.planFile)
        // Last: a folder with this file has everything.
        try DurableFile.write(try JSONRecord.encode(job, pretty: true), to: jobFile(path))
        return made
    }

    /// Changes what is asked of Slurm; the run stays what it is.
    public mutating func use(_ slurm: SlurmOptions) throws {
        guard slurm != job.slurm else { return }
        job.slurm = slurm
        try DurableFile.write(try JSONRecord.encode(job, pretty: true), to: Self.jobFile(path))
    }

    /// Opens a folder.
    ///
    /// - Throws: `ClusterJobError.notAJobFolder`, `.changed` if `job.json` was edited, `InvalidFile` if it is damaged.
    public static func open(_ folder: String) throws -> JobFolder {
        let path = URL(fileURLWithPath: folder).standardizedFileURL.path
        let file = jobFile(path)
        guard FileManager.default.fileExists(atPath: file) else {
            throw ClusterJobError.notAJobFolder(path)
        }
        struct Head: Decodable {
            var format: String
            var version: Int
        }
        let data = Data(try DurableFile.read(file))
        let head: Head = try JSONRecord.decode(data, file: file)
        guard head.format == ClusterJob.format, head.version == ClusterJob.version else {
            throw InvalidFile(
                file: file, path: "version",
                "‘\(head.format)’ \(head.version) is not known (this program reads \(ClusterJob.format) \(ClusterJob.version)); "
                    + "use the program that made it")
        }
        let job: ClusterJob = try JSONRecord.decode(data, file: file)
        let identity = try job.run.identity()
        guard identity == job.runID else {
            throw ClusterJobError.changed(
                what: "the job's record", path: file, wanted: job.runID, found: identity)
        }
        return JobFolder(path: path, job: job)
    }

    /// The plan whose ions are transported.
    ///
    /// - Throws: `ClusterJobError.changed` if it is not the one that the job was made with.
    public func plan() throws -> Plan {
        let bytes = Data(try DurableFile.read(planFile))
        let found = SHA256.digest(bytes)
        guard found == job.run.planSHA256 else {
            throw ClusterJobError.changed(
                what: "the job's plan", path: planFile, wanted: job.run.planSHA256, found: found)
        }
        return try PlanJSON.plan(bytes, file: planFile)
    }

    /// Refuses to go on if the program, the case, or a file that the case was made from is another than when the job was made.
    ///
    /// - Parameters:
    ///   - program: Path of the running program.
    ///   - sources: Files and folders that go in, as they are now.
    public func check(program: String, sources: [Provenance.Source]) throws {
        let run = job.run
        func same(_ what: String, _ path: String, _ wanted: String, _ found: String) throws {
            guard wanted == found else {
                throw ClusterJobError.changed(what: what, path: path, wanted: wanted, found: found)
            }
        }
        try same("the program", program, run.programSHA256, Self.digest(program))
        let manifest = job.place.caseFolder + "/case.json"
        try same("the case", manifest, run.caseSHA256, Self.digest(manifest))
        for source in run.sources {
            let found = sources.first { $0.role == source.role }?.sha256 ?? "missing"
            try same(source.role, source.path, source.sha256, found)
        }
    }

    /// SHA-256 of a file.
    public static func digest(_ path: String) throws(ClusterJobError) -> String {
        SHA256.digest(try DurableFile.read(path))
    }

    // MARK: Shards

    /// Puts a shard into its place.
    public func write(_ shard: Shard) throws(ClusterJobError) {
        try DurableFile.write(shard.encoded(), to: shardFile(shard.number))
        try remove(failureFile(shard.number))
    }

    /// Reads a shard's file.
    ///
    /// - Throws: `ClusterJobError.badShard` with what is wrong with it.
    public func readShard(_ number: Int) throws(ClusterJobError) -> Shard {
        let file = shardFile(number)
        do {
            return try Shard(bytes: DurableFile.read(file))
        } catch let damage as ShardDamage {
            throw .badShard(file: file, reason: damage.description)
        } catch let error as ClusterJobError {
            throw error
        } catch {
            throw .cannotRead(path: file, reason: "\(error)")
        }
    }

    /// Notes why a shard refused to run; the follower ends with it.
    public func noteFailure(_ number: Int, message: String) throws(ClusterJobError) {
        try DurableFile.write(Array(message.utf8), to: failureFile(number))
    }

    /// What lies among the shards.
    public struct Listing: Sendable, Equatable {
        /// Numbers of the shards whose files are there.
        public var present: Set<Int> = []
        /// Messages of those that refused to run.
        public var failures: [Int: String] = [:]

        public init(present: Set<Int> = [], failures: [Int: String] = [:]) {
            self.present = present
            self.failures = failures
        }
    }

    /// Looks at what is there.
    ///
    /// - Throws: `ClusterJobError.badShard` for a file that no shard of this job has the name of.
    public func listing() throws(ClusterJobError) -> Listing {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: shardsFolder)
        } catch {
            throw .cannotRead(path: shardsFolder, reason: error.localizedDescription)
        }
        let count = job.run.shards.count
        let numbers = Dictionary(uniqueKeysWithValues: (0..<count).map { (Self.shardName($0), $0) })
        var listing = Listing()
        for name in names.sorted() where !name.hasPrefix(".") {
            let file = URL(fileURLWithPath: name)
            let number = numbers[file.deletingPathExtension().lastPathComponent]
            switch (file.pathExtension, number) {
            case (Self.shardExtension, let number?): listing.present.insert(number)
            case (Self.failureExtension, let number?):
                listing.failures[number] = String(
                    decoding: try DurableFile.read(failureFile(number)), as: UTF8.self)
            default:
                throw .badShard(
                    file: shardsFolder + "/" + name,
                    reason: "the job has \(count) shards, and none of them is named so")
            }
        }
        return listing
    }

    /// Removes the notes of shards that refused to run, before they are tried again.
    public func forgetFailures() throws(ClusterJobError) {
        for number in job.run.shards.indices { try remove(failureFile(number)) }
    }

    /// Removes what killed tasks left half written; only when every shard is there, since a task may still be writing.
    public func removePartials() throws(ClusterJobError) {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: shardsFolder)
        } catch {
            throw .cannotRead(path: shardsFolder, reason: error.localizedDescription)
        }
        for name in names where DurableFile.isPartial(name) { try remove(shardsFolder + "/" + name) }
    }

    private func remove(_ file: String) throws(ClusterJobError) {
        guard FileManager.default.fileExists(atPath: file) else { return }
        do {
            try FileManager.default.removeItem(atPath: file)
        } catch {
            throw .cannotWrite(path: file, reason: error.localizedDescription)
        }
    }
}
