import Foundation
import Testing

@Suite struct PhysicsCommandTests {
    /// Rows of the JSON output.
    private func rows(_ arguments: [String]) throws -> [[String: Any]] {
        let run = try KasaneProcess.run(arguments + ["--format", "json"])
        #expect(run.status == 0, "\(run.errors)")
        let object = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
        return try #require(object?["rows"] as? [[String: Any]])
    }

    @Test func printsStoppingPowerOfAnyIonAndEnergy() throws {
        let rows = try rows(["physics", "stopping", "--ion", "4He", "--energy", "50:200:50"])
        #expect(rows.count == 4)
        let value = try #require(rows[3]["waterMassStopping"] as? Double)
        #expect(abs(value - 17.80) < 0.05)
    }

    @Test(arguments: [
        "stopping", "range", "straggling", "scattering", "cross-section", "let", "material",
    ])
    func everyTopicHasItsTable(topic: String) throws {
        let table = try KasaneProcess.run(["physics", topic, "--energy", "100,290", "--material", "pmma"])
        #expect(table.status == 0, "\(table.errors)")
        let csv = try KasaneProcess.run([
            "physics", topic, "--energy", "100,290", "--material", "pmma", "--format", "csv",
        ])
        let lines = csv.output.split(separator: "\n")
        #expect(lines.count == (topic == "material" ? 2 : 3))
        #expect(Set(lines.map { $0.split(separator: ",").count }).count == 1)
    }

    @Test(arguments: [
        (["physics", "range", "--ion", "9X"], "ion \"9X\""),
        (["physics", "range", "--energy", "5000"], "5000.0 MeV/u"),
        (["physics", "material", "--material", "cheese"], "\"cheese\""),
        (["beam-data", "show", "--energy", "900"], "900.0 MeV/u"),
        (["beam-data", "show", "--file", "no/such.kbd"], "no/such.kbd"),
        (["beam-data", "show", "--energy", "200", "--step", "0"], "depth step"),
        (["beam-data", "build", "--histories", "3", "--output", "/nonexistent/folder"], "3 histories"),
    ])
    func badInputIsNamedAndLeavesWithDataError(arguments: [String], words: String) throws {
        let run = try KasaneProcess.run(arguments)
        #expect(run.status == 65)
        #expect(run.errors.contains(words) && run.errors.hasPrefix("kasane: "))
        #expect(run.output.isEmpty)
    }

    @Test func notANumberListIsAUsageError() throws {
        #expect(try KasaneProcess.run(["physics", "range", "--energy", "10:5:1"]).status == 64)
    }

    /// The shipped beam data: peak of 400 MeV/u near the measured 27.5 cm.
    @Test func showsTheShippedBeamData() throws {
        let rows = try rows(["beam-data", "show", "--energy", "400", "--step", "0.5"])
        let peak = try #require(
            rows.max { ($0["dose"] as? Double ?? 0) < ($1["dose"] as? Double ?? 0) }?["depth"] as? Double)
        #expect(abs(peak - 275) < 1.5)
        let spectra = try self.rows(["beam-data", "show", "--energy", "400", "--spectrum-depth", "150"])
        let carbon = spectra.reduce(0.0) { $0 + ($1["12C"] as? Double ?? 0) }
        #expect(carbon > 0.4 && carbon < 0.65)
        #expect(try self.rows(["beam-data", "show"]).count > 20)
    }
}
