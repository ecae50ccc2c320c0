import DICOMFile
import DICOMRadiotherapy
import Foundation
import Testing

/// Each broken series is refused with an error that names the file and the element.
@Suite struct BrokenCTTests {
    struct Broken: CustomTestStringConvertible, Sendable {
        var testDescription: String
        /// What the message must contain; `CT.000n` names a file.
        var mentions: [String]
        /// Whether the error is the right case.
        var isRight: @Sendable (any Error) -> Bool
        /// Breaks the series of five slices and gives the files to read.
        var damage: @Sendable (Scratch, [String]) throws -> [String]
    }

    /// Changes one slice.
    static func changed(
        _ index: Int, _ change: @escaping @Sendable (DICOMItem) throws -> Void
    ) -> @Sendable (Scratch, [String]) throws -> [String] {
        { _, files in
            try edit(files[index], change)
            return files
        }
    }

    /// Changes all slices.
    static func allChanged(
        _ change: @escaping @Sendable (DICOMItem) throws -> Void
    ) -> @Sendable (Scratch, [String]) throws -> [String] {
        { _, files in
            for file in files { try edit(file, change) }
            return files
        }
    }

    static func isImport(_ test: @escaping @Sendable (DICOMImportError) -> Bool)
        -> @Sendable (any Error) -> Bool
    {
        { ($0 as? DICOMImportError).map(test) ?? false }
    }

    static func isFile(_ test: @escaping @Sendable (DICOMError) -> Bool) -> @Sendable (any Error) -> Bool {
        { ($0 as? DICOMError).map(test) ?? false }
    }

    static func invalid(_ tag: DICOMTag) -> @Sendable (any Error) -> Bool {
        isFile { if case .invalidValue(let place, _, _, _) = $0 { place.tag == tag } else { false } }
    }

    static func missing(_ tag: DICOMTag) -> @Sendable (any Error) -> Bool {
        isFile { if case .missingElement(let place) = $0 { place.tag == tag } else { false } }
    }

    static func inconsistent(_ tag: DICOMTag) -> @Sendable (any Error) -> Bool {
        isImport { if case .inconsistentElement(let place, _, _, _) = $0 { place.tag == tag } else { false } }
    }

    static let geometry: [Broken] = [
        Broken(
            testDescription: "missing slice",
            mentions: ["1 slice is missing", "CT.0002", "CT.0004", "-202.0"],
            isRight: isImport { if case .missingSlices(1, _, _, 2.5) = $0 { true } else { false } },
            damage: { _, files in [0, 1, 3, 4].map { files[$0] } }),
        Broken(
            testDescription: "two planes at one place",
            mentions: ["CT.0002", "CT.0003", "ImagePositionPatient (0020,0032)", "-202.0"],
            isRight: isImport { if case .duplicateSlices = $0 { true } else { false } },
            damage: changed(2) { try $0.set(.imagePositionPatient, decimals: [-12.5, 31.25, -202]) }),
        Broken(
            testDescription: "one file twice", mentions: ["CT.0001", "-204.5"],
            isRight: isImport { if case .duplicateSlices = $0 { true } else { false } },
            damage: { scratch, files in
                try FileManager.default.copyItem(atPath: files[0], toPath: scratch.file("copy.dcm"))
                return files + [scratch.file("copy.dcm")]
            }),
        Broken(
            testDescription: "uneven spacing",
            mentions: ["CT.0003", "CT.0004", "ImagePositionPatient (0020,0032)", "2.9"],
            isRight: isImport { if case .unevenSpacing = $0 { true } else { false } },
            damage: { _, files in
                for (index, z) in [(3, -196.6), (4, -194.1)] {
                    try edit(files[index]) { try $0.set(.imagePositionPatient, decimals: [-12.5, 31.25, z]) }
                }
                return files
            }),
        Broken(
            testDescription: "oblique planes",
            mentions: ["CT.0001", "ImageOrientationPatient (0020,0037)", "0.9962"],
            isRight: isImport { if case .obliqueOrientation = $0 { true } else { false } },
            damage: allChanged {
                try $0.set(.imageOrientationPatient, decimals: [1, 0, 0, 0, 0.9962, -0.0872])
            }),
        Broken(
            testDescription: "gantry tilt", mentions: ["CT.0001", "GantryDetectorTilt (0018,1120)", "12.5"],
            isRight: isImport { if case .gantryTilt = $0 { true } else { false } },
            damage: allChanged { try $0.set(.gantryDetectorTilt, decimal: 12.5) }),
        Broken(
            testDescription: "planes that shift within themselves",
            mentions: ["CT.0004", "ImagePositionPatient (0020,0032)", "33.0"],
            isRight: inconsistent(.imagePositionPatient),
            damage: changed(3) { try $0.set(.imagePositionPatient, decimals: [-12.5, 33, -197]) }),
        Broken(
            testDescription: "one slice alone", mentions: ["CT.0003", "ImagePositionPatient"],
            isRight: isImport { if case .singleSlice = $0 { true } else { false } },
            damage: { _, files in [files[2]] }),
        Broken(
            testDescription: "mixed series",
            mentions: ["SeriesInstanceUID (0020,000E)", "2.25.", "CT  5 files"],
            isRight: isImport { if case .mixedSeries(let list) = $0 { list.count == 2 } else { false } },
            damage: { scratch, files in
                files + (try CTWriter.write(ct: Samples.ct(), to: scratch.file("other")))
            }),
        Broken(
            testDescription: "other frame of reference",
            mentions: ["CT.0005", "FrameOfReferenceUID (0020,0052)", "2.25.99"],
            isRight: inconsistent(.frameOfReferenceUID),
            damage: changed(4) { try $0.set(.frameOfReferenceUID, "2.25.99") }),
        Broken(
            testDescription: "another patient", mentions: ["CT.0002", "PatientID (0010,0020)", "SOMEONE"],
            isRight: inconsistent(.patientID), damage: changed(1) { try $0.set(.patientID, "SOMEONE") }),
        Broken(
            testDescription: "other pixel spacing", mentions: ["CT.0003", "PixelSpacing (0028,0030)", "1.3"],
            isRight: inconsistent(.pixelSpacing),
            damage: changed(2) { try $0.set(.pixelSpacing, decimals: [1.3, 0.9765625]) }),
        Broken(
            testDescription: "other number of rows", mentions: ["CT.0003", "Rows (0028,0010)", "5"],
            isRight: inconsistent(.rows), damage: changed(2) { try $0.set(.rows, 5) }),
        Broken(
            testDescription: "patient on the side",
            mentions: ["CT.0001", "PatientPosition (0018,5100)", "HFDR"],
            isRight: invalid(.patientPosition), damage: allChanged { try $0.set(.patientPosition, "HFDR") }),
    ]

