import ClusterJobs
import IonTransport
import Testing

@Suite struct ShardMergeTests {
    private func add(
        _ shard: Shard, _ number: Int, to merge: inout ShardMerge
    ) throws { try merge.add(shard, number: number, file: "shard") }

    @Test(arguments: [[0, 1, 2, 3], [3, 1, 0, 2], [2, 3, 1, 0]])
    func theSumIsTheRunInAnyOrder(order: [Int]) throws {
        let job = try SampleJob.job()
        var merge = ShardMerge(job: job, empty: SampleJob.empty)
        for number in order {
            #expect(merge.missing.contains(number))
            try add(SampleJob.shard(number, of: job), number, to: &merge)
        }
        #expect(merge.missing.isEmpty)
        // Squares of made-up tallies are proportional to histories too, so the sum over sections is that of the whole.
        #expect(merge.tallies == SampleJob.whole)
    }

    private func refusal(_ change: (inout Shard) -> Void, number: Int = 1) throws -> String {
        let job = try SampleJob.job()
        var merge = ShardMerge(job: job, empty: SampleJob.empty)
        try add(SampleJob.shard(0, of: job), 0, to: &merge)
        let before = merge.tallies
        var shard = SampleJob.shard(1, of: job)
        change(&shard)
        var words = ""
        do {
            try merge.add(shard, number: number, file: "F")
            Issue.record("it was added")
        } catch {
            guard case .badShard(let file, let reason) = error else { throw error }
            #expect(file == "F")
            words = reason
        }
        #expect(merge.tallies == before && merge.missing == [1, 2, 3], "nothing of it may be added")
        return words
    }

    @Test func foreignAndDuplicateShardsAreRefused() throws {
        #expect(try refusal { $0.runID = "other" }.contains("belongs to run other"))
        #expect(try refusal { $0.number = 0 }.contains("holds shard 0, not 1"))
        #expect(try refusal({ $0.number = 0 }, number: 0).contains("added already"))
        #expect(try refusal({ $0.number = 9 }, number: 9).contains("4 shards"))
        #expect(try refusal { $0.seed = 8 }.contains("seed is 8"))
        #expect(try refusal { $0.parts[0].section.first = 0 }.contains("histories"))
        #expect(try refusal { $0.parts = [] }.contains("histories"))
        #expect(
            try refusal { $0.parts[0].tally = VoxelTally(voxelCount: 41, responses: 2) }.contains("41 voxels")
        )
        #expect(try refusal { $0.parts[0].tally = SampleJob.empty }.contains("0 batches"))
    }
}
