import FacilityThroughput
import TestSupport
import Testing

@Suite struct PatientMixTests {
    @Test func meanFractionsByHand() throws {
        let mix = try DaySample.mix()
        expectClose(mix.meanFractions, 10, absolute: 1e-12, because: "3/4 of 12 and 1/4 of 4")
    }

    @Test func impossibleMixesAreRefused() {
        func site(share: Double = 1, fractions: Int = 3, minutes: Double = 3) -> TreatmentSite {
            TreatmentSite(
                name: "a", share: share, fractions: fractions, irradiation: .constant(minutes: minutes))
        }
        #expect(throws: ThroughputError.noSites) { try PatientMix([]) }
        #expect(throws: ThroughputError.figure("sum of the shares", 0.5, mustBe: "1")) {
            try PatientMix([site(share: 0.5)])
        }
        #expect(throws: ThroughputError.self) { try PatientMix([site(fractions: 0)]) }
        #expect(throws: ThroughputError.self) { try PatientMix([site(minutes: -1)]) }
    }
}
