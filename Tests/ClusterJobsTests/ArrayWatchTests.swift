import ClusterJobs
import Testing

@Suite struct ArrayWatchTests {
    private static func watch(attempts: Int = 2) -> ArrayWatch {
        var limits = ArrayWatch.Limits()
        limits.attempts = attempts
        limits.graceSeconds = 10
        limits.silenceSeconds = 100
        return ArrayWatch(count: 3, limits: limits, logs: "L")
    }

    private static func queue(_ shards: Int...) -> ArrayWatch.Queue {
        .tasks(shards.map { Slurm.QueueEntry(shard: $0, state: "RUNNING", reason: "None") })
    }

    @Test func submitsWaitsAndFinishes() {
        var watch = Self.watch()
        #expect(watch.decide(listing: .init(), queue: Self.queue(), seconds: 0) == .submit([0, 1, 2]))
        #expect(watch.decide(listing: .init(), queue: Self.queue(0, 1, 2), seconds: 5) == .wait)
        #expect(watch.decide(listing: .init(present: [1]), queue: Self.queue(0, 2), seconds: 900) == .wait)
        #expect(
            watch.decide(listing: .init(present: [0, 1, 2]), queue: Self.queue(), seconds: 901) == .finished)
    }

    @Test func aNewFollowerTakesUpWhatIsThere() {
        var watch = Self.watch()
        #expect(
            watch.decide(listing: .init(present: [0]), queue: Self.queue(2), seconds: 0) == .submit([1]),
            "one is done, one is in the queue")
    }

    @Test func aLostShardIsSubmittedAgainAfterAWhileAndThenGivenUp() {
        var watch = Self.watch()
        _ = watch.decide(listing: .init(), queue: Self.queue(), seconds: 0)
        #expect(
            watch.decide(listing: .init(), queue: Self.queue(0, 1), seconds: 20) == .wait, "files come late")
        #expect(watch.decide(listing: .init(), queue: Self.queue(0, 1, 2), seconds: 25) == .wait, "requeued")
        #expect(
            watch.decide(listing: .init(), queue: Self.queue(0, 1), seconds: 28) == .wait, "grace begins anew"
        )
        #expect(watch.decide(listing: .init(), queue: Self.queue(0, 1), seconds: 39) == .submit([2]))
        #expect(watch.decide(listing: .init(), queue: Self.queue(0, 1), seconds: 40) == .wait)
        #expect(
            watch.decide(listing: .init(), queue: Self.queue(0, 1), seconds: 51)
                == .fail(.shardsLost([2], attempts: 2, log: "L")))
    }

    @Test func aShardThatRefusesEndsTheJobAtOnceUnlessItIsThereAfterAll() {
        var watch = Self.watch()
        #expect(
            watch.decide(
                listing: .init(failures: [1: "no images"]), queue: Self.queue(0, 1, 2), seconds: 0)
                == .fail(.shardFailed(1, message: "no images", log: "L/shard-1.log")))
        #expect(
            watch.decide(
                listing: .init(present: [1], failures: [1: "x"]), queue: Self.queue(0, 2), seconds: 0)
                == .wait)
    }

    @Test func aSilentQueueIsBorneForAWhile() {
        var watch = Self.watch()
        _ = watch.decide(listing: .init(), queue: Self.queue(), seconds: 0)
        let error = ClusterJobError.slurm(command: "squeue", status: 1, message: "down", advice: "wait")
        #expect(watch.decide(listing: .init(), queue: .silent(error), seconds: 10) == .wait)
        #expect(watch.decide(listing: .init(), queue: .silent(error), seconds: 109) == .wait)
        #expect(watch.decide(listing: .init(), queue: Self.queue(0, 1, 2), seconds: 109.5) == .wait)
        #expect(watch.decide(listing: .init(), queue: .silent(error), seconds: 200) == .wait, "counts anew")
        #expect(watch.decide(listing: .init(), queue: .silent(error), seconds: 300) == .fail(error))
    }
}
