import CaseFiles
import FacilityModel
import Foundation
import Quantities
import TestSupport
import Testing

/// Files that are laid over another one.
@Suite struct MachineBaseTests {
    static let head = """
        format: kasane-machine
        version: 2
        name: my-centre
        facility: My centre
        summary: As Yamagata.
        sources:
          mine: Commissioning, 12 May

        """

    static let circumference =
        "synchrotron:\n  circumference: {value: 63.5, unit: m, source: mine, confidence: high}\n"

    private func read(_ text: String) throws -> MachineDescription {
        try MachineFile.read(text: text, file: "my-centre.yaml")
    }

    @Test func oneFigureIsChangedAndShownAsSuch() throws {
        let mine = try read(Self.head + "base: yamagata\n" + Self.circumference)
        let base = try Machines.read("yamagata")
        #expect(mine.synchrotron.circumferenceM == 63.5)
        #expect(mine.synchrotron.ring == base.synchrotron.ring)
        #expect(mine.machine.ports == base.machine.ports && mine.machine.energies == base.machine.energies)
        #expect(mine.machine.name == "my-centre" && mine.machine.facility == "My centre")
        #expect(mine.base?.name == "yamagata" && mine.base?.assumption == nil)
        #expect(mine.base?.files.first?.hasSuffix("machines/yamagata.yaml") == true)
        let changed = try #require(mine.overrides.first)
        #expect(mine.overrides.count == 1 && changed.path == "synchrotron.circumference")
        #expect(changed.overridden == "63 m" && changed.note == nil && changed.confidence == .high)
        // Published facts are those of the other building.
        #expect(mine.figures.allSatisfy { !$0.path.hasPrefix("facts") })
        #expect(mine.figures.count == base.figures.count - base.figures.count { $0.path.hasPrefix("facts") })
    }

