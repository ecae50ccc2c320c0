import Foundation
import Frames
import PlanModel
import Quantities
import Reporting
import Testing

/// The report of a delivered fraction says what was delivered, also where it was not all.
@Suite struct DeliveryPageTests {
    private static func field(_ state: String, interlocks: [(name: String, timeS: Double)] = [])
        -> DeliveryReport.DeliveredField
    {
        let time = stride(from: 0.0, to: 4, by: 0.01)
        return .init(
            number: 1, name: "left", state: state, sessions: 2, visits: 3, plannedIons: 4e8,
            primaryIons: 3.9e8,
            secondaryIons: 3.95e8, durationS: 12.5,
            times: [.init(name: "beam", seconds: 4), .init(name: "gate", seconds: 8.5)], fills: 2,
            interlocks: interlocks,
            positionErrorsMM: [SIMD2(0.1, -0.2), SIMD2(0.3, 0), SIMD2(0, 0)], spotRatios: [1, 1.01, 0.99],
            trace: .init(
                binS: 0.01, rateIonsPerS: time.map { 1e8 * (1 + sin($0)) },
                gateOpen: time.map { $0 < 2 ? 1 : 0 },
                energyMeVPerNucleon: time.map { $0 < 1 ? 290 : 280 }, breathing: time.map { abs(sin($0)) }))
    }

    private static func report(_ field: DeliveryReport.DeliveredField) -> DeliveryReport {
        let plan = Plan(
            label: "HEAD-1", machineName: "m", ion: .carbon12, patientPosition: .headFirstSupine,
            prescription: .init(targetName: "CTV", totalDose: RBEWeightedDose(60.8), fractions: 16),
            fields: [])
        return DeliveryReport(
            patientID: "P<1>", ctUID: "1.2", structureSetUID: "1.3", plan: plan, fraction: 3,
            facility: "A facility",
            machineNotice: "not contracted", fields: [field], dose: nil, washes: [],
            options: [ReportFact("Paintings", "8")],
            provenance: ReportProvenance(program: "Kasane", inputs: [], seed: 4, options: [], timings: []),
            date: "2026-01-01")
    }

    @Test func sayWhatWasDelivered() {
        let page = DeliveryPage.render(Self.report(Self.field("completed")))
        for text in [
            "Delivered fraction 3", "HEAD-1", "P&lt;1&gt;", "3 of 16", "97.50",
            "Every field was delivered whole", "not contracted",
            "12.5", "None fired", "0.30", "not a medical device", "planned ions of each spot",
        ] {
            let isThere = page.contains(text)
            #expect(isThere, "\(text)")
        }
        #expect(!page.contains("P<1>"))
    }

    @Test func sayWhatIsMissing() {
        let page = DeliveryPage.render(
            Self.report(Self.field("interrupted", interlocks: [("spotPosition", 1.25)])))
        for text in ["Not all of the fraction was delivered", "spotPosition", "1.250", "interrupted"] {
            let isThere = page.contains(text)
            #expect(isThere, "\(text)")
        }
    }
}
