import PassiveBeam
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#endif

@Suite struct WobbledFluenceTests {
    @Test func withoutACircleItIsTheGaussian() {
        let fluence = WobbledFluence(radiusMM: 0, sigmaMM: 30)
        for r in [0.0, 20, 60] {
            expectClose(
                fluence.perMM2(atMM: r), exp(-r * r / 1800) / (2 * .pi * 900), relative: 1e-12,
                because: "closed form")
        }
    }

    @Test func noIonIsLost() {
        for radius in [0.0, 60, 120] {
            let fluence = WobbledFluence(radiusMM: radius, sigmaMM: 70)
            expectClose(fluence.share(withinMM: 700), 1, relative: 1e-6, because: "700 mm hold every ion")
        }
    }

    /// Series of the ring for small r: flat to fourth order where R² = 2 σ².
    @Test func theMiddleIsFlatWhereTheCurvatureVanishes() {
        let fluence = WobbledFluence(radiusMM: 2.0.squareRoot() * 50, sigmaMM: 50)
        let middle = fluence.perMM2(atMM: 0)
        expectClose(fluence.perMM2(atMM: 5) / middle, 1, absolute: 1e-4, because: "terms of order (r/σ)⁴")
    }

    @Test(arguments: [50.0, 75, 100]) func theNarrowestBeamIsJustFlatEnough(radius: Double) {
        let fluence = WobbledFluence.narrowest(fieldRadiusMM: radius, flatness: 0.025)
        expectClose(
            fluence.flatness(withinMM: radius), 0.025, relative: 1e-3, because: "narrowest at the limit")
        let narrower = WobbledFluence.flattest(fieldRadiusMM: radius, sigmaMM: 0.97 * fluence.sigmaMM)
        #expect(narrower.flatness(withinMM: radius) > 0.025)
        // All fields are alike: what counts is σ and R over the radius.
        expectClose(fluence.sigmaMM / radius, 0.717, absolute: 0.002, because: "scaling")
        expectClose(fluence.radiusMM / radius, 1.135, absolute: 0.002, because: "scaling")
        expectClose(
            fluence.share(withinMM: radius), 0.287, absolute: 0.002, because: "28.7 % of the ions are used")
    }
}
