import IonTransport
import Quantities
import Testing

@Suite struct FragmentationTableTests {
    @Test func channelsMustAddUpToTheProjectile() throws {
        let table = try FragmentationTable(parsing: "# comment\n12C | 4He 4He 4He | 1 2\n")
        #expect(table.channels.count == 1)
        #expect(table.channels.first?.weights == [1, 1, 1, 1, 1, 2, 2, 2, 2, 2])
        #expect(
            throws: FragmentationTableError.notConserved(line: 1, projectile: .carbon12)
        ) { try FragmentationTable(parsing: "12C | 11C p | 1 1") }
        #expect(
            throws: FragmentationTableError.notConserved(line: 1, projectile: .carbon12)
        ) { try FragmentationTable(parsing: "12C | 11B p n | 1 1") }
    }

    @Test(arguments: [
        "12C | 11C n", "12X | p | 1 1", "12C | 11C n | 1 2 3", "12C | 11C n | 1 -1", "12C | 8Be 4He | 1 1",
    ])
    func damagedLinesAreRefused(_ line: String) {
        #expect(throws: FragmentationTableError.malformed(line: 1)) {
            try FragmentationTable(parsing: line)
        }
    }
}
