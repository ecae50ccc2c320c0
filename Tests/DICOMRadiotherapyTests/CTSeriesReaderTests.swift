import DICOMFile
import DICOMRadiotherapy
import Frames
import PatientModel
import PlanModel
import Testing
import Volumes

@Suite struct CTSeriesReaderTests {
    struct Stored: CustomTestStringConvertible {
        var position: PatientPosition
        var syntax: TransferSyntax
        var isSigned: Bool
        var testDescription: String { "\(position.rawValue) \(syntax) \(isSigned ? "signed" : "unsigned")" }
    }

    static let all: [Stored] = PatientPosition.allCases.flatMap { position in
        TransferSyntax.allCases.filter { $0 != .jpegBaseline }.flatMap { syntax in
            [true, false].map { Stored(position: position, syntax: syntax, isSigned: $0) }
        }
    }

    @Test(arguments: all) func returnsTheImageThatWasWritten(_ stored: Stored) throws {
        let scratch = try Scratch()
        let ct = Samples.ct(stored.position)
        let files = try CTWriter.write(
            ct: ct,
            storage: .init(
                transferSyntax: stored.syntax, isSigned: stored.isSigned, instanceNumbers: [4, 1, 5, 3, 2]),
            to: scratch.path)
        let read = try CTSeriesReader.readWithFindings(files: [3, 0, 4, 1, 2].map { files[$0] })
        #expect(read.findings.isEmpty)
        #expect(read.image.hounsfield == ct.hounsfield)
        #expect(read.image.patientPosition == stored.position)
        #expect(read.image.sliceInstanceUIDs == ct.sliceInstanceUIDs)
        #expect(read.image.seriesInstanceUID == ct.seriesInstanceUID)
        #expect(read.image.studyInstanceUID == ct.studyInstanceUID)
        #expect(read.image.patient == ct.patient)
        let file = try DICOMFile(reading: files[0])
        #expect(file.transferSyntaxUID == stored.syntax.rawValue)
    }

    /// The corner that is stored first is the one that Image Position names, for each position.
    @Test func storesRowsAsScannersDo() throws {
        let corner: [PatientPosition: (x: Double, y: Double)] = [
            .headFirstSupine: (-12.5, 31.25), .headFirstProne: (-12.5 + 6 * 0.9765625, 37.5),
            .feetFirstSupine: (-12.5 + 6 * 0.9765625, 31.25), .feetFirstProne: (-12.5, 37.5),
        ]
        for (position, expected) in corner {
            let scratch = try Scratch()
            let files = try CTWriter.write(ct: Samples.ct(position), to: scratch.path)
            let first = try DICOMFile(reading: files[0]).dataset.requiredNumbers(.imagePositionPatient)
            #expect(first == [expected.x, expected.y, -204.5])
        }
    }

    @Test func appliesRescaleToStoredBits() throws {
        let scratch = try Scratch()
        let ct = Samples.ct()
        // 12 bits, slope 2 and intercept -1000: odd CT numbers are lost by the storage, not by the reader.
        let files = try CTWriter.write(
            ct: ct,
            storage: .init(isSigned: false, slope: 2, intercept: -1000, bitsStored: 12), to: scratch.path)
        // Bits above Bits Stored may hold old overlays: they must not count.
        for path in files {
            let file = try DICOMFile(reading: path)
            let bytes = try file.pixelBytes()
            let words = stride(from: 0, to: bytes.count, by: 2).map {
                (UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8) | 0xA000
            }
            try edit(path) { try $0.set(.pixelData, words: words) }
        }
        let read = try CTSeriesReader.read(files: files)
        let expected = ct.hounsfield.map { Int16((Double($0 + 1000) / 2).rounded() * 2 - 1000) }
        #expect(read.hounsfield == expected)
    }

    @Test func roundsFractionsOfACTNumberAndSaysSo() throws {
        let scratch = try Scratch()
        let files = try CTWriter.write(
            ct: Samples.ct(), storage: .init(isSigned: false, slope: 0.5, intercept: -1100), to: scratch.path)
        for path in files { try edit(path) { try $0.set(.rescaleIntercept, "-1100.25") } }
        let read = try CTSeriesReader.readWithFindings(files: files)
        #expect(read.findings.map(\.code) == ["CT-0002"])
        #expect(read.image.hounsfield == Samples.ct().hounsfield)
    }

    @Test func takesTheSeriesThatIsAskedFor() throws {
        let scratch = try Scratch()
        let (a, b) = (Samples.ct(), Samples.ct(.headFirstProne, slices: 3))
        let files =
            try CTWriter.write(ct: a, to: scratch.file("a"))
            + CTWriter.write(ct: b, to: scratch.file("b"))
        let read = try CTSeriesReader.read(files: files, seriesUID: b.seriesInstanceUID)
        #expect(read.hounsfield == b.hounsfield)
    }

    @Test func reportsPaddingAndAMissingPatientID() throws {
        let scratch = try Scratch()
        var ct = Samples.ct()
        ct.hounsfield[0, 0, 0] = -3024
        ct.patient.id = ""
        let files = try CTWriter.write(ct: ct, to: scratch.path)
        let read = try CTSeriesReader.readWithFindings(files: files)
        #expect(read.findings.map(\.code) == ["CT-0001", "CT-0003"])
    }
}