    @Test func figuresInsidePortsRoomsAndNozzlesAreReachedByTheirIDs() throws {
        let mine = try read(
            Self.head + """
                base: yamagata
                nozzles:
                  gantry:
                    field-half-width: {value: [75, 60], unit: mm, source: mine, confidence: high}
                    range-shifters:
                      - id: RS30
                        water-equivalent-thickness: {value: 31, unit: mm, source: mine, confidence: high}
                ports:
                  - id: gantry
                    couch-angle: {value: [-90, 90], unit: deg, source: mine, confidence: high}
                rooms:
                  - id: "2"
                    set-up-time: {value: [12, 3], unit: min, source: mine, confidence: high}
                """)
        #expect(mine.machine.ports.map(\.id) == ["fixed", "gantry"])
        let gantry = try #require(mine.machine.port("gantry"))
        #expect(gantry.nozzle.fieldHalfWidthMM == SIMD2(75, 60))
        #expect(gantry.nozzle.rangeShifters.map(\.waterEquivalentThicknessMM) == [31])
        #expect(gantry.allows(patientSupportAngle: AngleDegrees(-100)) == false)
        #expect(mine.rooms.map(\.setUp.meanMin) == [9, 12])
        #expect(
            mine.overrides.map { $0.overridden ?? "" } == [
                "100, 100 mm", "30 mm", "-180, 180 deg", "9, 4 min",
            ])
    }

    @Test func allFiguresOfABaseCanCountAsAssumed() throws {
        let mine = try read(
            Self.head + "base: {machine: yamagata, confidence: assumed, note: nothing is built}\n"
                + Self.circumference)
        #expect(mine.base?.assumption == "nothing is built")
        #expect(
            mine.figures.filter { $0.confidence != .assumed }.map(\.path) == ["synchrotron.circumference"])
        let angle = try #require(mine.figures.first { $0.path == "ports[0].gantry-angle" })
        #expect(
            angle.note == "as yamagata: nothing is built; there: horizontal; the side is our choice")
        // The source stays that of the figure.
        #expect(angle.source.hasPrefix("Toshiba"))
    }

    @Test func assumedFiguresStayAssumedInAFileOnTopOfTheFile() throws {
        let mine = try read(Self.head + "base: nmrrc-planned\n" + Self.circumference)
        #expect(
            mine.figures.filter { $0.confidence != .assumed }.map(\.path) == ["synchrotron.circumference"])
        #expect(mine.base?.files.count == 2)
        #expect(mine.notice == nil)
    }

    @Test func energiesOfAnotherKindReplaceTheWhole() throws {
        let mine = try read(
            Self.head
                + "base: yamagata\nenergies:\n  list: {value: [400, 300], unit: MeV/u, source: mine, confidence: high}\n"
        )
        #expect(mine.energyModes.map(\.name) == ["standard"])
        #expect(mine.machine.energies.map(\.value) == [400, 300])
    }

    /// The first file of docs/guide/own-facility.md, with what the page adds to it.
    @Test func theFilesOfTheGuideAreRead() throws {
        let root = String(try DataStore.find().path.dropLast("Data".count))
        let lines = try TextFile.read(root + "docs/guide/own-facility.md").split(
            separator: "\n", omittingEmptySubsequences: false)
        func block(_ first: String) throws -> String {
            let start = try #require(lines.firstIndex { $0.hasPrefix("    " + first) })
            return lines[start...].prefix { $0.isEmpty || $0.hasPrefix("    ") }
                .map { $0.dropFirst(4) }.joined(separator: "\n")
        }
        let whole = try block("format: kasane-machine")
        #expect(try read(whole).overrides.map(\.overridden) == ["63 m"])
        #expect(try read(whole + block("ports:")).overrides.count == 2)
        let left = try #require(
            lines.joined(separator: "\n").firstMatch(of: /`(without: [^`]+)`/)?.output.1)
        #expect(try read(whole + "\n" + left + "\n").machine.ports.map(\.id) == ["fixed"])
        let study = try block("base: {machine")
        let modelled = try read(whole.replacing(/base: yamagata\n/, with: study + "\n"))
        #expect(modelled.notice == "Design study; nothing is contracted.")
        #expect(modelled.figures.filter { $0.confidence != .assumed }.count == 1)
    }

    @Test func partsCanBeLeftOut() throws {
        let mine = try read(
            Self.head + Self.circumference
                + "base: yamagata\nwithout: [ports.gantry, rooms.2, beam-lines.gantry, nozzles.gantry]\n")
        #expect(mine.machine.ports.map(\.id) == ["fixed"] && mine.rooms.map(\.id) == ["1"])
        #expect(mine.figures.allSatisfy { !$0.path.hasPrefix("nozzles.gantry") })
    }

    @Test func aBaseCanBeAFileBesideTheFile() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (first, second) = (folder.path + "/first.yaml", folder.path + "/second.yaml")
        try (Self.head + "base: yamagata\n" + Self.circumference).write(
            toFile: first, atomically: true, encoding: .utf8)
        try """
        format: kasane-machine
        version: 2
        name: second
        facility: Second
        summary: On top of the first.
        base: first.yaml
        """.write(toFile: second, atomically: true, encoding: .utf8)
        let description = try MachineFile.read(path: second)
        #expect(description.synchrotron.circumferenceM == 63.5)
        #expect(description.base?.files.first == first && description.base?.files.count == 2)
        #expect(description.overrides.isEmpty)
        // A file that leads back to itself.
        try (Self.head + "base: second.yaml\n" + Self.circumference).write(
            toFile: first, atomically: true, encoding: .utf8)
        #expect(throws: InvalidFile.self) { try MachineFile.read(path: second) }
    }

    static let faults = [
        BrokenText("base: yamagata", "base: yamagta", path: "base", says: "no machine ‘yamagta’"),
        BrokenText(
            "base: yamagata", "base: {machine: yamagata, confidence: high, note: none}",
            path: "base.confidence",
            says: "only ‘assumed’"),
        BrokenText(
            "base: yamagata", "base: {machine: yamagata}", path: "base.note", says: "missing"),
        BrokenText(
            "base: yamagata", "without: [ports.gantry]", path: "without", says: "only a file with a base"),
        BrokenText(
            "base: yamagata", "base: yamagata\nwithout: [ports.gentry]", path: "without[0]",
            says: "nothing at ‘ports.gentry’"),
        BrokenText(
            "base: yamagata", "base: yamagata\nwithout: [ports.gantry]", path: "beam-lines.gantry",
            says: "no port ‘gantry’; known here: fixed"),
        BrokenText("mine: Com", "chosen: Com", path: "sources.chosen", says: "take another name"),
        BrokenText("source: mine", "source: chosen", path: "sources", says: "‘mine’ is used by no figure"),
        BrokenText(
            "value: 63.5, ", "", path: "synchrotron.circumference.value", says: "missing"),
        BrokenText(
            "value: 63.5", "value: 23", path: "synchrotron.bending-radius",
            says: "this comes from the base ‘yamagata’"),
        BrokenText("name: my-centre\n", "", path: "name", says: "missing"),
    ]

    @Test(arguments: faults)
    func fault(_ broken: BrokenText) throws {
        let text = Self.head + "base: yamagata\n" + Self.circumference
        try broken.expectRefused(in: text, file: "my-centre.yaml") { text, file throws(InvalidFile) in
            _ = try MachineFile.read(text: text, file: file)
        }
    }
}
