import Foundation
import Testing

@Suite struct FacilityCommandTests {
    @Test func listNamesTheMachines() throws {
        let result = try KasaneProcess.run(["facility", "list"])
        #expect(result.status == 0)
        #expect(result.output.contains("nirs-scanning"))
        #expect(result.output.contains("yamagata"))
    }

    @Test func showTellsWhatIsAssumed() throws {
        let result = try KasaneProcess.run([
            "facility", "show", "yamagata", "--assumptions", "--format", "csv",
        ])
        #expect(result.status == 0)
        let lines = result.output.split(separator: "\n")
        #expect(lines.first == "figure,value,unit,confidence,source,note")
        #expect(lines.count > 10)
        #expect(lines.dropFirst().allSatisfy { $0.contains(",assumed,") })
    }

    @Test func jsonHoldsEveryEnergy() throws {
        let result = try KasaneProcess.run([
            "facility", "show", "nirs-scanning", "--energies", "--format", "json",
        ])
        let rows = try JSONDecoder().decode([[String: String]].self, from: Data(result.output.utf8))
        #expect(rows.count == 201)
        #expect(rows.first?["MeV/u"] == "430.000")
    }

    @Test func unknownMachineIsBadInputWithTheKnownOnes() throws {
        let result = try KasaneProcess.run(["facility", "show", "yamagta"])
        #expect(result.status == 65)
        #expect(result.errors.contains("‘yamagta’ (known: himac-passive, nirs-scanning, yamagata)"))
        #expect(result.output.isEmpty)
    }
}
