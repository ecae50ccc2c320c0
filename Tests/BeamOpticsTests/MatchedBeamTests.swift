import BeamOptics
import TestSupport
import Testing

@Suite struct MatchedBeamTests {
    @Test func momentsAreThoseOfTheOptics() throws {
        let lattice = try PIMMSRing.lattice()
        let optics = try LinearOptics.ring(BeamLineMap(lattice)).points[10]
        let beam = MatchedBeam(optics: optics, emittanceMRad: SIMD2(2e-6, 1e-6), momentumSpread: 1e-3)
        let particles = beam.particles(count: 40000, reference: lattice.reference, seed: 7)
        let sigma = optics.sigmaM(emittance: beam.emittanceMRad, momentumSpread: 1e-3)
        func rms(_ values: [Double]) -> Double {
            (values.reduce(0) { $0 + $1 * $1 } / Double(values.count)).squareRoot()
        }
        expectClose(
            rms(particles.map(\.x)), sigma.x, relative: 0.015, because: "0.35 % statistics, four times")
        expectClose(
            rms(particles.map(\.y)), sigma.y, relative: 0.015, because: "0.35 % statistics, four times")
        expectClose(
            rms(particles.map(\.delta)), 1e-3, relative: 0.015, because: "0.35 % statistics, four times")
        let slope = particles.map { $0.px - optics.dispersionSlope.x * $0.delta }
        expectClose(rms(slope), (2e-6 * optics.gamma.x).squareRoot(), relative: 0.015, because: "√(ε γ)")
    }
}
