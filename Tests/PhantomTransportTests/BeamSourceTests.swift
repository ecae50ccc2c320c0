import Frames
import IonTransport
import PhantomTransport
import Quantities
import TestSupport
import Testing

@Suite struct BeamSourceTests {
    static func beam(_ shape: BeamDescription.Shape, distance: Double? = nil) -> BeamDescription {
        BeamDescription(
            ion: .carbon12, energies: [.init(meanMeVPerNucleon: 200)], shape: shape,
            sourceDistanceMM: distance, position: Point3(5, -3, 10), direction: Vector3(0, 1, 0),
            xAxis: Vector3(0, 0, -2))
    }

    /// Positions across the beam (mm) and slopes of many primaries, in the axes of the beam.
    static func draws(_ beam: BeamDescription, count: Int = 20_000) -> [(
        u: SIMD2<Double>, slope: SIMD2<Double>
    )] {
        let source = BeamSource(beam)
        let axes = beam.axes
        return (0..<count).map { history in
            var random = RandomStream(seed: 4, history: UInt64(history))
            let ion = source.primary(&random)
            let p = axes.local(ion.position)
            let d = ion.direction.mm
            let along = (d * axes.z.mm).sum()
            return (
                SIMD2(p.x, p.y),
                SIMD2((d * axes.x.mm).sum() / along, (d * axes.y.mm).sum() / along)
            )
        }
    }

    static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

    @Test func gaussianHasItsWidthsAndCorrelations() {
        let draws = Self.draws(
            Self.beam(
                .gaussian(
                    x: .init(sigmaMM: 3, divergenceMrad: 5, correlation: 0.6),
                    y: .init(sigmaMM: 1, divergenceMrad: 2, correlation: -1))))
        expectClose(
            Self.mean(draws.map { $0.u.x * $0.u.x }).squareRoot(), 3, relative: 0.02, because: "20 000 draws")
        expectClose(
            Self.mean(draws.map { $0.u.y * $0.u.y }).squareRoot(), 1, relative: 0.02, because: "20 000 draws")
        expectClose(
            Self.mean(draws.map { $0.slope.x * $0.slope.x }).squareRoot(), 5e-3, relative: 0.02,
            because: "20 000 draws")
        expectClose(
            Self.mean(draws.map { $0.u.x * $0.slope.x }), 0.6 * 3 * 5e-3, relative: 0.04,
            because: "20 000 draws")
        // Wholly correlated: a converging point focus.
        for draw in draws.prefix(100) {
            expectClose(draw.slope.y, -2e-3 * draw.u.y, absolute: 1e-9, because: "correlation -1")
        }
        expectClose(Self.mean(draws.map { $0.u.x * $0.u.y }), 0, absolute: 0.1, because: "independent axes")
    }

    @Test func twissParametersAreTheirEllipse() {
        let space = BeamDescription.PhaseSpace(emittanceMMMrad: 2, betaM: 8, alpha: 1.5)
        expectClose(space.sigmaMM, 4, relative: 1e-12, because: "√(2 · 8)")
        expectClose(
            space.divergenceMrad, (2 * (1 + 2.25) / 8).squareRoot(), relative: 1e-12, because: "√(ε γ)")
        // ε² = σ² θ² (1 − ρ²)
        let product =
            space.sigmaMM * space.divergenceMrad * (1 - space.correlation * space.correlation).squareRoot()
        expectClose(product, 2, relative: 1e-12, because: "the emittance")
        #expect(space.correlation < 0)
    }

    @Test func broadBeamsAreUniform() {
        let rectangle = Self.draws(Self.beam(.rectangle(widthXMM: 10, widthYMM: 4)))
        #expect(rectangle.allSatisfy { abs($0.u.x) <= 5 && abs($0.u.y) <= 2 && $0.slope == SIMD2(0, 0) })
        expectClose(
            Self.mean(rectangle.map { $0.u.x * $0.u.x }), 100 / 12, relative: 0.03,
            because: "variance of uniform")
        let disc = Self.draws(Self.beam(.disc(radiusMM: 6), distance: 1000))
        #expect(disc.allSatisfy { ($0.u * $0.u).sum() <= 36 + 1e-9 })
        expectClose(
            Self.mean(disc.map { ($0.u * $0.u).sum() }), 18, relative: 0.02, because: "R²/2 of a uniform disc"
        )
        for draw in disc.prefix(100) {
            expectClose(draw.slope.x, draw.u.x / 1000, absolute: 1e-9, because: "point source")
            expectClose(draw.slope.y, draw.u.y / 1000, absolute: 1e-9, because: "point source")
        }
    }

    @Test func energiesComeByTheirWeights() {
        var beam = Self.beam(.pencil)
        beam.energies = [
            .init(meanMeVPerNucleon: 100, relativeSpread: 0.01, weight: 3),
            .init(meanMeVPerNucleon: 300, weight: 1),
        ]
        let source = BeamSource(beam)
        let energies = (0..<20_000).map { history -> Double in
            var random = RandomStream(seed: 4, history: UInt64(history))
            return source.primary(&random).energyMeVPerNucleon
        }
        let high = energies.filter { $0 == 300 }
        expectClose(Double(high.count) / 20_000, 0.25, absolute: 0.01, because: "3 : 1")
        let low = energies.filter { $0 != 300 }
        let mean = Self.mean(low)
        expectClose(mean, 100, absolute: 0.05, because: "1 % over √15 000")
        expectClose(
            Self.mean(low.map { ($0 - mean) * ($0 - mean) }).squareRoot(), 1, relative: 0.03, because: "1 %")
        expectClose(beam.meanMeVPerNucleon, 150, relative: 1e-12, because: "by weight")
    }
}
