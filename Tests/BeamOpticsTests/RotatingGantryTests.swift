import BeamOptics
import Glibc
import Quantities
import TestSupport
import Testing

@Suite struct RotatingGantryTests {
    /// A gantry of ten combined-function magnets, angles and radii of Iwata et al., Phys. Rev. ST Accel. Beams 15 (2012) 044701 (18 + 26 + 26, −26 − 26 − 18, 4 × 22.5 degrees; 2.3 and 2.8 m);
    /// drifts and gradients are ours.
    static func gantry(_ k: [Double] = [0.4, -0.6, 0.5, 0.5, -0.6, 0.4, -0.4, 0.5, -0.2, 0.2]) throws
        -> Lattice
    {
        let reference = try ReferenceParticle(isotope: .carbon12, energyMeVPerNucleon: 430)
        let angles = [18.0, 26, 26, -26, -26, -18, 22.5, 22.5, 22.5, 22.5]
        var elements: [LatticeElement] = []
        for (i, angle) in angles.enumerated() {
            let radius = i < 6 ? 2.3 : 2.8
            let rad = angle * .pi / 180
            elements.append(
                LatticeElement(
                    name: "bm\(i + 1)", kind: .bend(.init(angleRad: rad, k1: k[i])),
                    lengthM: radius * abs(rad),
                    family: "k\(i + 1)"))
            elements.append(
                LatticeElement(
                    name: "d", kind: .drift, lengthM: i == 2 ? 1.2 : i == 5 ? 1.5 : i == 9 ? 2.5 : 0.4))
        }
        return try Lattice(name: "gantry", reference: reference, elements: elements)
    }

    @Test func momentsFollowTheMatrix() throws {
        let map = BeamLineMap(try Self.gantry())
        let start = OpticsPoint(betaM: SIMD2(5, 3), alpha: SIMD2(0.4, -0.2))
        let emittance = SIMD2(1e-6, 2e-6)
        let optics = LinearOptics.line(map, from: start)
        let beam = BeamMatrix(optics: start, emittanceMRad: emittance).behind(optics.matrix)
        let end = optics.points[optics.points.count - 1]
        expectClose(
            beam.sigmaM.x, (emittance.x * end.betaM.x).squareRoot(), relative: 1e-9, because: "Courant-Snyder"
        )
        expectClose(
            beam.sigmaM.y, (emittance.y * end.betaM.y).squareRoot(), relative: 1e-9, because: "Courant-Snyder"
        )
        expectClose(beam.projectedEmittanceMRad.x, 1e-6, relative: 1e-8, because: "symplectic")
        expectClose(
            beam.rotated(by: 0.7).rotated(by: -0.7).sigmaM.x, beam.sigmaM.x, relative: 1e-12,
            because: "turned back")
    }

    /// Emittances 5 : 1 of a slowly extracted beam: without a scheme the spot changes by more than half; a scatterer or a rotator keeps it.
    @Test func spotDoesNotDependOnTheAngle() throws {
        let gantry = RotatingGantry(BeamLineMap(try Self.gantry()))
        let line = OpticsPoint(betaM: SIMD2(4, 4), alpha: .zero)
        let raw = SIMD2(0.4e-6, 2e-6)
        #expect(gantry.variation(BeamMatrix(optics: line, emittanceMRad: raw), matching: .direct) > 0.5)
        let foil = try RotatingGantry.scatterer(emittanceMRad: raw, betaM: SIMD2(20, 2))
        let scattered = BeamMatrix(
            optics: OpticsPoint(betaM: SIMD2(20, 2), alpha: .zero), emittanceMRad: raw
        ).scattered(by: foil.angleRad)
        expectClose(
            scattered.projectedEmittanceMRad.x, scattered.projectedEmittanceMRad.y, relative: 1e-9,
            because: "made equal")
        expectClose(
            scattered.projectedEmittanceMRad.x, foil.emittanceMRad, relative: 1e-9, because: "the formula")
        let round = BeamMatrix(optics: line, emittanceMRad: SIMD2(repeating: foil.emittanceMRad))
        func perPlane(_ beam: BeamMatrix, _ matching: RotatingGantry.Matching) -> Double {
            var (low, high) = (SIMD2(repeating: Double.infinity), SIMD2<Double>.zero)
            for degree in stride(from: 0.0, to: 360, by: 5) {
                let sigma = gantry.atIsocentre(beam, angleRad: degree * .pi / 180, matching: matching).sigmaM
                low = SIMD2(min(low.x, sigma.x), min(low.y, sigma.y))
                high = SIMD2(max(high.x, sigma.x), max(high.y, sigma.y))
            }
            return max(high.x / low.x, high.y / low.y) - 1
        }
        #expect(perPlane(round, .scatterer) < 1e-9)
        #expect(perPlane(BeamMatrix(optics: line, emittanceMRad: raw), .rotator) < 1e-9)
        // Functions that differ by 10 %, and emittances by 5 %: still within the 10 % asked for.
        let imperfect = BeamMatrix(
            optics: OpticsPoint(betaM: SIMD2(4, 4.4), alpha: SIMD2(0, 0.05)),
            emittanceMRad: SIMD2(foil.emittanceMRad, 1.05 * foil.emittanceMRad))
        #expect(perPlane(imperfect, .scatterer) < 0.1, "\(perPlane(imperfect, .scatterer))")
    }

    @Test func aScattererInTheWrongPlaceIsRefused() {
        #expect(throws: BeamOpticsError.self) {
            try RotatingGantry.scatterer(emittanceMRad: SIMD2(2e-6, 0.4e-6), betaM: SIMD2(20, 2))
        }
    }
}
