import CaseFiles
import Foundation

/// A Monte Carlo run cut into shards: what `job.json` of a job folder holds. The format is described in
/// `docs/formats/cluster-job.md`.
///
/// ## Checked by
/// `ClusterJobTests`.
public struct ClusterJob: Codable, Sendable, Equatable {
    public static let format = "kasane-cluster-job"
    public static let version = 1

    /// Histories of one field.
    public struct FieldHistories: Codable, Sendable, Equatable {
        public var number: Int
        public var histories: Int

        public init(number: Int, histories: Int) {
            self.number = number
            self.histories = histories
        }
    }

    /// Histories `first` to `end` − 1 of a field, whole batches.
    public struct Section: Codable, Sendable, Equatable {
        public var field: Int
        public var first: Int
        public var end: Int

        public init(field: Int, first: Int, end: Int) {
            self.field = field
            self.first = first
            self.end = end
        }
    }

    /// Everything that the tallies depend on; its digest is the run's identity.
    public struct Run: Codable, Sendable, Equatable {
        /// Name and version of the program.
        public var program: String
        /// SHA-256 of the program's file.
        public var programSHA256: String
        /// SHA-256 of the case's `case.json`, which holds those of all its other files.
        public var caseSHA256: String
        /// SHA-256 of the job's `plan.json`.
        public var planSHA256: String
        /// Images, machine, beam data, with their digests.
        public var sources: [Provenance.Source]
        public var seed: UInt64
        public var historiesPerBatch: Int
        /// In the order of the plan's fields.
        public var fields: [FieldHistories]
        /// By shard.
        public var shards: [[Section]]

        public init(
            program: String, programSHA256: String, caseSHA256: String, planSHA256: String,
            sources: [Provenance.Source], seed: UInt64, historiesPerBatch: Int, fields: [FieldHistories],
            shards: [[Section]]
        ) {
            self.program = program
            self.programSHA256 = programSHA256
            self.caseSHA256 = caseSHA256
            self.planSHA256 = planSHA256
            self.sources = sources
            self.seed = seed
            self.historiesPerBatch = historiesPerBatch
            self.fields = fields
            self.shards = shards
        }

        /// SHA-256 of the record as JSON with sorted keys.
        ///
        /// - Throws: `InvalidFile` if the record cannot be written.
        public func identity() throws(InvalidFile) -> String {
            SHA256.digest(try JSONRecord.encode(self, pretty: false))
        }

        /// Histories of all fields.
        public var histories: Int { fields.reduce(0) { $0 + $1.histories } }
    }

    /// Where things are, as absolute paths that hold on every node, and what else the end of the job needs.
    public struct Place: Codable, Sendable, Equatable {
        public var program: String
        public var caseFolder: String
        public var dataFolder: String
        /// Case folder to write at the end.
        public var output: String
        /// Structure in which the uncertainty is told; nil for the region of high dose.
        public var structure: String?
        /// Threads of a shard.
        public var threads: Int

        public init(
            program: String, caseFolder: String, dataFolder: String, output: String, structure: String?,
            threads: Int
        ) {
            self.program = program
            self.caseFolder = caseFolder
            self.dataFolder = dataFolder
            self.output = output
            self.structure = structure
            self.threads = threads
        }
    }

    public private(set) var format = Self.format
    public private(set) var version = Self.version
    /// `run.identity()`.
    public let runID: String
    public let run: Run
    public var place: Place
    public var slurm: SlurmOptions

    public init(run: Run, place: Place, slurm: SlurmOptions) throws(InvalidFile) {
        self.run = run
        self.place = place
        self.slurm = slurm
        runID = try run.identity()
    }

    /// Name of the job in the queue.
    public var jobName: String { "kasane-" + runID.prefix(16) }

    /// No job array is longer: Slurm's usual MaxArraySize is 1001.
    public static let mostShards = 1000

    /// Cuts the histories of all fields into shards of about equal size, between batches; a shard may end one field and begin the next.
    ///
    /// - Throws: `ClusterJobError.tooManyShards`.
    public static func shards(
        of fields: [FieldHistories], historiesPerBatch size: Int, count: Int
    ) throws(ClusterJobError) -> [[Section]] {
        let batches = fields.map { ($0.histories + size - 1) / size }
        let all = batches.reduce(0, +)
        guard count <= mostShards else {
            throw .tooManyShards(count, most: mostShards, because: "the length of a job array")
        }
        guard count <= all else {
            throw .tooManyShards(count, most: all, because: "a task has at least one batch of \(size) ions")
        }
        return (0..<count).map { shard in
            let span = shard * all / count..<(shard + 1) * all / count
            var (sections, start) = ([Section](), 0)
            for (field, own) in zip(fields, batches) {
                let part = span.clamped(to: start..<start + own)
                if !part.isEmpty {
                    sections.append(
                        Section(
                            field: field.number, first: (part.lowerBound - start) * size,
                            end: min((part.upperBound - start) * size, field.histories)))
                }
                start += own
            }
            return sections
        }
    }
}
