import DeliveryControl
import DeliverySimulation
import Testing

/// Messages of a fraction while it is delivered.
struct RecordNetworkTests {
    /// The link breaks within the field: the field goes on, requests wait and arrive once afterwards.
    @Test func fieldGoesOnWithoutTheNetwork() {
        var waiting = 0
        for seed in 1...30 as ClosedRange<UInt64> {
            let result = FaultCampaign.run([.networkLost], seed: seed)
            #expect(result.wasNetworkStruck && result.violations.isEmpty)
            #expect(result.outcome == .completed)
            if result.mostWaitingRequests > 1 { waiting += 1 }
        }
        #expect(waiting > 20, "\(waiting)")
    }

    /// Where the computer dies its queue is on disk: nothing is lost, and every session has its record.
    @Test(arguments: [[FaultScenario.networkLost, .powerLost], [.controlKilled, .replyLost]])
    func queueOutlivesTheComputer(pair: [FaultScenario]) {
        var deaths = 0
        for seed in 1...30 as ClosedRange<UInt64> {
            let result = FaultCampaign.run(pair, seed: seed)
            #expect(result.violations.isEmpty)
            if result.sessions.count > 1 { deaths += 1 }
        }
        #expect(deaths > 20, "\(deaths)")
    }
}
