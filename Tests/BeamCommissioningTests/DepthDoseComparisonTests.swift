import BeamCommissioning
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#endif

@Suite struct DepthDoseComparisonTests {
    private static let step = 0.25
    private static func peak(at depth: Double) -> [Double] {
        (0..<400).map { 1 + 4 * exp(-(Double($0) * step - depth) * (Double($0) * step - depth) / 8) }
    }

    private func compare(_ evaluated: [Double]) -> DepthDoseComparison {
        DepthDoseComparison(
            evaluated: evaluated, reference: Self.peak(at: 60), stepMM: Self.step, relative: 0.01,
            distanceMM: 0.3)
    }

    @Test func equalDosesAgree() {
        let result = compare(Self.peak(at: 60))
        #expect(result.agreeing == 1 && result.worstRelativeDifference == 0 && result.comparedCount == 400)
    }

    @Test func smallShiftAgreesByDistanceAndLargeDoesNot() {
        #expect(compare(Self.peak(at: 60.25)).agreeing == 1)
        let shifted = compare(Self.peak(at: 60.5))
        #expect(shifted.agreeing < 1)
        #expect(shifted.worstRelativeDifference > 0.01)
        #expect(abs(shifted.worstDepthMM - 60) < 8)
    }

    @Test func scaledDoseDisagreesOnThePlateau() {
        #expect(compare(Self.peak(at: 60).map { 1.009 * $0 }).agreeing == 1)
        let scaled = compare(Self.peak(at: 60).map { 1.02 * $0 })
        #expect(scaled.agreeing < 0.3)
        expectClose(scaled.worstRelativeDifference, 0.02, relative: 1e-9, because: "as scaled")
    }
}
