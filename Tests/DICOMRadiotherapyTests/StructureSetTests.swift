import DICOMFile
import DICOMRadiotherapy
import Foundation
import Frames
import PatientModel
import PlanModel
import Testing
import Volumes

@Suite struct StructureSetTests {
    @Test(arguments: [
        TransferSyntax.explicitLittleEndian, .implicitLittleEndian, .explicitBigEndian,
        .deflatedExplicitLittleEndian,
    ]) func returnsWhatWasWritten(_ syntax: TransferSyntax) throws {
        let scratch = try Scratch()
        let ct = Samples.ct()
        let set = Samples.structureSet(for: ct)
        try StructureSetWriter.write(
            structureSet: set, ct: ct, transferSyntax: syntax, to: scratch.file("RS.dcm"))
        let (read, findings) = try StructureSetReader.read(file: scratch.file("RS.dcm"), for: ct)
        expectSame(read, set)
        #expect(findings.map(\.code) == ["SS-0004", "SS-0006"])
        expectSame(try StructureSetReader.read(file: scratch.file("RS.dcm"), for: nil).0, set)
    }

    /// Everything equal; coordinates to the digits of a decimal string.
    private func expectSame(_ read: StructureSet, _ set: StructureSet) {
        func rounded(_ set: StructureSet) -> StructureSet {
            var copy = set
            for i in copy.structures.indices {
                copy.structures[i].contours = copy.structures[i].contours.map { contour in
                    Contour(
                        zMM: (contour.zMM * 1e9).rounded(),
                        points: contour.points.map { SIMD2(($0.x * 1e9).rounded(), ($0.y * 1e9).rounded()) })
                }
            }
            return copy
        }
        #expect(rounded(read) == rounded(set))
    }

    /// Names as other systems encode them.
    @Test(
        arguments: [
            ("ISO_IR 100", [0x54, 0x72, 0xE4, 0x6E, 0x65], "Träne"),
            ("ISO_IR 192", [0xE8, 0x84, 0xB3, 0xE5, 0xB9, 0xB9], "脳幹"),
            ("\\ISO 2022 IR 87", [0x1B, 0x24, 0x42, 0x3B, 0x33, 0x45, 0x44, 0x1B, 0x28, 0x42], "山田"),
            (
                "ISO 2022 IR 13\\ISO 2022 IR 87",
                [0xD4, 0xCF, 0x3D, 0x1B, 0x24, 0x42, 0x3B, 0x33, 0x1B, 0x28, 0x4A], "ﾔﾏ=山"
            ),
            ("ISO_IR 13", [0xD4, 0xCF, 0xC0, 0xDE], "ﾔﾏﾀﾞ"),
            ("GB18030", [0xCD, 0xF5, 0xD0, 0xA1], "王小"),
            ("", [0x43, 0x54, 0x56], "CTV"),
        ] as [(String, [UInt8], String)])
    func readsNamesInAnyCharacterSet(_ characterSet: String, _ bytes: [UInt8], _ name: String) throws {
        let scratch = try Scratch()
        let path = try write(name: bytes, characterSet: characterSet, to: scratch)
        let (set, findings) = try StructureSetReader.read(file: path, for: nil)
        #expect(set.structures.first?.name == name)
        #expect(!findings.contains { $0.code == "SS-0001" })
    }

    @Test func tellsWhenTheCharacterSetDoesNotFit() throws {
        let scratch = try Scratch()
        let path = try write(name: [0x54, 0x72, 0xE4, 0x6E, 0x65], characterSet: "ISO_IR 192", to: scratch)
        let (set, findings) = try StructureSetReader.read(file: path, for: nil)
        #expect(set.structures.first?.name == "Träne")
        #expect(findings.contains { $0.code == "SS-0001" && $0.message.contains("SpecificCharacterSet") })
    }

