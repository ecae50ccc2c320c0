import DICOMFile
import PatientModel
import PlanModel
import Volumes

/// Reads an RT Structure Set.
///
/// Contours stay as they were drawn: several pieces and holes of one plane are separate polygons that combine by the
/// even-odd rule, keyholes stay keyholes, and contours between the image planes keep their own z.
///
/// Findings: `SS-0001` character set, `SS-0002` geometry that is no closed polygon, `SS-0003` fewer than three points,
/// `SS-0004` contours between image planes, `SS-0005` contours outside the CT, `SS-0006` structure without contours,
/// `SS-0007` a name used twice, `SS-0008` frame of reference given indirectly, `SS-0009` contours of an undefined
/// structure, `SS-0010` the same contour twice, `SS-0011` no name.
///
/// ## Source
/// DICOM PS3.3 C.8.8.5, C.8.8.6, C.8.8.8.
/// ## Checked by
/// `StructureSetReaderTests`.
public enum StructureSetReader {
    /// Reads the file.
    ///
    /// - Parameter ct: the CT the structures must belong to; nil reads without that check.
    /// - Throws: `DICOMError`, `DICOMImportError`.
    public static func read(file path: String, for ct: CTImage?) throws -> (StructureSet, [Finding]) {
        let file = try DICOMFile(reading: path)
        try file.require(sopClass: DICOMUID.rtStructureSet)
        let dataset = file.dataset
        var findings: [Finding] = []
        if let problem = file.characterSetProblem {
            findings.append(
                Finding(
                    severity: .warning, code: "SS-0001",
                    message:
                        "\(dataset.location(.specificCharacterSet)) does not fit the text (\(problem)); names "
                        + "were read as UTF-8 or ISO 8859-1, check them", path: path))
        }
        let frame = try frameOfReference(dataset, ct: ct, findings: &findings)
        var structures = try definitions(dataset, findings: &findings)
        try addObservations(dataset, to: &structures)
        try addContours(dataset, to: &structures, ct: ct, findings: &findings)
        for structure in structures where structure.contours.isEmpty {
            findings.append(
                Finding(
                    severity: .information, code: "SS-0006",
                    message: "structure '\(structure.name)' has no contours; it is kept empty",
                    path: structure.name))
        }
        let set = StructureSet(
            instanceUID: try dataset.requiredText(.sopInstanceUID),
            label: try dataset.text(.structureSetLabel) ?? "", frameOfReferenceUID: frame,
            structures: structures)
        return (set, findings)
    }

    /// The frame that all structures are in, by their own reference or by the one frame the set names.
    private static func frameOfReference(
        _ dataset: DICOMItem, ct: CTImage?, findings: inout [Finding]
    ) throws -> String {
        let general = try dataset.text(.frameOfReferenceUID)
        let listed = try dataset.items(.referencedFrameOfReferenceSequence)
            .compactMap { item throws(DICOMError) in try item.text(.frameOfReferenceUID) }
        var found: String?
        var isIndirect = false
        for item in dataset.items(.structureSetROISequence) {
            var tag = DICOMTag.referencedFrameOfReferenceUID
            var uid = try item.text(tag)
            if uid == nil {
                isIndirect = true
                tag = .frameOfReferenceUID
                uid = Set(listed).count == 1 ? listed.first : listed.isEmpty ? general : nil
            }
            guard let uid else { throw item.lacking(.referencedFrameOfReferenceUID) }
            let expected = ct?.geometry.frameOfReferenceUID ?? found ?? uid
            guard uid == expected else {
                throw DICOMImportError.otherFrameOfReference(
                    item.location(.referencedFrameOfReferenceUID), value: uid, expected: expected)
            }
            found = uid
        }
        if isIndirect {
            findings.append(
                Finding(
                    severity: .warning, code: "SS-0008",
                    message:
                        "\(DICOMTag.referencedFrameOfReferenceUID) is missing for some structures; the only "
                        + "frame that the set names was taken", path: dataset.file.path))
        }
        if let found { return found }
        guard let frame = listed.first ?? general else { throw dataset.lacking(.structureSetROISequence) }
        if let ct, frame != ct.geometry.frameOfReferenceUID {
            throw DICOMImportError.otherFrameOfReference(
                dataset.location(.frameOfReferenceUID), value: frame,
                expected: ct.geometry.frameOfReferenceUID)
        }
        return frame
    }

    /// Numbers and names.
    private static func definitions(
        _ dataset: DICOMItem, findings: inout [Finding]
    ) throws -> [Structure] {
        var structures: [Structure] = []
        for item in try dataset.requiredItems(.structureSetROISequence) {
            let number = try item.requiredInteger(.roiNumber)
            guard !structures.contains(where: { $0.number == number }) else {
                throw DICOMImportError.duplicateStructureNumber(
                    item.location(.roiNumber), number: number)
            }
            var name = try item.text(.roiName) ?? ""
            if name.isEmpty {
                name = "ROI \(number)"
                findings.append(
                    Finding(
                        severity: .warning, code: "SS-0011",
                        message: "\(item.location(.roiName)) has no value; the structure is called '\(name)'",
                        path: name))
            }
            if structures.contains(where: { $0.name == name }) {
                findings.append(
                    Finding(
                        severity: .warning, code: "SS-0007",
                        message:
                            "the name '\(name)' is used by more than one structure (a plan would take the "
                            + "first); rename one of them", path: name))
            }
            structures.append(
                Structure(
                    number: number, name: name, interpretedType: "", colour: SIMD3(255, 255, 255),
                    contours: []))
        }
        return structures
    }

    /// Interpreted types.
    private static func addObservations(
        _ dataset: DICOMItem, to structures: inout [Structure]
    ) throws {
        for item in dataset.items(.rtROIObservationsSequence) {
            guard let number = try item.integer(.referencedROINumber),
                let index = structures.firstIndex(where: { $0.number == number })
            else { continue }
            structures[index].interpretedType = try item.text(.rtROIInterpretedType) ?? ""
        }
    }

    private static func addContours(
        _ dataset: DICOMItem, to structures: inout [Structure], ct: CTImage?,
        findings: inout [Finding]
    ) throws {
        for item in dataset.items(.roiContourSequence) {
            let number = try item.requiredInteger(.referencedROINumber)
            guard let index = structures.firstIndex(where: { $0.number == number }) else {
                findings.append(
                    Finding(
                        severity: .warning, code: "SS-0009",
                        message:
                            "\(item.location(.referencedROINumber)) is \(number), which no structure has; "
                            + "these contours were left out", path: item.path))
                continue
            }
            if let colour = try item.numbers(.roiDisplayColor), colour.count == 3,
                colour.allSatisfy({ (0...255).contains($0) })
            {
                structures[index].colour = SIMD3(
                    UInt8(colour[0]), UInt8(colour[1]), UInt8(colour[2]))
            }
            var reader = ContourReader(structure: structures[index].name, geometry: ct?.geometry)
            for contour in item.items(.contourSequence) { try reader.add(contour) }
            structures[index].contours += reader.contours
            findings += reader.findings
        }
    }
}
