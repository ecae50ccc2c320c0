import PassiveBeam
import PlanModel
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#endif

@Suite struct PassiveEfficiencyTests {
    private static func rectangle(_ x: ClosedRange<Double>, _ y: ClosedRange<Double>) -> LeafOpening {
        let pairs = 20
        let width = (y.upperBound - y.lowerBound) / Double(pairs)
        return LeafOpening(
            boundariesMM: (0...pairs).map { y.lowerBound + width * Double($0) },
            pairsMM: .init(repeating: SIMD2(x.lowerBound, x.upperBound), count: pairs))
    }

    /// A field that is the same everywhere: the share is fluence times area.
    @Test func ofAUniformFieldItIsTheAreaTimesTheFluence() {
        let fluence = WobbledFluence(radiusMM: 0, sigmaMM: 20_000)
        let opening = Self.rectangle(-30...50, -40...20)
        expectClose(
            PassiveEfficiency.share(of: fluence, through: opening), 80 * 60 / (2 * .pi * 20_000 * 20_000),
            relative: 1e-5, because: "flat to (r/σ)²")
    }

    /// Without a circle the field is a Gaussian: a product of error functions.
    @Test func ofAGaussianItIsAProductOfErrorFunctions() {
        let sigma = 40.0
        func part(_ a: Double, _ b: Double) -> Double {
            0.5 * (erf(b / (2.0.squareRoot() * sigma)) - erf(a / (2.0.squareRoot() * sigma)))
        }
        for (x, y) in [(-30.0...50.0, -40.0...20.0), (10.0...12.0, -5.0...90.0)] {
            expectClose(
                PassiveEfficiency.share(
                    of: WobbledFluence(radiusMM: 0, sigmaMM: sigma), through: Self.rectangle(x, y)),
                part(x.lowerBound, x.upperBound) * part(y.lowerBound, y.upperBound), relative: 1e-4,
                because: "midpoints of half a millimetre")
        }
    }

    /// A round opening against the integral over the radius.
    @Test func ofARoundOpeningItIsTheShareWithinItsRadius() {
        let fluence = WobbledFluence(radiusMM: 87.5, sigmaMM: 54)
        let radius = 75.0
        let boundaries = (0...300).map { -75 + 0.5 * Double($0) }
        let pairs = zip(boundaries, boundaries.dropFirst()).map { low, high in
            let y = 0.5 * (low + high)
            let half = max(0, radius * radius - y * y).squareRoot()
            return SIMD2(-half, half)
        }
        expectClose(
            PassiveEfficiency.share(
                of: fluence, through: LeafOpening(boundariesMM: boundaries, pairsMM: pairs)),
            fluence.share(withinMM: radius), relative: 1e-3, because: "strips of half a millimetre")
    }

    @Test func aClosedCollimatorLetsNothingThrough() {
        let closed = LeafOpening(boundariesMM: [-4, 0, 4], pairsMM: [.zero, SIMD2(3, 3)])
        #expect(
            PassiveEfficiency.share(of: WobbledFluence(radiusMM: 50, sigmaMM: 40), through: closed) == 0)
    }
}
