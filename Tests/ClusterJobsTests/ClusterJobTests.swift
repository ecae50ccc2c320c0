import ClusterJobs
import Testing

@Suite struct ClusterJobTests {
    @Test(arguments: [1, 2, 3, 4, 7, 16, 38])
    func shardsHoldEveryHistoryOnceAndCutBetweenBatches(count: Int) throws {
        let job = try SampleJob.job(shards: count)
        #expect(job.run.shards.count == count)
        for field in job.run.fields {
            let sections = job.run.shards.flatMap { $0 }.filter { $0.field == field.number }
            var next = 0
            for section in sections {
                #expect(section.first == next && section.first % 1000 == 0 && section.end > section.first)
                #expect(section.end % 1000 == 0 || section.end == field.histories)
                next = section.end
            }
            #expect(next == field.histories)
        }
        let sizes = job.run.shards.map { $0.reduce(0) { $0 + ($1.end - $1.first + 999) / 1000 } }
        #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1, "about equal: \(sizes)")
    }

    @Test func tooManyShardsAreRefused() {
        #expect(
            throws: ClusterJobError.tooManyShards(
                39, most: 38, because: "a task has at least one batch of 1000 ions")
        ) { try SampleJob.job(shards: 39) }
        #expect(
            throws: ClusterJobError.tooManyShards(1001, most: 1000, because: "the length of a job array")
        ) { try SampleJob.job(shards: 1001) }
    }

    @Test func theIdentityIsThatOfEverythingTheTalliesDependOn() throws {
        let job = try SampleJob.job()
        #expect(try job.runID == SampleJob.job().runID)
        #expect(try job.runID == SampleJob.job(folder: "/moved").runID, "where it runs does not count")
        #expect(try job.runID != SampleJob.job(seed: 8).runID)
        #expect(try job.runID != SampleJob.job(shards: 5).runID)
        #expect(try job.runID != SampleJob.job(planSHA256: "q").runID)
        #expect(job.jobName.hasPrefix("kasane-") && job.jobName.count == 23)
    }
}
