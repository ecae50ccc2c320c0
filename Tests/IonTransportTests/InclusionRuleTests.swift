import Frames
import IonPhysics
import IonTransport
import Quantities
import TestSupport
import Testing

@Suite struct InclusionRuleTests {
    @Test func eachRuleTakesWhatItSays() {
        func takes(
            _ rule: InclusionRule, _ origin: ParticleOrigin, _ charge: Int, recoil: Bool = false
        ) -> Bool {
            rule.includes(origin: origin, chargeNumber: charge, isRecoil: recoil, beamChargeNumber: 6)
        }
        for rule in InclusionRule.allCases {
            #expect(takes(rule, .primary, 6), "\(rule)")
            #expect(takes(rule, .targetFragment, 8, recoil: true) == (rule == .allWithRecoils), "\(rule)")
        }
        #expect(takes(.all, .targetFragment, 1) && takes(.all, .projectileFragment, 5))
        #expect(!takes(.primaries, .projectileFragment, 6))
        #expect(takes(.beamCharge, .projectileFragment, 6) && !takes(.beamCharge, .projectileFragment, 5))
        #expect(takes(.noTargetFragments, .projectileFragment, 1))
        #expect(!takes(.noTargetFragments, .targetFragment, 1))
        #expect(!takes(.heavierThanHydrogen, .projectileFragment, 1))
        #expect(takes(.heavierThanHydrogen, .targetFragment, 2))
    }

    /// LETd of carbon at half of its range by every rule: as much apart as the particles they leave out.
    @Test func averagesDifferAsTheRulesDo() async throws {
        let rules = InclusionRule.allCases
        let averages =
            rules.map { TransportScore.Average.dose(response: 0, $0) }
            + rules.map { TransportScore.Average.trackLET($0) }
        let scores = TransportScores(
            axes: ScoredTransportTests.axes,
            scores: [ScoredTransportTests.depth(10, 12, averages: averages)],
            responses: [ScoredTransportTests.letTable()])
        let result = try await ScoredTransportTests.run(
            ScoredTransportTests.water(depthMM: 120), scores, energy: 200, histories: 4000)
        func dose(_ rule: InclusionRule, _ bin: Int) -> Double {
            result.average(.dose(response: 0, rule), score: 0, bin: bin)
        }
        func track(_ rule: InclusionRule, _ bin: Int) -> Double {
            result.average(.trackLET(rule), score: 0, bin: bin)
        }
        // Primaries: both averages are the stopping power at that depth.
        let ranges = try RangeTable(.carbon12)
        let whole = ranges.rangeMM(energyMeVPerNucleon: 200)
        let energy = ranges.energyMeVPerNucleon(rangeMM: whole - 45)
        let expected = try StoppingPower(.carbon12).letKeVPerUM(energyMeVPerNucleon: energy)
        expectClose(
            dose(.primaries, 4), expected, relative: 0.01, because: "a bin of 10 mm; no straggling yet")
        expectClose(track(.primaries, 4), expected, relative: 0.01, because: "one particle at each point")
        for bin in 2..<7 {
            // Fragments of low LET pull the mean over fluence far down, heavy recoils pull the dose mean up.
            #expect(track(.all, bin) < 0.85 * track(.primaries, bin))
            #expect(track(.noTargetFragments, bin) >= track(.all, bin))
            #expect(dose(.allWithRecoils, bin) > 1.005 * dose(.all, bin))
            #expect(track(.heavierThanHydrogen, bin) > 1.1 * track(.all, bin))
            #expect(abs(dose(.beamCharge, bin) / dose(.primaries, bin) - 1) < 0.03)
            #expect(dose(.noTargetFragments, bin) != dose(.all, bin))
        }
        // Behind the peak there are no primaries.
        #expect(dose(.primaries, 10) == 0 && dose(.all, 10) > 2)
    }
}
