import CaseFiles
import PatientModel
import Testing

@Suite struct CalibrationFileTests {
    @Test func curveWithCommentsIsRead() throws {
        let text = "# clinic\nHU,SPR\n-1000, 0.001 # air\n\n0,1\n3000,2.5\n"
        let conversion = try CalibrationFile.read(text: text, file: "c.csv")
        #expect(conversion.domain == -1000...3000)
        #expect(conversion.properties(hounsfield: 0)?.stopping == 1)
    }

    @Test(arguments: [
        ("SPR,HU\n1,0\n", "c.csv:1", "the header"),
        ("HU,SPR\n0,1\nx,2\n", "c.csv:3", "‘x,2’"),
        ("HU,SPR\n0,1\n5\n", "c.csv:3", "2 numbers"),
        ("HU,SPR\n0,1\n# note\n0,2\n", "c.csv:4", "does not exceed"),
        ("HU,SPR\n0,1\n100,0.9\n", "c.csv:3", "less than"),
        ("HU,SPR\n0,1\n", "c.csv", "two"),
        ("HU,SPR\n0,1\n100,nan\n", "c.csv:3", "‘100,nan’"),
    ])
    func badCurvesAreRefusedAtTheirLine(text: String, place: String, words: String) {
        do {
            _ = try CalibrationFile.read(text: text, file: "c.csv")
            Issue.record("read without complaint")
        } catch {
            #expect(error.description.hasPrefix(place), "\(error)")
            #expect(error.description.contains(words), "\(error)")
        }
    }
}
