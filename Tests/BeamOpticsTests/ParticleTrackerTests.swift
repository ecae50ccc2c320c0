import BeamOptics
import Quantities
import TestSupport
import Testing

@Suite struct ParticleTrackerTests {
    static func ring() throws -> (BeamLineMap, LinearOptics) {
        let map = BeamLineMap(try PIMMSRing.lattice())
        return (map, try LinearOptics.ring(map))
    }

    /// A particle of small amplitude returns with the phase of the tune and keeps its invariant.
    @Test func smallOscillationsHaveTheTuneAndKeepTheInvariant() async throws {
        let (map, optics) = try Self.ring()
        let start = optics.points[0]
        var xs: [Double] = []
        var invariants: [Double] = []
        ParticleTracker(map).trackOne(
            BeamCoordinates(x: 1e-6, reference: try PIMMSRing.lattice().reference), turns: 3000
        ) { _, p in
            let slope = start.alpha.x * p.x + start.betaM.x * p.px
            xs.append(p.x / start.betaM.x.squareRoot())
            invariants.append((p.x * p.x + slope * slope) / start.betaM.x)
        }
        expectClose(
            (invariants.max() ?? 0) / (invariants.min() ?? 1), 1, absolute: 1e-4,
            because: "Courant-Snyder invariant, small amplitude")
        // Six turns of 1.665997 are 9.995982: count of the slow rotation of every sixth turn, −0.004018 × 2π per turn.
        let crossings = zip(xs.indices, xs).filter { $0.0 % 3 == 0 }.map(\.1)
        var signs = 0
        for (a, b) in zip(crossings, crossings.dropFirst()) where a < 0 && b >= 0 { signs += 1 }
        // Every third turn advances by 3 × 1.665997 − 5 = −0.002009 turns: 1000 steps make 2.
        #expect(signs == 2)
    }

    @Test func threadsDoNotChangeTheResult() async throws {
        let (map, _) = try Self.ring()
        let reference = try PIMMSRing.lattice().reference
        let particles = (0..<200).map { (i: Int) -> BeamCoordinates<Double> in
            let (x, px, delta) = (0.0014 * Double(i % 7), 2e-4 * Double(i % 5), 1e-3 * Double(i % 3))
            return BeamCoordinates(x: x, px: px, y: 0.004, delta: delta, reference: reference)
        }
        let one = try await ParticleTracker(map).track(particles, turns: 50, threads: 1)
        let two = try await ParticleTracker(map).track(particles, turns: 50, threads: 2)
        #expect(one.count == 200)
        for (a, b) in zip(one, two) {
            #expect(a.coordinates.x == b.coordinates.x && a.coordinates.zeta == b.coordinates.zeta)
            #expect(a.fate == b.fate)
        }
    }

    @Test func septumWallAndApertureTakeWhatMeetsThem() throws {
        let reference = try ReferenceParticle(isotope: .carbon12, energyMeVPerNucleon: 200)
        let lattice = try Lattice(
            name: "line", reference: reference,
            elements: [
                LatticeElement(
                    name: "pipe", kind: .drift, lengthM: 1,
                    aperture: .init(shape: .ellipse, halfWidthM: 0.06, halfHeightM: 0.03)),
                LatticeElement(
                    name: "es",
                    kind: .septum(
                        .init(field: .electrostatic, positionM: 0.04, thicknessM: 1e-4, kickRad: 2e-3))),
            ])
        let tracker = ParticleTracker(BeamLineMap(lattice))
        func fate(_ x: Double, _ y: Double = 0) -> ParticleTracker.Outcome {
            tracker.trackOne(BeamCoordinates(x: x, y: y, reference: reference), turns: 1) { _, _ in }
        }
        #expect(fate(0.039).fate == .circulates)
        #expect(fate(0.04005).fate == .hitSeptum(turn: 0, element: 1))
        #expect(fate(0.0402).fate == .extracted(turn: 0, element: 1))
        expectClose(fate(0.0402).coordinates.px, 2e-3, absolute: 1e-12, because: "the kick")
        #expect(fate(0.05, 0.02).fate == .lost(turn: 0, element: 0))
        #expect(fate(-0.05).fate == .circulates)
    }
}
