import BeamOptics
import CaseFiles
import Foundation
import TestSupport
import Testing

@Suite struct LatticeFileTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Data/lattices")

    @Test func pimmsReadsAsTheRingOfPIMMS() throws {
        let file = try LatticeFile.read(path: Self.folder.appending(path: "pimms.yaml").path)
        let optics = try LinearOptics.ring(BeamLineMap(file.lattice))
        expectClose(optics.tunes.x, 1.665997, absolute: 2e-6, because: "MAD-X")
        expectClose(optics.tunes.y, 1.720026, absolute: 2e-6, because: "MAD-X")
        #expect(file.shape == .ring && file.resonance == 5.0 / 3)
        let other = try LatticeFile.read(
            path: Self.folder.appending(path: "pimms.yaml").path, strengths: ["k2xrr": 8.65])
        #expect(other.lattice.strengths.first { $0.family == "k2xrr" }?.value == 8.65)
    }

    @Test(arguments: [("himac-ring", 129.6, 3.68, 3.13), ("compact-ring", 63.0, 1.6766, 1.72)])
    func modelRingsHaveTheirLengthAndTunes(name: String, length: Double, x: Double, y: Double) throws {
        let file = try LatticeFile.read(path: Self.folder.appending(path: "\(name).yaml").path)
        expectClose(file.lattice.lengthM, length, absolute: 1e-9, because: "circumference")
        let optics = try LinearOptics.ring(BeamLineMap(file.lattice))
        expectClose(optics.tunes.x, x, absolute: 1e-5, because: "matched")
        expectClose(optics.tunes.y, y, absolute: 1e-5, because: "matched")
        let chromaticity = try Chromaticity.ring(file.lattice).values
        expectClose(chromaticity.x, -0.5, absolute: 2e-3, because: "matched")
        expectClose(chromaticity.y, -1, absolute: 2e-3, because: "matched")
    }

    static let good = """
        format: kasane-lattice
        version: 1
        name: cell
        shape: ring
        summary: A cell.
        source: chosen
        ion: 12C
        energy: 200
        strengths: {kf: 0.5}
        elements:
          qf: {kind: quadrupole, length: 0.3, k1: kf}
          qd: {kind: quadrupole, length: 0.3, k1: -0.5}
          es: {kind: septum, field: electrostatic, position: -35, thickness: 0.1, kick: 4}
        sequence:
          - repeat: 2
            of: [qf, {drift: 1.0}, qd, {drift: 1.0}, es]

        """

    @Test func repetitionsAndKnobsAreRead() throws {
        let file = try LatticeFile.read(text: Self.good, file: "cell.yaml")
        #expect(file.lattice.elements.count == 10)
        expectClose(file.lattice.lengthM, 5.2, absolute: 1e-12, because: "twice 2.6 m")
        #expect(file.lattice.strengths.map(\.family) == ["kf"])
    }

    @Test(arguments: [
        ("shape: ring", "shape: spiral", "shape"), ("energy: 200", "energy: -3", "energy"),
        ("ion: 12C", "ion: carbon", "ion"), ("length: 0.3, k1: kf", "length: 0, k1: kf", "sequence"),
        ("{kf: 0.5}", "{kf: 0.5, kx: 1}", "kx"),
        (
            "kind: quadrupole, length: 0.3, k1: -0.5", "kind: quadrupol, length: 0.3, k1: -0.5",
            "elements.qd.kind"
        ),
        ("[qf,", "[qq,", "qq"), ("repeat: 2", "repeat: 0", "repeat"),
        ("position: -35", "position: here", "elements.es.position"),
        ("shape: ring", "shape: line", "start"), ("k1: kf}", "k3: kf}", "k3"),
        ("{drift: 1.0}, qd", "{drift: -1.0}, qd", "drift"),
    ])
    func brokenFilesAreRefusedWithThePlace(good: String, bad: String, place: String) throws {
        let text = Self.good.replacingOccurrences(of: good, with: bad)
        #expect(text != Self.good)
        let error = #expect(throws: InvalidFile.self) { try LatticeFile.read(text: text, file: "cell.yaml") }
        let message = String(describing: try #require(error))
        #expect(message.contains("cell.yaml") && message.contains(place), "\(message)")
    }

    @Test func overlapsAreRefused() throws {
        let text = """
            format: kasane-lattice
            version: 1
            name: cell
            shape: ring
            summary: A cell.
            source: chosen
            ion: 12C
            energy: 200
            length: 4
            elements: {q: {kind: quadrupole, length: 0.4, k1: 1}}
            sequence: [[q, 1], [q, 1.3]]

            """
        let error = #expect(throws: InvalidFile.self) { try LatticeFile.read(text: text, file: "o.yaml") }
        #expect(String(describing: try #require(error)).contains("before q ends"))
    }
}
