import CaseFiles
import FacilityModel
import Quantities
import Testing

@Suite struct MonitorUnitFileTests {
    @Test func tableWithCommentsIsRead() throws {
        let text = "# chamber 1, May\nenergy,particles-per-mu\n100, 2.0e5 # lowest\n\n400,5.5e5\n"
        let calibration = try MonitorUnitFile.read(text: text, file: "m.csv")
        #expect(calibration.points.count == 2)
        #expect(calibration.particles(at: EnergyPerNucleon(250)) == 3.75e5)
    }

    @Test(arguments: [
        ("energy,mu\n100,1\n", "m.csv:1", "the header"),
        ("energy,particles-per-mu\n100,2e5\nx,3e5\n", "m.csv:3", "‘x,3e5’"),
        ("energy,particles-per-mu\n100,2e5\n200,-1\n", "m.csv:3", "both positive"),
        ("energy,particles-per-mu\n100,2e5\n90,3e5\n", "m.csv:3", "does not rise"),
        ("energy,particles-per-mu\n100,2e5\n", "m.csv", "1 rows"),
        ("", "m.csv", "0 rows"),
    ])
    func badTablesAreRefusedAtTheirLine(text: String, place: String, words: String) {
        do {
            _ = try MonitorUnitFile.read(text: text, file: "m.csv")
            Issue.record("read without complaint")
        } catch {
            #expect(error.description.hasPrefix(place), "\(error)")
            #expect(error.description.contains(words), "\(error)")
        }
    }
}