    static let elements: [Broken] = [
        Broken(
            testDescription: "no position",
            mentions: ["CT.0003", "ImagePositionPatient (0020,0032)", "missing"],
            isRight: missing(.imagePositionPatient),
            damage: changed(2) { try $0.remove(.imagePositionPatient) }),
        Broken(
            testDescription: "position of two values",
            mentions: ["CT.0003", "ImagePositionPatient (0020,0032)", "2"],
            isRight: isFile { if case .wrongValueCount(_, 2, "3") = $0 { true } else { false } },
            damage: changed(2) { try $0.set(.imagePositionPatient, decimals: [1, 2]) }),
        Broken(
            testDescription: "no frame of reference",
            mentions: ["CT.0001", "FrameOfReferenceUID (0020,0052)"],
            isRight: missing(.frameOfReferenceUID), damage: allChanged { try $0.remove(.frameOfReferenceUID) }
        ),
        Broken(
            testDescription: "empty rescale slope",
            mentions: ["CT.0002", "RescaleSlope (0028,1053)", "no value"],
            isRight: isFile { if case .emptyElement(let p) = $0 { p.tag == .rescaleSlope } else { false } },
            damage: changed(1) { try $0.setEmpty(.rescaleSlope) }),
        Broken(
            testDescription: "rescale slope that is no number",
            mentions: ["CT.0002", "RescaleSlope (0028,1053)", "1,0"],
            isRight: invalid(.rescaleSlope), damage: changed(1) { try $0.set(.rescaleSlope, "1,0") }),
        Broken(
            testDescription: "rescale slope of zero", mentions: ["CT.0002", "RescaleSlope (0028,1053)"],
            isRight: invalid(.rescaleSlope), damage: changed(1) { try $0.set(.rescaleSlope, "0") }),
        Broken(
            testDescription: "CT numbers beyond 16 bits",
            mentions: ["CT.0001", "RescaleSlope (0028,1053)", "HU"],
            isRight: isImport { if case .hounsfieldOutOfRange = $0 { true } else { false } },
            damage: allChanged { try $0.set(.rescaleSlope, "400") }),
        Broken(
            testDescription: "pixel spacing of zero",
            mentions: ["CT.0001", "PixelSpacing (0028,0030)", "0.0"],
            isRight: invalid(.pixelSpacing),
            damage: changed(0) { try $0.set(.pixelSpacing, decimals: [0, 1]) }),
        Broken(
            testDescription: "colour image", mentions: ["CT.0004", "SamplesPerPixel (0028,0002)", "3"],
            isRight: invalid(.samplesPerPixel), damage: changed(3) { try $0.set(.samplesPerPixel, 3) }),
        Broken(
            testDescription: "inverted grey scale",
            mentions: ["CT.0001", "PhotometricInterpretation (0028,0004)", "MONOCHROME1"],
            isRight: invalid(.photometricInterpretation),
            damage: changed(0) { try $0.set(.photometricInterpretation, "MONOCHROME1") }),
        Broken(
            testDescription: "more bits stored than allocated",
            mentions: ["CT.0001", "BitsStored (0028,0101)", "17"],
            isRight: invalid(.bitsStored), damage: changed(0) { try $0.set(.bitsStored, 17) }),
        Broken(
            testDescription: "no pixel data", mentions: ["CT.0003", "PixelData (7FE0,0010)"],
            isRight: isFile { if case .noPixelData = $0 { true } else { false } },
            damage: changed(2) { try $0.remove(.pixelData) }),
        Broken(
            testDescription: "more rows than pixels",
            mentions: ["CT.0001", "PixelData (7FE0,0010)", "84", "98"],
            isRight: isImport { if case .pixelDataSize(_, 84, 98) = $0 { true } else { false } },
            damage: allChanged { try $0.set(.rows, 7) }),
        Broken(
            testDescription: "magnetic resonance", mentions: ["CT.0001", "Modality (0008,0060)", "MR"],
            isRight: invalid(.modality), damage: allChanged { try $0.set(.modality, "MR") }),
        Broken(
            testDescription: "other object class",
            mentions: ["CT.0001", "SOPClassUID (0008,0016)", "MRImageStorage"],
            isRight: isImport { if case .wrongObject = $0 { true } else { false } },
            damage: allChanged { try $0.set(.sopClassUID, "1.2.840.10008.5.1.4.1.1.4") }),
        Broken(
            testDescription: "a structure set among the slices",
            mentions: ["RS.dcm", "SOPClassUID (0008,0016)"],
            isRight: isImport { if case .wrongObject = $0 { true } else { false } },
            damage: { scratch, files in
                let ct = Samples.ct()
                try StructureSetWriter.write(
                    structureSet: Samples.structureSet(for: ct), ct: ct, to: scratch.file("RS.dcm"))
                return [scratch.file("RS.dcm")] + files
            }),
    ]

