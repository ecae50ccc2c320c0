import Foundation
import Testing

@Suite struct FacilitySimulationTests {
    private static func folder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "kasane-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    @Test func rampTellsEveryStageAndWritesTableAndPictures() throws {
        let folder = try Self.folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let csv = folder.appendingPathComponent("ramp.csv").path
        let result = try KasaneProcess.run([
            "facility", "ramp", "yamagata", "--energy", "20", "--particles", "16", "--csv", csv, "--pictures",
            folder.appendingPathComponent("pictures").path,
        ])
        #expect(result.status == 0, "\(result.errors)")
        for text in [
            "Injector", "Multi-turn injection", "Ions of one pulse", "Space charge",
            "figures of injector and ring are assumed",
        ] {
            #expect(result.output.contains(text), "\(text)")
        }
        let lines = try String(contentsOfFile: csv, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 501)
        #expect(lines[0].hasPrefix("time [ms],field [T],energy [MeV/u],frequency [MHz]"))
        for name in ["ramp", "injection", "bucket-0", "bucket-3"] {
            let file = folder.appendingPathComponent("pictures/\(name).svg").path
            #expect(FileManager.default.fileExists(atPath: file), "\(name)")
        }
    }

    @Test func anEnergyBeyondTheRingIsBadInput() throws {
        let result = try KasaneProcess.run(["facility", "ramp", "yamagata", "--energy", "600"])
        #expect(result.status == 65)
        #expect(result.errors.contains("600.0 MeV/u needs a dipole field of"), "\(result.errors)")
    }

    @Test func cycleOfTheReferenceField() throws {
        let folder = try Self.folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let csv = folder.appendingPathComponent("cycle.csv").path
        let result = try KasaneProcess.run(["facility", "cycle", "himac", "--csv", csv])
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("energy step"))
        let text = try String(contentsOfFile: csv, encoding: .utf8)
        #expect(text.components(separatedBy: ",spill,").count - 1 == 20)
        let fixed = try KasaneProcess.run(["facility", "cycle", "himac", "--mode", "fixed"])
        #expect(fixed.output.contains("wait"))
        let missing = try KasaneProcess.run([
            "facility", "cycle", "yamagata", "--plan", folder.path + "/none",
        ])
        #expect(missing.status != 0)
        #expect(missing.errors.contains("none"))
    }

    @Test func dayIsReproducibleAndDrawsItsRooms() throws {
        let folder = try Self.folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        func day(_ seed: String) throws -> KasaneProcess {
            try KasaneProcess.run([
                "facility", "day", "yamagata", "--rooms", "3", "--seed", seed, "--pictures", folder.path,
            ])
        }
        let (first, again, other) = (try day("5"), try day("5"), try day("6"))
        #expect(first.status == 0, "\(first.errors)")
        #expect(first.output == again.output)
        #expect(first.output != other.output)
        #expect(first.output.contains("room 3"))
        #expect(first.output.contains("figures of rooms and operation are assumed"))
        let svg = try String(contentsOf: folder.appendingPathComponent("day.svg"), encoding: .utf8)
        #expect(svg.contains(">room 3</text>"))
        let bad = try KasaneProcess.run(["facility", "day", "yamagata", "--open", "17", "--close", "9"])
        #expect(bad.status == 65)
        #expect(bad.errors.contains("end of the day"))
    }

    @Test func yearComparesAllMachines() throws {
        let result = try KasaneProcess.run(["facility", "year", "--days", "5", "--format", "csv"])
        #expect(result.status == 0, "\(result.errors)")
        let lines = result.output.split(separator: "\n")
        #expect(lines.count == 6)
        #expect(result.output.contains("not contracted"))
    }
}
