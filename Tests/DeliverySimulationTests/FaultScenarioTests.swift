import DeliveryControl
import DeliverySimulation
import Testing

/// The 25 faults, alone and in pairs: the invariants hold, and each leads where it must.
struct FaultScenarioTests {
    @Test(arguments: FaultScenario.allCases)
    func alone(scenario: FaultScenario) {
        for seed in 1...40 as ClosedRange<UInt64> {
            let result = FaultCampaign.run([scenario], seed: seed)
            #expect(result.violations.isEmpty, "seed \(seed): \(result.violations.map(\.description))")
            #expect(result.unexpected == nil, "seed \(seed)")
        }
    }

    @Test func pairs() {
        let campaign = FaultCampaign(seeds: 0, pairSeeds: 3, pairs: 60)
        #expect(campaign.pairs.count == 60 && Set(campaign.pairs).count == 60)
        for pair in campaign.pairs {
            for seed in 1...3 as ClosedRange<UInt64> {
                let result = FaultCampaign.run(pair, seed: seed)
                #expect(
                    result.violations.isEmpty, "\(pair) seed \(seed): \(result.violations.map(\.description))"
                )
            }
        }
    }

    /// Without a fault of the plant nothing stops, but for the monitors' noise: 2 of 120 at most.
    @Test func soundPlantDelivers() {
        var stops = 0
        for scenario in [FaultScenario.networkLost, .replyLost, .twoStations] {
            for seed in 1...40 as ClosedRange<UInt64> {
                let result = FaultCampaign.run([scenario], seed: seed)
                #expect(result.isComplete)
                stops += result.outcome == .completed ? 0 : 1
            }
        }
        #expect(stops <= 2)
    }

    /// A monitor that stands still, and a control that dies: the remainder alone is given, and the sum is the prescription.
    @Test(arguments: [FaultScenario.controlKilled, .powerLost])
    func remainderAlone(scenario: FaultScenario) {
        var deaths = 0
        for seed in 100..<130 as Range<UInt64> {
            let result = FaultCampaign.run([scenario], seed: seed)
            guard result.sessions[0].hasDied, result.sessions.count > 1 else { continue }
            deaths += 1
            #expect(result.isComplete)
            #expect(abs(result.recordErrorIons) < 0.02 * result.ions)
        }
        #expect(deaths > 15)
    }

    /// Two who know the patient let the field be delivered; one, the same twice, or two without a reason do not.
    @Test func overrideNeedsTwoPersonsAndAReason() {
        var overrides = 0
        for seed in 1...60 as ClosedRange<UInt64> {
            let result = FaultCampaign.run([.wrongPatient], seed: seed)
            guard result.sessions[0].overrides > 0 else { continue }
            overrides += 1
            #expect(result.outcome == .completed && result.sessions[0].fired.isEmpty)
        }
        // 15 % of the seeds.
        #expect((3...18).contains(overrides))
    }

    @Test(arguments: OverrideAttempt.allCases)
    func overrideOfAnUnreadPatient(attempt: OverrideAttempt) {
        let start = FaultTrigger.time(.start)
        let soon = FaultTrigger.time(MonotonicTime(nanoseconds: 150_000_000))
        let result = FaultCampaign.run(
            [.networkLost], seed: 3,
            extra: [
                FaultInjection(.patientUnread, at: start),
                FaultInjection(.overridePatient(attempt), at: soon),
            ])
        #expect(result.violations.isEmpty)
        #expect(result.sessions[0].overrides == (attempt == .twoPersons ? 1 : 0))
    }

    @Test func theLastPressIsRefused() {
        let result = FaultCampaign.run([.twoConsoles], seed: 5)
        #expect(result.outcome == .completed && result.sessions.count == 1)
        #expect(result.sessions[0].fired.isEmpty)
    }

    @Test func anotherApprovedPlanIsNotGoneOnWith() {
        for seed in 1...20 as ClosedRange<UInt64> {
            let result = FaultCampaign.run([.planApprovedAnew], seed: seed)
            guard result.sessions[0].fired == [.planHash], !result.isComplete else { continue }
            #expect(result.sessions.count == 2)
            #expect(result.sessions[1].phase == .idle && result.sessions[1].ions == 0)
        }
    }
}

struct FaultCampaignTests {
    @Test func sameSeedSameRun() {
        let first = FaultCampaign.run([.controlKilled, .spillSurge], seed: 9, isTraced: true)
        let second = FaultCampaign.run([.controlKilled, .spillSurge], seed: 9, isTraced: true)
        #expect(first.trace == second.trace && first.trace.count > 50)
        #expect(first.ions == second.ions && first.recordErrorIons == second.recordErrorIons)
        #expect(first.ions != FaultCampaign.run([.controlKilled, .spillSurge], seed: 10).ions)
    }

    @Test func reportDoesNotDependOnWorkers() async {
        let campaign = FaultCampaign(
            scenarios: [.monitorFrozen, .wrongIon, .roomOpened], seeds: 60, pairSeeds: 20)
        #expect(campaign.runs == 240 && campaign.pairs.count == 3)
        let one = await campaign.run(workers: 1)
        let three = await campaign.run(workers: 3)
        #expect(one.rows == three.rows && one.pairs == three.pairs && one.failures == three.failures)
        #expect(one.table == three.table)
        #expect(one.runs == 240 && one.rows[.wrongIon]?.runs == 60)
    }
}