    /// Writes a set whose first name has these bytes: a placeholder of that length is replaced in the file.
    private func write(name: [UInt8], characterSet: String, to scratch: Scratch) throws -> String {
        let ct = Samples.ct()
        var set = Samples.structureSet(for: ct)
        let placeholder = String(repeating: "Q", count: name.count)
        set.structures = [set.structures[0]]
        set.structures[0].name = placeholder
        let path = scratch.file("RS.dcm")
        var plain = ct
        plain.patient.name = "Ion"
        try StructureSetWriter.write(structureSet: set, ct: plain, to: path)
        try edit(path) {
            try $0.set(
                .specificCharacterSet,
                characterSet.split(separator: "\\", omittingEmptySubsequences: false).map(String.init))
        }
        var data = try Data(contentsOf: URL(fileURLWithPath: path))
        let range = try #require(data.range(of: Data(placeholder.utf8)))
        data.replaceSubrange(range, with: name)
        try data.write(to: URL(fileURLWithPath: path))
        return path
    }

    // MARK: What other systems write

    /// A set on disk that `change` may alter.
    private func changed(_ change: (DICOMItem) throws -> Void) throws -> (Scratch, CTImage, String) {
        let scratch = try Scratch()
        let ct = Samples.ct()
        try StructureSetWriter.write(
            structureSet: Samples.structureSet(for: ct), ct: ct, to: scratch.file("RS.dcm"))
        try edit(scratch.file("RS.dcm"), change)
        return (scratch, ct, scratch.file("RS.dcm"))
    }

    private func contour(_ dataset: DICOMItem, _ structure: Int, _ index: Int) -> DICOMItem {
        dataset.items(.roiContourSequence)[structure].items(.contourSequence)[index]
    }

    @Test func leavesOutPointsAndOpenContours() throws {
        let (scratch, ct, path) = try changed { dataset in
            try contour(dataset, 0, 1).set(.contourGeometricType, "POINT")
            try contour(dataset, 0, 2).set(.contourGeometricType, "OPEN_PLANAR")
            try contour(dataset, 0, 3).set(.numberOfContourPoints, 2)
            try contour(dataset, 0, 3).set(.contourData, decimals: [1, 2, 3, 4, 5, 3])
        }
        defer { withExtendedLifetime(scratch) {} }
        let (set, findings) = try StructureSetReader.read(file: path, for: ct)
        #expect(set.structures[0].contours.count == 1)
        #expect(findings.filter { $0.code == "SS-0002" }.map(\.severity) == [.warning, .information])
        #expect(findings.contains { $0.code == "SS-0003" && $0.message.contains("CTV") })
    }

    @Test func usesARepeatedContourOnce() throws {
        let (scratch, ct, path) = try changed { dataset in
            let data = try contour(dataset, 0, 0).requiredNumbers(.contourData)
            try contour(dataset, 0, 1).set(.contourData, decimals: data)
        }
        defer { withExtendedLifetime(scratch) {} }
        let (set, findings) = try StructureSetReader.read(file: path, for: ct)
        #expect(set.structures[0].contours.count == 3)
        #expect(findings.contains { $0.code == "SS-0010" })
    }

    @Test func takesTheOneFrameThatIsNamed() throws {
        let (scratch, ct, path) = try changed { dataset in
            for item in dataset.items(.structureSetROISequence) {
                try item.remove(.referencedFrameOfReferenceUID)
            }
        }
        defer { withExtendedLifetime(scratch) {} }
        let (set, findings) = try StructureSetReader.read(file: path, for: ct)
        #expect(set.frameOfReferenceUID == ct.geometry.frameOfReferenceUID)
        #expect(findings.contains { $0.code == "SS-0008" })
    }

    @Test func reportsNamesAndNumbersThatDoNotFit() throws {
        let (scratch, ct, path) = try changed { dataset in
            let rois = dataset.items(.structureSetROISequence)
            try rois[1].set(.roiName, "CTV")
            try rois[2].setEmpty(.roiName)
            try dataset.items(.roiContourSequence)[1].set(.referencedROINumber, 77)
            try contour(dataset, 0, 3).set(
                .contourData, decimals: [500, 500, -202, 510, 500, -202, 505, 505, -202, 500, 502, -202])
        }
        defer { withExtendedLifetime(scratch) {} }
        let (set, findings) = try StructureSetReader.read(file: path, for: ct)
        #expect(set.structures[2].name == "ROI 9")
        for code in ["SS-0005", "SS-0007", "SS-0009", "SS-0011"] {
            #expect(findings.contains { $0.code == code }, "\(code)")
        }
    }

    // MARK: Refused

