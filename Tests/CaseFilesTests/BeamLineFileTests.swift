import BeamOptics
import BeamTransport
import CaseFiles
import FacilityModel
import Foundation
import Quantities
import TestSupport
import Testing

@Suite struct BeamLineFileTests {
    static let names = [
        "scanning-horizontal", "scanning-vertical", "yamagata-fixed", "nirs-gantry", "compact-gantry",
    ]

    static func file(_ name: String) throws -> BeamLineFile {
        try BeamLineFile.read(path: DataStore.find().beamLinePath(name))
    }

    @Test func theseAreAll() throws { #expect(try DataStore.find().beamLineNames() == Self.names.sorted()) }

    /// Gradients are found by the file's own steps, and nothing else: matching again changes nothing.
    @Test(arguments: names) func strengthsAreThoseOfTheMatching(name: String) throws {
        let file = try Self.file(name)
        for goal in file.matching.steps.flatMap(\.goals) {
            expectClose(
                try LineMatching.value(goal, file.line), goal.wanted, absolute: 2e-4,
                because: "\(name): \(goal.quantity) at \(goal.place ?? "isocentre")")
        }
        // From 1 % away in the first step's knobs, back to the same place.
        var lattice = try file.line.lattice()
        let first = try #require(file.matching.steps.last)
        for knob in first.knobs {
            let value = try #require(lattice.strengths.first { $0.family == knob }?.value)
            lattice = try lattice.setting(knob, to: value * 1.003)
        }
        let matched = try file.matching.match(file.line.replacingElements(by: lattice))
        for goal in first.goals {
            expectClose(
                try LineMatching.value(goal, matched), goal.wanted, absolute: 2e-5,
                because: "\(name): \(goal.quantity) again")
        }
    }

    @Test(arguments: names) func allMagnetsAreSymplectic(name: String) throws {
        let map = BeamLineMap(try Self.file(name).line.lattice())
        var axis = BeamCoordinates<Double>(reference: try Self.file(name).line.entry.reference)
        let matrix = map.transferMatrix(about: &axis)
        for plane in [0, 2] {
            let determinant =
                matrix[plane, plane] * matrix[plane + 1, plane + 1] - matrix[plane, plane + 1]
                * matrix[plane + 1, plane]
            expectClose(determinant, 1, absolute: 1e-8, because: "area of phase space")
        }
    }

    /// What gantries are built for: less than 10 % over the whole turn at every energy; without the scheme it is much more.
    @Test(arguments: ["nirs-gantry", "compact-gantry"]) func theSpotHardlyChangesOverTheTurn(name: String)
        throws
    {
        let line = try Self.file(name).line
        let energies = SpotTable.energies(55...430, count: 8)
        #expect(try SpotTable(line, energiesMeVPerNucleon: energies).greatestVariation < 0.1)
        #expect(
            try SpotTable(line, energiesMeVPerNucleon: [430], scheme: .direct).greatestVariation > 0.2)
    }

    @Test(arguments: ["nirs-gantry", "compact-gantry"]) func theScanFieldIsReached(name: String) throws {
        let scan = try ScanOptics(Self.file(name).line, energyMeVPerNucleon: 430)
        let half = try scan.greatestHalfWidthMM()
        #expect(half.x >= 100 && half.y >= 100, "200 mm square, Iwata 2012")
        let field = try scan.fieldT(forPositionMM: SIMD2(70, 70))
        let spot = try #require(scan.spot(fieldT: field))
        expectClose(spot.positionMM.x, 70, absolute: 1e-6, because: "back again")
    }
}

@Suite struct BrokenBeamLineFileTests {
    static let good = """
        format: kasane-beam-line
        version: 1
        name: short
        summary: A short line.
        source: chosen
        ion: 12C
        energy: 430
        entry: {beta: [10, 6], alpha: [0, 0], emittance: [0.2, 0.5], emittance-scaling: [damped, damped], momentum-spread: 0.0006}
        matching-scheme: scatterer
        isocentre-x: vertical
        strengths: {q1: 0.1}
        elements:
          q: {kind: quadrupole, length: 0.3, k1: q1}
          foil: {kind: scatterer, material: kapton, thicknesses: [0.02, 0.05]}
          sx: {kind: scanning-magnet, axis: x, length: 0.3, field: 0.3, rate: 200}
          sy: {kind: scanning-magnet, axis: y, length: 0.3, field: 0.3, rate: 200}
          window: {kind: plate, material: kapton, thickness: 0.1}
        sections:
          - name: fixed
            sequence: [drift: 1, q, foil]
          - name: turning
            turn: gantry
            sequence: [drift: 1, sx, sy, drift: 7, window, air: 1]
        matching:
          - vary: [q1]
            goals:
              - {at: foil, beta: [10, 6]}
        """

