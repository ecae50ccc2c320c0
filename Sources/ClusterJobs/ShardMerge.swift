import IonTransport

/// Adds the shards of a job up, each exactly once.
///
/// ## Checked by
/// `ShardMergeTests`.
public struct ShardMerge: Sendable {
    private let job: ClusterJob
    /// Numbers of a voxel, and voxels, that tallies must have.
    private let voxelCount: Int
    private let fieldsPerVoxel: Int
    /// Numbers of the shards that were added.
    public private(set) var added: Set<Int> = []
    /// By field of the job.
    public private(set) var tallies: [VoxelTally]

    /// - Parameters:
    ///   - empty: A tally of the run with nothing in it.
    public init(job: ClusterJob, empty: VoxelTally) {
        self.job = job
        voxelCount = empty.voxelCount
        fieldsPerVoxel = empty.fields
        tallies = job.run.fields.map { _ in empty }
    }

    /// Shards that are still to come.
    public var missing: [Int] { job.run.shards.indices.filter { !added.contains($0) } }

    /// Adds a shard.
    ///
    /// `number`: That of its file's name.
    /// - Throws: `ClusterJobError.badShard` for a shard of another run, one that was added already, or one that holds other histories than
    ///   the job gave it.
    public mutating func add(
        _ shard: Shard, number: Int, file: String
    ) throws(ClusterJobError) {
        func refuse(_ reason: String) -> ClusterJobError { .badShard(file: file, reason: reason) }
        guard shard.runID == job.runID else {
            throw refuse(
                "it belongs to run \(shard.runID.prefix(12)), not \(job.runID.prefix(12)); \(shard.program) made it on \(shard.node)"
            )
        }
        guard shard.number == number else {
            throw refuse("it holds shard \(shard.number), not \(number) as its name says")
        }
        guard job.run.shards.indices.contains(number) else {
            throw refuse("the job has \(job.run.shards.count) shards")
        }
        guard !added.contains(number) else { throw refuse("shard \(number) was added already") }
        guard shard.seed == job.run.seed else {
            throw refuse("its seed is \(shard.seed), the job's \(job.run.seed)")
        }
        guard shard.parts.map(\.section) == job.run.shards[number] else {
            throw refuse("its histories are not those that the job gave it")
        }
        let size = job.run.historiesPerBatch
        for part in shard.parts {
            guard part.tally.voxelCount == voxelCount, part.tally.fields == fieldsPerVoxel else {
                throw refuse(
                    "it has \(part.tally.voxelCount) voxels of \(part.tally.fields) numbers, the run \(voxelCount) of \(fieldsPerVoxel)"
                )
            }
            guard part.tally.batches == (part.section.end - part.section.first + size - 1) / size else {
                throw refuse("\(part.tally.batches) batches do not make its histories")
            }
        }
        for part in shard.parts {
            guard let place = job.run.fields.firstIndex(where: { $0.number == part.section.field }) else {
                throw refuse("the job has no field \(part.section.field)")
            }
            tallies[place].add(part.tally)
        }
        added.insert(number)
    }
}
