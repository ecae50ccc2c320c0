import FacilityThroughput
import TestSupport
import Testing

@Suite struct PatientMixTests {
    @Test func yamagataIsMostlyProstateInTwelveFractions() {
        let mix = PatientMix.yamagata2023
        expectClose(mix.sites.reduce(0) { $0 + $1.share }, 1, absolute: 1e-12, because: "all patients")
        expectClose(mix.meanFractions, 12, relative: 0.02, because: "about 12 fractions")
    }

    @Test func roomUseByHand() throws {
        let site = TreatmentSite(
            name: "a", share: 1, fractions: 3, positionings: 2, setUp: .constant(minutes: 5),
            preparation: .constant(minutes: 4), irradiation: .constant(minutes: 3),
            leaving: .constant(minutes: 2))
        #expect(site.expectedRoomUseMin == 19)
        let short = TreatmentSite(
            name: "b", share: 0.5, fractions: 9, setUp: .constant(minutes: 1),
            preparation: .constant(minutes: 0),
            irradiation: .constant(minutes: 1), leaving: .constant(minutes: 1))
        var half = site
        half.share = 0.5
        let mix = try PatientMix([half, short])
        expectClose(mix.meanFractions, 6, absolute: 1e-12, because: "half of 3 and 9")
        // A quarter of the fractions takes 19 minutes, three quarters 3.
        expectClose(mix.expectedRoomUseMin, 7, absolute: 1e-12, because: "hand sum")
    }

    @Test func impossibleMixesAreRefused() {
        #expect(throws: ThroughputError.noSites) { try PatientMix([]) }
        #expect(throws: ThroughputError.figure("sum of the shares", 0.5, mustBe: "1")) {
            try PatientMix([TreatmentSite(name: "a", share: 0.5, fractions: 3)])
        }
        #expect(throws: ThroughputError.self) {
            try PatientMix([TreatmentSite(name: "a", share: 1, fractions: 0)])
        }
        #expect(throws: ThroughputError.self) {
            try PatientMix([TreatmentSite(name: "a", share: 1, fractions: 3, setUp: .constant(minutes: -1))])
        }
    }
}