    static let broken = [
        BrokenText("beta: [10, 6]", "beta: [-10, 6]", path: "entry.beta", says: "not possible"),
        BrokenText(
            "emittance: [0.2, 0.5]", "emittance: [0, 0.5]", path: "entry.emittance", says: "greater than 0"),
        BrokenText(
            "[damped, damped]", "[damped, shrunk]", path: "entry.emittance-scaling[1]", says: "‘shrunk’"),
        BrokenText(
            "momentum-spread: 0.0006", "momentum-spread: 6", path: "entry.momentum-spread",
            says: "6 is out of range"),
        BrokenText("ion: 12C", "ion: carbon", path: "ion", says: "‘carbon’"),
        BrokenText("energy: 430", "energy: -430", path: "energy", says: "-430 MeV/u is out of range"),
        BrokenText("matching-scheme: scatterer\n", "", path: "sections", says: "no matching scheme"),
        BrokenText(
            "matching-scheme: scatterer", "matching-scheme: rotater", path: "matching-scheme",
            says: "did you mean ‘rotator’"),
        BrokenText("isocentre-x: vertical", "isocentre-x: up", path: "isocentre-x", says: "‘up’"),
        BrokenText("k1: q1", "k1: q2", path: "elements.q.k1", says: "‘q2’"),
        BrokenText("kind: plate", "kind: plates", path: "elements.window.kind", says: "did you mean ‘plate’"),
        BrokenText(
            "material: kapton, thickness: 0.1", "material: capton, thickness: 0.1",
            path: "elements.window.material", says: "did you mean ‘kapton’"),
        BrokenText(
            "thickness: 0.1", "thickness: -0.1", path: "elements.window.thickness", says: "out of range"),
        BrokenText("axis: y", "axis: z", path: "elements.sy.axis", says: "‘z’"),
        BrokenText(
            "drift: 1, q, foil", "drift: 1, qq, foil", path: "sections[0].sequence[1]",
            says: "did you mean ‘q’"),
        BrokenText("air: 1]", "oil: 1]", path: "sections[1].sequence[5]", says: "air: length"),
        BrokenText("turn: gantry", "turn: round", path: "sections[1].turn", says: "the word gantry"),
        BrokenText(
            "drift: 1, q, foil", "drift: 1, q, foil, sx", path: "sections", says: "must stand in the last one"
        ),
        BrokenText("drift: 7, window", "drift: 7", path: "elements", says: "stands in no section"),
        BrokenText("vary: [q1]", "vary: [k9]", path: "matching[0].vary[0]", says: "no strength ‘k9’"),
        BrokenText("at: foil", "at: fail", path: "matching", says: "did you mean ‘foil’"),
        BrokenText(
            "{at: foil, beta: [10, 6]}", "{at: foil}", path: "matching[0].goals[0]", says: "nothing is wanted"
        ),
    ]

    @Test(arguments: broken) func isRefused(broken: BrokenText) throws {
        try broken.expectRefused(in: Self.good, file: "line.yaml") { text, file throws(InvalidFile) in
            _ = try BeamLineFile.read(text: text, file: file)
        }
    }

    @Test func theGoodOneIsRead() throws {
        let file = try BeamLineFile.read(text: Self.good, file: "line.yaml")
        #expect(file.line.hasGantry && file.matching.steps.count == 1)
        expectClose(file.line.lengthM, 1.3 + 1 + 0.6 + 7 + 1, absolute: 1e-12, because: "sum of the parts")
    }

    @Test func aBaseThatIsMissingOrItselfIsRefused() throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "kasane-lines-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "a.yaml").path
        for base in ["none.yaml", "a.yaml"] {
            try (Self.good + "\nbase: \(base)\n").write(toFile: path, atomically: true, encoding: .utf8)
            #expect(throws: InvalidFile.self) { try BeamLineFile.read(path: path) }
        }
    }
}

@Suite struct MachineBeamLineTests {
    static func machine(_ from: String, _ to: String) throws {
        let path = try DataStore.find().machinePath("yamagata")
        let text = try TextFile.read(path)
        let changed = text.replacing(from, with: to, maxReplacements: 1)
        try #require(changed != text)
        _ = try MachineFile.read(text: changed, file: path)
    }

    /// Planning has the spots of the line, and they are near to the table that stood in the file before there was a line.
    @Test func theGantryOfYamagataHasTheSpotsOfItsLine() throws {
        let machine = try MachineFile.read(path: DataStore.find().machinePath("yamagata"))
        let port = try #require(machine.machine.port("gantry"))
        let line = try BeamLineFileTests.file("compact-gantry").line
        let spot = try #require(port.nozzle.spotSizes.last)
        let own = try SpotTable(line, energiesMeVPerNucleon: [spot.energy.value])
        #expect(spot.sigmaMM == own.rows[0].sigmaMM)
        expectClose(port.nozzle.virtualSourceDistancesMM.x, 6000, absolute: 0.1, because: "matched to 6 m")
        let before: [(Double, Double)] = [
            (80, 5.6), (100, 4.9), (140, 4), (200, 3.3), (290, 2.7), (430, 2.1),
        ]
        for (energy, sigma) in before where port.nozzle.spotSize(at: .init(energy)) != nil {
            let now = try #require(port.nozzle.spotSize(at: .init(energy))).sigmaMM
            expectClose(now.x, sigma, relative: 0.1, because: "table of before at \(energy)")
            expectClose(now.y, sigma, relative: 0.1, because: "table of before at \(energy)")
        }
        #expect(
            machine.figures.contains {
                $0.path == "beam-lines.gantry.spot-size" && ($0.note ?? "").contains("turn")
            })
    }

    @Test(arguments: [
        ("value: compact-gantry", "value: compact-gantri", "there is no beam line"),
        ("value: compact-gantry", "value: none", "takes its virtual-source-distance from a beam line"),
        ("value: compact-gantry", "value: yamagata-fixed", "no section of the line turns"),
        ("value: yamagata-fixed", "value: compact-gantry", "the port does not"),
        ("from: beam-line", "from: memory", "‘memory’ gives no figures"),
        ("ion: 12C", "ion: 4He", "the beam line is for"),
    ])
    func wrongLinesAreRefused(from: String, to: String, words: String) throws {
        do {
            try Self.machine(from, to)
            Issue.record("read without complaint")
        } catch let error as InvalidFile {
            #expect(error.description.contains(words), "\(error)")
        }
    }
}
