import MonteCarloDose
import Testing

@Suite struct HistoryScheduleTests {
    @Test func aLongerRunGoesOnFromAShorterOne() {
        let schedule = HistorySchedule(ions: [3e8, 1e8, 2.5e7], batchSize: 1000)
        var before = [0, 0, 0]
        for total in stride(from: 0, through: 400_000, by: 1000) {
            let now = schedule.histories(ofTotal: total)
            #expect(now.reduce(0, +) == total)
            #expect(zip(now, before).allSatisfy { $0 >= $1 && $0 % 1000 == 0 })
            before = now
        }
    }

    @Test func sharesFollowTheIonsAfterTheFirstTenBatches() {
        let schedule = HistorySchedule(ions: [3e8, 1e8, 2.5e7], batchSize: 1000)
        #expect(schedule.histories(ofTotal: 30_000) == [10_000, 10_000, 10_000])
        let many = schedule.histories(ofTotal: 4_250_000)
        #expect(many == [3_000_000, 1_000_000, 250_000])
        #expect(schedule.leastHistories == 6000)
        #expect(schedule.histories(ofTotal: 6000) == [2000, 2000, 2000])
    }

    @Test func theRestIsAShortBatchAtTheEnd() {
        let schedule = HistorySchedule(ions: [2, 1], batchSize: 1000)
        for total in [1, 999, 20_500, 61_234] {
            let full = schedule.histories(ofTotal: total - total % 1000)
            let all = schedule.histories(ofTotal: total)
            #expect(all.reduce(0, +) == total)
            #expect(zip(all, full).filter { $0 != $1 }.count == 1, "one beam has the short batch")
        }
    }
}
