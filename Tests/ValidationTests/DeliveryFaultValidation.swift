import DeliverySimulation
import Foundation
import Testing

/// 25 faults with 3000 seeds each, 300 pairs with 100 seeds each: no invariant fails, and every fault leads where it must. About ten minutes on
/// two cores; docs/validation/delivery-faults.md.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["KASANE_VALIDATE"] == "1"))
struct DeliveryFaultValidation {
    @Test func campaign() async {
        let campaign = FaultCampaign(seeds: 3000, pairSeeds: 100)
        #expect(campaign.runs == 105_000)
        let report = await campaign.run(workers: ProcessInfo.processInfo.activeProcessorCount)
        #expect(report.runs == 105_000)
        #expect(report.violations == 0 && report.unexpected == 0, "\(report.failures)")
        print(report.table)
    }
}