    static let files: [Broken] = [
        Broken(
            testDescription: "compressed with loss",
            mentions: ["CT.0001", "TransferSyntaxUID (0002,0010)", "JPEGBaseline"],
            isRight: isImport { if case .lossyCompression = $0 { true } else { false } },
            damage: { _, files in
                for path in files {
                    let file = try DICOMFile(reading: path)
                    try file.dataset.set(.bitsAllocated, 8)
                    try file.dataset.set(.bitsStored, 8)
                    try file.dataset.set(.highBit, 7)
                    try file.dataset.set(.pixelRepresentation, 0)
                    try file.dataset.set(.pixelData, words: (0..<21).map { UInt16($0 * 1000) })
                    try file.write(to: path, transferSyntax: .jpegBaseline)
                }
                return files
            }),
        Broken(
            testDescription: "compressed with loss before",
            mentions: ["CT.0002", "LossyImageCompression (0028,2110)"],
            isRight: isImport { if case .lossyCompression = $0 { true } else { false } },
            damage: changed(1) { try $0.set(.lossyImageCompression, "01") }),
        Broken(
            testDescription: "cut off in the pixels", mentions: ["CT.0004"],
            isRight: isFile { if case .damaged = $0 { true } else { false } },
            damage: { _, files in
                try truncate(files[3], dropping: 30)
                return files
            }),
        Broken(
            testDescription: "cut off in the header", mentions: ["CT.0004"],
            isRight: isFile { if case .damaged = $0 { true } else { false } },
            damage: { _, files in
                try truncate(files[3], dropping: 300)
                return files
            }),
        Broken(
            testDescription: "empty file", mentions: ["CT.0004", "not a DICOM file", "0 bytes"],
            isRight: isFile { if case .notDICOM = $0 { true } else { false } },
            damage: { _, files in
                try Data().write(to: URL(fileURLWithPath: files[3]))
                return files
            }),
        Broken(
            testDescription: "text file", mentions: ["notes.txt", "not a DICOM file", "DICM"],
            isRight: isFile { if case .notDICOM = $0 { true } else { false } },
            damage: { scratch, files in
                try Data(String(repeating: "not an image. ", count: 40).utf8)
                    .write(to: URL(fileURLWithPath: scratch.file("notes.txt")))
                return files + [scratch.file("notes.txt")]
            }),
        Broken(
            testDescription: "file that is not there", mentions: ["gone.dcm", "no such file"],
            isRight: isFile { if case .unreadable = $0 { true } else { false } },
            damage: { scratch, files in files + [scratch.file("gone.dcm")] }),
        Broken(
            testDescription: "no file at all", mentions: ["no files given"],
            isRight: isImport { if case .noImages = $0 { true } else { false } }, damage: { _, _ in [] }),
    ]

    static func truncate(_ path: String, dropping count: Int) throws {
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        try data.dropLast(count).write(to: URL(fileURLWithPath: path))
    }

    @Test(arguments: geometry + elements + files) func isRefused(_ broken: Broken) throws {
        let scratch = try Scratch()
        let files = try broken.damage(scratch, CTWriter.write(ct: Samples.ct(), to: scratch.path))
        do {
            _ = try CTSeriesReader.read(files: files)
            Issue.record("the broken series was accepted")
        } catch {
            #expect(broken.isRight(error), "\(error)")
            for text in broken.mentions { #expect("\(error)".contains(text), "\(error)") }
        }
    }

    @Test func seriesThatIsNotThere() throws {
        let scratch = try Scratch()
        let files = try CTWriter.write(ct: Samples.ct(), to: scratch.path)
        #expect(throws: DICOMImportError.self) {
            try CTSeriesReader.read(files: files, seriesUID: "2.25.1")
        }
    }
}
