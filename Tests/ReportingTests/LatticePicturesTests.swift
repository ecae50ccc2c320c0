import BeamOptics
import Quantities
import Reporting
import SlowExtraction
import Testing

@Suite struct LatticePicturesTests {
    static func ring() throws -> Lattice {
        let reference = try ReferenceParticle(isotope: .carbon12, energyMeVPerNucleon: 200)
        func quadrupole(_ k1: Double) -> LatticeElement {
            LatticeElement(name: "q", kind: .quadrupole(k1: k1), lengthM: 0.3)
        }
        let drift = LatticeElement(name: "d", kind: .drift, lengthM: 2)
        let bend = LatticeElement(name: "b", kind: .bend(.init(angleRad: 0.3)), lengthM: 1)
        return try Lattice(
            name: "ring", reference: reference,
            elements: [quadrupole(0.9), bend, drift, quadrupole(-0.9), bend, drift])
    }

    @Test func functionsShowAxesWithUnitsAndMagnets() throws {
        let lattice = try Self.ring()
        let picture = LatticePictures.functions(
            lattice, optics: try LinearOptics.ring(BeamLineMap(lattice)), name: "optics")
        for word in ["β (m)", "D (m)", "Path along the orbit (m)", "quadrupoles", "β vertical"] {
            #expect(picture.fileContents.contains(word), "\(word)")
        }
        let steinbach = LatticePictures.steinbach(
            { Separatrix(strength: 20, tuneDistance: 0.005 - $0) }, spreadRMS: 5e-4, emittanceMRad: 1e-6,
            name: "s")
        #expect(steinbach.fileContents.contains("stable triangle"))
    }

    @Test func spillShowsRequestKickAndSeptum() {
        var spill = Spill(
            binS: 1e-3, ions: (0..<100).map { 1e5 + 1e4 * Double($0 % 7) },
            requested: .init(repeating: 1e5, count: 100),
            amplitudeRad: .init(repeating: 1e-6, count: 100), particles: [], ionsPerParticle: 1e4,
            remaining: 0,
            revolutionFrequencyHz: 3e6)
        spill.particles = (0..<50).map {
            ExtractedParticle(
                turn: $0, positionM: -0.035 - 1e-5 * Double($0), angleRad: 1e-3, delta: 0, hitWall: $0 < 3)
        }
        #expect(SpillPictures.rate(spill, bins: 5, name: "r").fileContents.contains("requested"))
        #expect(
            SpillPictures.spectrum(spill, from: 0, to: 0.1, upToHz: 500, name: "f").fileContents.contains(
                "Frequency (Hz)"))
        #expect(SpillPictures.phaseSpace(spill, name: "p").fileContents.contains("on the wall"))
    }
}
