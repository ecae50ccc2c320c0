import BeamOptics
import TestSupport
import Testing

/// MAD-X 5.09.03 and Xsuite 0.67 on the same lattice; the two agree with each other to the digits given.
@Suite struct PIMMSOpticsTests {
    @Test(arguments: [
        ((0.315396, -0.524626, 0.522717), (1.665997, 1.720026), (15.936, 14.687), 8.237, 0.25888, 1.9654),
        ((0.304238, -0.520079, 0.524175), (1.644999, 1.720001), (16.198, 14.748), 8.336, 0.25628, 1.9753),
    ])
    func opticsAreThoseOfMADX(
        strengths: (Double, Double, Double), tunes: (Double, Double), beta: (Double, Double),
        dispersion: Double,
        compaction: Double, transition: Double
    ) throws {
        let optics = try LinearOptics.ring(BeamLineMap(PIMMSRing.lattice(strengths: strengths)))
        expectClose(optics.tunes.x, tunes.0, absolute: 2e-6, because: "digits of the table")
        expectClose(optics.tunes.y, tunes.1, absolute: 2e-6, because: "digits of the table")
        expectClose(optics.greatestBetaM.x, beta.0, relative: 1e-3, because: "asked")
        expectClose(optics.greatestBetaM.y, beta.1, relative: 1e-3, because: "asked")
        // D of MAD-X's table is in dp/p there too.
        expectClose(optics.greatestDispersionM.x, dispersion, relative: 1e-3, because: "asked")
        expectClose(try #require(optics.momentumCompaction), compaction, relative: 1e-3, because: "asked")
        expectClose(try #require(optics.transitionGamma), transition, relative: 1e-3, because: "asked")
        #expect(optics.matrix.symplecticError < 1e-10)
    }

    @Test func functionsAtPointsAreThoseOfMADX() throws {
        let lattice = try PIMMSRing.lattice()
        let optics = try LinearOptics.ring(BeamLineMap(lattice))
        let start = optics.points[0]
        expectClose(start.betaM.x, 8.56368, relative: 1e-4, because: "MAD-X")
        expectClose(start.betaM.y, 2.87902, relative: 1e-4, because: "MAD-X")
        expectClose(start.dispersionM.x, 0.09512, absolute: 2e-5, because: "MAD-X")
        let sextupole = optics.points[try lattice.index(of: "xrra") + 1]
        expectClose(sextupole.betaM.x, 8.93073, relative: 1e-4, because: "MAD-X, end of the element")
        expectClose(sextupole.alpha.x, 0.20729, absolute: 2e-5, because: "MAD-X")
        expectClose(sextupole.betaM.y, 4.00590, relative: 1e-4, because: "MAD-X")
        expectClose(sextupole.phase.x, 0.798841, absolute: 2e-6, because: "MAD-X")
        let septum = optics.points[try lattice.index(of: "es_marker")]
        expectClose(septum.betaM.x, 8.98449, relative: 1e-4, because: "MAD-X")
        expectClose(septum.phase.x, 1.629615, absolute: 2e-6, because: "MAD-X")
        let exciter = optics.points[try lattice.index(of: "rfkokick")]
        expectClose(exciter.betaM.x, 15.18435, relative: 1e-4, because: "MAD-X")
        expectClose(exciter.dispersionM.x, 3.36799, relative: 1e-4, because: "MAD-X")
        let betatron = optics.points[try lattice.index(of: "betkick")]
        expectClose(betatron.betaM.x, 4.59431, relative: 1e-4, because: "MAD-X")
        expectClose(betatron.dispersionM.x, 8.22739, relative: 1e-4, because: "MAD-X")
    }

    /// MAD-X and Xsuite differ by how they take the ends of bends; each of our two conventions is one of them. With the chromatic sextupoles only
    /// MAD-X's values were at hand.
    @Test func chromaticityIsWhatItsConventionSays() throws {
        for (edges, bare) in [
            (BeamLineMap.Edges.exact, SIMD2(-0.587, -1.748)), (.linear, SIMD2(-0.662, -1.198)),
        ] {
            let found = try Chromaticity.ring(PIMMSRing.lattice(), edges: edges)
            for plane in 0..<2 {
                expectClose(found.values[plane], bare[plane], absolute: 1e-3, because: "digits")
            }
            #expect(found.convention.contains(edges.rawValue))
        }
        let corrected = try Chromaticity.ring(PIMMSRing.lattice(chromatic: (-0.433238, -0.552276))).values
        expectClose(corrected.x, -2.035, absolute: 3e-3, because: "MAD-X; digits, slices")
        expectClose(corrected.y, -0.575, absolute: 3e-3, because: "MAD-X; digits, slices")
    }
}
