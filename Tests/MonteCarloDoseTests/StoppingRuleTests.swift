import MonteCarloDose
import Testing

@Suite struct StoppingRuleTests {
    private static let schedule = HistorySchedule(ions: [1, 1], batchSize: 1000)

    private func decide(
        _ rule: StoppingRule, _ histories: Int, _ uncertainty: Double? = nil, seconds: Double = 0
    ) -> StoppingRule.Decision {
        rule.decide(
            after: .init(histories: histories, uncertainty: uncertainty, seconds: seconds),
            schedule: Self.schedule)
    }

    /// The rounds of a run whose uncertainty falls with the square root of the histories.
    private func rounds(_ rule: StoppingRule, at1000: Double, perSecond: Double = 1e4) -> [Int] {
        var (done, all) = (0, [Int]())
        while all.count < 1000 {
            let reached = done > 0 ? at1000 / (Double(done) / 1000).squareRoot() : nil
            guard case .run(let next) = decide(rule, done, reached, seconds: Double(done) / perSecond) else {
                break
            }
            #expect(next > done)
            done = next
            all.append(done)
        }
        return all
    }

    @Test func endsWithTheNumberAskedForWhateverItIs() {
        for wanted in [4000, 20_000, 41_001, 500_000] {
            #expect(rounds(StoppingRule(histories: wanted), at1000: 0.5).last == wanted)
            #expect(decide(StoppingRule(histories: wanted), wanted) == .stop(.histories))
        }
        #expect(StoppingRule.standard.histories == 500_000)
    }

    @Test func endsSoonAfterTheUncertaintyIsReached() {
        let all = rounds(StoppingRule(uncertainty: 0.01), at1000: 0.5)
        // 0.5/√n = 0.01 at 2.5 million.
        #expect(all.last.map { (2_500_000...2_627_000).contains($0) } == true, "\(all)")
        #expect(all.count < 12, "few looks: \(all)")
        #expect(
            all == rounds(StoppingRule(uncertainty: 0.01), at1000: 0.5, perSecond: 77),
            "not of the machine's speed")
        #expect(decide(StoppingRule(uncertainty: 0.01), 50_000, 0.01) == .stop(.uncertainty))
        #expect(decide(StoppingRule(uncertainty: 0.01), 50_000, nil) == .run(to: 100_000), "not known yet")
        #expect(decide(StoppingRule(uncertainty: 0.01), 50_000, .infinity) == .run(to: 100_000))
    }

    @Test func endsAfterTheTimeInRoundsOfSeconds() {
        let all = rounds(StoppingRule(seconds: 60), at1000: 0.5)
        #expect(all.last.map { (600_000...606_000).contains($0) } == true, "\(all)")
        for (a, b) in zip(all.dropFirst(), all.dropFirst(2)) { #expect(b - a <= 51_000) }
        #expect(all[0] == 4000, "the first round is short: the speed is not known yet")
        #expect(decide(StoppingRule(seconds: 60), 10_000, seconds: 60) == .stop(.time))
    }

    @Test func theFirstThatIsReachedEnds() {
        let rule = StoppingRule(histories: 100_000, uncertainty: 0.02, seconds: 30)
        #expect(decide(rule, 100_000, 0.5, seconds: 1) == .stop(.histories))
        #expect(decide(rule, 40_000, 0.02, seconds: 1) == .stop(.uncertainty))
        #expect(decide(rule, 40_000, 0.5, seconds: 31) == .stop(.time))
        if case .run(let next) = decide(rule, 40_000, 0.05, seconds: 10) {
            #expect(next <= 60_000, "five seconds at 4000 per second")
        } else {
            Issue.record("none is reached")
        }
    }
}
