import PlanEvaluation
import TestSupport
import Testing

@Suite struct DepthDoseProfileTests {
    @Test func rangeOfATriangleByHand() throws {
        let profile = DepthDoseProfile(depthsMM: [0, 10, 20, 30], doses: [1, 2, 4, 0])
        expectClose(
            try #require(profile.distalDepthMM(level: 0.8)), 22, absolute: 1e-12, because: "line 4 to 0")
        expectClose(
            try #require(profile.distalDepthMM(level: 0.9)), 21, absolute: 1e-12, because: "line 4 to 0")
        expectClose(try #require(profile.distalFalloffMM), 6, absolute: 1e-12, because: "80 % to 20 %")
        #expect(try #require(profile.distalDepthMM(level: 1)) == 20)
    }

    @Test func aCurveThatEndsBeforeHasNoRange() {
        let profile = DepthDoseProfile(depthsMM: [0, 10, 20], doses: [1, 2, 1.8])
        #expect(profile.distalDepthMM(level: 0.8) == nil)
        #expect(DepthDoseProfile(depthsMM: [0, 1], doses: [0, 0]).distalDepthMM(level: 0.8) == nil)
    }
}
