import BeamOptics
import BeamTransport
import IonPhysics
import Quantities
import Reporting
import Testing

@Suite struct BeamLinePicturesTests {
    static func line() throws -> TransferLine {
        func scanner(_ axis: ScanningMagnet.Axis) -> TransferLine.Part {
            .scanner(
                ScanningMagnet(
                    name: "s\(axis.rawValue)", axis: axis, lengthM: 0.3, greatestFieldT: 0.3,
                    greatestRateTPerS: 200))
        }
        return try TransferLine(
            name: "short",
            entry: EntryBeam(
                reference: ReferenceParticle(isotope: .carbon12, energyMeVPerNucleon: 430),
                optics: OpticsPoint(betaM: SIMD2(10, 6), alpha: .zero), emittanceMRad: [2e-7, 5e-7],
                scaling: [.damped, .damped], momentumSpread: 6e-4),
            matching: .direct, isocentreX: .vertical,
            sections: [
                .init(
                    name: "fixed", turn: .fixed(0),
                    parts: [.element(LatticeElement(name: "q", kind: .quadrupole(k1: 0.2), lengthM: 0.3))]),
                .init(
                    name: "turning", turn: .gantry,
                    parts: [scanner(.x), scanner(.y), .gas(name: "air", material: .air, lengthM: 7)]),
            ])
    }

    @Test func picturesNameWhatTheyShow() throws {
        let line = try Self.line()
        let beam = try line.beam(energyMeVPerNucleon: 430)
        let envelope = try BeamLinePictures.envelope(line, beam: beam, name: "e").fileContents
        for words in ["σ horizontal", "Magnets", "scanning magnets", "turning"] {
            #expect(envelope.contains(words))
        }
        let table = try SpotTable(line, energiesMeVPerNucleon: [100, 430])
        let energies = BeamLinePictures.energies(table, planned: [(430, SIMD2(2, 2))], title: "p", name: "n")
        #expect(energies.fileContents.contains("machine file"))
        let angles = BeamLinePictures.angles(
            [(.direct, [(0, SIMD2(2, 3)), (360, SIMD2(2, 3))])], title: "p", name: "a")
        #expect(angles.fileContents.contains("direct, y"))
        let scan = try ScanOptics(line, energyMeVPerNucleon: 430)
        let field = BeamLinePictures.field(scan, halfWidthMM: SIMD2(50, 60), title: "p", name: "f")
        #expect(field.fileContents.contains("scan field of the machine"))
    }
}
