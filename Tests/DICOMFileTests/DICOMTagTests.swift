import DICOMFile
import Foundation
import Testing

@Suite struct DICOMTagTests {
    /// The names in the source are those of the data dictionary.
    static let named = DICOMTag.named + DICOMTag.namedOfRecords

    @Test(arguments: named.indices) func isNamedAsInTheDictionary(_ index: Int) {
        let entry = Self.named[index]
        #expect(entry.tag.keyword == entry.keyword)
        // Two tags have a representation that depends on others: US or SS, OB or OW.
        let isSettledElsewhere = [DICOMTag.pixelData, .pixelPaddingValue].contains(entry.tag)
        #expect(entry.tag.valueRepresentation.isEmpty == isSettledElsewhere)
    }

    @Test func describesItself() {
        #expect(DICOMTag.pixelSpacing.description == "PixelSpacing (0028,0030)")
        #expect(DICOMTag(0x0099, 0x0001).description == "element (0099,0001)")
        #expect(DICOMTag.doseValueInterpretation.description == "DoseValueInterpretation (300A,068B)")
    }
}

@Suite struct DICOMUIDTests {
    /// The example of PS3.5 B.2.
    @Test func isTheDecimalFormOfAUUID() throws {
        let uuid = try #require(UUID(uuidString: "F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6"))
        #expect(DICOMUID.make(from: uuid) == "2.25.329800735698586629295641978511506172918")
        let zero = try #require(UUID(uuidString: "00000000-0000-0000-0000-000000000000"))
        #expect(DICOMUID.make(from: zero) == "2.25.0")
    }

    @Test func isValidAndNeverTheSame() {
        let made = (0..<2000).map { _ in DICOMUID.make() }
        #expect(Set(made).count == made.count)
        #expect(made.allSatisfy(DICOMUID.isValid))
    }

    @Test(arguments: ["", "1..2", "1.02", "1.2a", ".1", "1.", String(repeating: "1.", count: 32) + "1"])
    func malformedOnesAreTold(_ text: String) { #expect(!DICOMUID.isValid(text)) }
}
