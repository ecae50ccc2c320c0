import BeamOptics
import Glibc
import Quantities
import SlowExtraction
import TestSupport
import Testing

@Suite struct ReducedRingTests {
    @Test func tuneChromaticityAndSeparatrixAreThoseOfTheLattice() throws {
        let ring = try ExtractionRing.lattice()
        let reduced = try ReducedRing(ring)
        let optics = try LinearOptics.ring(BeamLineMap(ring))
        expectClose(reduced.tune, optics.tunes.x, absolute: 1e-9, because: "the same phases")
        for delta in [-2e-3, 1e-3, 3e-3] {
            let full = try LinearOptics.ring(BeamLineMap(ring), delta: delta).tunes.x
            expectClose(
                reduced.tune(delta: delta), full, absolute: 6e-4,
                because: "second order of δ; sextupoles in their middle")
        }
        let theory = try Separatrix(ring, optics: optics, resonance: 5.0 / 3)
        let own = reduced.separatrix(resonance: 5.0 / 3)
        expectClose(own.strength, theory.strength, relative: 1e-3, because: "the same sextupoles")
        expectClose(own.area, theory.area, relative: 1e-3, because: "the same sextupoles")
    }

    @Test func ringsThatCannotExtractAreRefused() throws {
        let error = #expect(throws: BeamOpticsError.self) {
            try ReducedRing(ExtractionRing.lattice(resonance: 0, chromatic: (0, 0)))
        }
        #expect(String(describing: try #require(error)).contains("sextupole"))
    }
}