    private func expectRefusal(
        _ mentions: [String], _ change: @escaping (DICOMItem) throws -> Void,
        when isRight: (any Error) -> Bool, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let (scratch, ct, path) = try changed(change)
        defer { withExtendedLifetime(scratch) {} }
        do {
            _ = try StructureSetReader.read(file: path, for: ct)
            Issue.record("the broken structure set was accepted", sourceLocation: sourceLocation)
        } catch {
            #expect(isRight(error), "\(error)", sourceLocation: sourceLocation)
            for text in mentions + ["RS.dcm"] {
                #expect("\(error)".contains(text), "\(error)", sourceLocation: sourceLocation)
            }
        }
    }

    @Test func refusesAnotherFrameOfReference() throws {
        try expectRefusal(["ReferencedFrameOfReferenceUID (3006,0024)", "2.25.99"]) { dataset in
            try dataset.items(.structureSetROISequence)[1].set(.referencedFrameOfReferenceUID, "2.25.99")
        } when: {
            if case DICOMImportError.otherFrameOfReference = $0 { true } else { false }
        }
    }

    @Test func refusesContoursThatAreNotAxial() throws {
        try expectRefusal(["ContourData (3006,0050)", "CTV", "-204.5", "-190"]) { dataset in
            try contour(dataset, 0, 0).set(
                .contourData, decimals: [0, 0, -204.5, 1, 0, -204.5, 1, 1, -190, 0, 1, -190])
        } when: {
            if case DICOMImportError.contourNotAxial = $0 { true } else { false }
        }
    }

    @Test func refusesIncompletePoints() throws {
        try expectRefusal(["ContourData (3006,0050)", "11 values"]) { dataset in
            try contour(dataset, 0, 0).set(.contourData, decimals: [1, 2, 3, 4, 5, 3, 7, 8, 3, 1, 1])
        } when: {
            if case DICOMError.wrongValueCount = $0 { true } else { false }
        }
        try expectRefusal(["NumberOfContourPoints (3006,0046)", "9"]) { dataset in
            try contour(dataset, 0, 0).set(.numberOfContourPoints, 9)
        } when: {
            if case DICOMError.invalidValue = $0 { true } else { false }
        }
        try expectRefusal(["ContourData (3006,0050)", "'x'"]) { dataset in
            try contour(dataset, 0, 0).set(.contourData, ["1", "2", "x"])
        } when: {
            if case DICOMError.invalidValue = $0 { true } else { false }
        }
    }

    @Test func refusesAmbiguousNumbersAndEmptySets() throws {
        try expectRefusal(["ROINumber (3006,0022)", "3"]) { dataset in
            try dataset.items(.structureSetROISequence)[1].set(.roiNumber, 3)
        } when: {
            if case DICOMImportError.duplicateStructureNumber = $0 { true } else { false }
        }
        try expectRefusal(["StructureSetROISequence (3006,0020)"]) { dataset in
            try dataset.remove(.structureSetROISequence)
        } when: {
            if case DICOMError.missingElement = $0 { true } else { false }
        }
    }

    @Test func refusesAnotherObject() throws {
        try expectRefusal(["SOPClassUID (0008,0016)"]) {
            try $0.set(.sopClassUID, DICOMUID.rtDose)
        } when: {
            if case DICOMImportError.wrongObject = $0 { true } else { false }
        }
    }

    @Test func writerRefusesWhatDoesNotBelongTogether() throws {
        let scratch = try Scratch()
        let ct = Samples.ct()
        var set = Samples.structureSet(for: ct)
        set.structures[1].number = 3
        #expect(throws: DICOMExportError.duplicateStructureNumber(3)) {
            try StructureSetWriter.write(structureSet: set, ct: ct, to: scratch.file("RS.dcm"))
        }
        set = Samples.structureSet(for: Samples.ct(frame: "2.25.5"))
        #expect(throws: DICOMExportError.self) {
            try StructureSetWriter.write(structureSet: set, ct: ct, to: scratch.file("RS.dcm"))
        }
        set = Samples.structureSet(for: ct)
        set.structures[0].name = String(repeating: "long ", count: 20)
        #expect(throws: DICOMError.self) {
            try StructureSetWriter.write(structureSet: set, ct: ct, to: scratch.file("RS.dcm"))
        }
        #expect(try scratch.contents().isEmpty)
    }
}
