import CaseFiles
import ClusterJobs
import Foundation
import Frames
import IonTransport
import PlanModel
import Quantities

/// A job of two fields on a grid of 40 voxels, with made-up tallies.
enum SampleJob {
    static let fields = [
        ClusterJob.FieldHistories(number: 1, histories: 25_000),
        ClusterJob.FieldHistories(number: 2, histories: 12_300),
    ]

    static let plan = Plan(
        label: "P", machineName: "m", ion: .carbon12, patientPosition: .headFirstSupine,
        prescription: Prescription(targetName: "CTV", totalDose: RBEWeightedDose(60), fractions: 16),
        fields: [])

    static func job(
        shards: Int = 4, seed: UInt64 = 7, planSHA256: String = "p", folder: String = "/case folder"
    ) throws -> ClusterJob {
        try ClusterJob(
            run: ClusterJob.Run(
                program: "Kasane test", programSHA256: "a", caseSHA256: "b", planSHA256: planSHA256,
                sources: [.init(role: "images", path: "/images", sha256: "c")], seed: seed,
                historiesPerBatch: 1000, fields: fields,
                shards: ClusterJob.shards(of: fields, historiesPerBatch: 1000, count: shards)),
            place: ClusterJob.Place(
                program: "/bin/kasane", caseFolder: folder, dataFolder: "/data", output: "/out",
                structure: nil, threads: 2),
            slurm: SlurmOptions())
    }

    static let empty = VoxelTally(voxelCount: 40, responses: 2)

    /// A tally of some histories; every history scores the same wherever it is, so that sums are known.
    static func tally(_ section: ClusterJob.Section) -> VoxelTally {
        let batches = (section.end - section.first + 999) / 1000
        var voxels = [Int64](repeating: 0, count: 200)
        var squares = [UInt128](repeating: 0, count: 40)
        let n = section.end - section.first
        // Empty at the beginning, in the middle and at the end; greatest and smallest numbers, and a negative one.
        for voxel in [3, 4, 5, 17, 30] {
            for field in 0..<5 {
                voxels[5 * voxel + field] = Int64(n) * Int64(voxel + 1) << Int64(6 * field)
            }
            squares[voxel] = UInt128(n) << UInt128(16 * (voxel % 6))
        }
        voxels[5 * 30] = -Int64(n)
        return VoxelTally(
            histories: n, batches: batches, voxels: voxels, squares: squares,
            balance: (0..<6).map { Int64(n) * ($0 - 2) })
    }

    static func shard(_ number: Int, of job: ClusterJob) -> Shard {
        Shard(
            runID: job.runID, number: number, seed: job.run.seed, program: job.run.program, node: "n1",
            parts: job.run.shards[number].map { Shard.Part(section: $0, tally: tally($0)) })
    }

    /// The tallies of both fields, as one run makes them.
    static var whole: [VoxelTally] {
        fields.map { tally(.init(field: $0.number, first: 0, end: $0.histories)) }
    }

    static func scratch() throws -> URL {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("kasane job's \(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }
}
