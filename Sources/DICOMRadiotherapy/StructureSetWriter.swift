import DICOMFile
import Frames
import PatientModel
import PlanModel
import Volumes

/// Writes an RT Structure Set that refers to the slices of its CT.
///
/// ## Source
/// DICOM PS3.3 A.19, C.8.8.5, C.8.8.6, C.8.8.8.
/// ## Checked by
/// `StructureSetRoundTripTests`, `ExternalCheckerTests`.
public enum StructureSetWriter {
    /// Writes the set under its own `instanceUID`.
    ///
    /// - Parameters:
    ///   - structureSet: structures in the frame of reference of `ct`.
    ///   - path: file to write; replaced if it exists.
    /// - Throws: `DICOMExportError`, `DICOMError`.
    @discardableResult
    public static func write(
        structureSet: StructureSet, ct: CTImage, origin: ObjectOrigin = ObjectOrigin(),
        transferSyntax: TransferSyntax = .explicitLittleEndian, to path: String
    ) throws -> WrittenObject {
        let frame = ct.geometry.frameOfReferenceUID
        guard structureSet.frameOfReferenceUID == frame else {
            throw DICOMExportError.otherFrameOfReference(
                what: "the structure set", found: structureSet.frameOfReferenceUID, expected: frame)
        }
        guard ct.sliceInstanceUIDs.count == ct.geometry.dimensions.z else {
            throw DICOMExportError.sliceCount(
                instances: ct.sliceInstanceUIDs.count, slices: ct.geometry.dimensions.z)
        }
        var numbers: Set<Int> = []
        for structure in structureSet.structures where !numbers.insert(structure.number).inserted {
            throw DICOMExportError.duplicateStructureNumber(structure.number)
        }
        let file = try DICOMFile()
        let dataset = file.dataset
        let header = ObjectHeader(
            sopClassUID: DICOMUID.rtStructureSet, sopInstanceUID: structureSet.instanceUID,
            seriesInstanceUID: DICOMUID.make(), studyInstanceUID: ct.studyInstanceUID,
            frameOfReferenceUID: frame, modality: "RTSTRUCT",
            seriesDescription: "Kasane structure set", patient: ct.patient, origin: origin)
        try header.write(to: dataset)
        let (date, time) = origin.dateAndTime
        try dataset.set(.structureSetLabel, structureSet.label)
        try dataset.set(.structureSetDate, date)
        try dataset.set(.structureSetTime, time)
        try writeReferences(ct: ct, to: dataset)
        for structure in structureSet.structures {
            try write(structure, frame: frame, ct: ct, to: dataset)
        }
        try file.write(to: path, transferSyntax: transferSyntax)
        return WrittenObject(
            file: path, sopInstanceUID: structureSet.instanceUID,
            seriesInstanceUID: header.seriesInstanceUID)
    }

    /// Frame, study, series and slices that the set was drawn on.
    private static func writeReferences(ct: CTImage, to dataset: DICOMItem) throws(DICOMError) {
        let frame = try dataset.append(.referencedFrameOfReferenceSequence)
        try frame.set(.frameOfReferenceUID, ct.geometry.frameOfReferenceUID)
        let study = try frame.append(.rtReferencedStudySequence)
        try study.set(.referencedSOPClassUID, DICOMUID.detachedStudyManagement)
        try study.set(.referencedSOPInstanceUID, ct.studyInstanceUID)
        let series = try study.append(.rtReferencedSeriesSequence)
        try series.set(.seriesInstanceUID, ct.seriesInstanceUID)
        for uid in ct.sliceInstanceUIDs {
            try series.appendReference(
                .contourImageSequence, sopClassUID: DICOMUID.ctImage, instanceUID: uid)
        }
    }

    private static func write(
        _ structure: Structure, frame: String, ct: CTImage, to dataset: DICOMItem
    ) throws(DICOMError) {
        let roi = try dataset.append(.structureSetROISequence)
        try roi.set(.roiNumber, structure.number)
        try roi.set(.referencedFrameOfReferenceUID, frame)
        try roi.set(.roiName, structure.name)
        try roi.setEmpty(.roiGenerationAlgorithm)
        let observation = try dataset.append(.rtROIObservationsSequence)
        try observation.set(.observationNumber, structure.number)
        try observation.set(.referencedROINumber, structure.number)
        try observation.set(.rtROIInterpretedType, structure.interpretedType)
        try observation.setEmpty(.roiInterpreter)
        let contours = try dataset.append(.roiContourSequence)
        let colour = [structure.colour.x, structure.colour.y, structure.colour.z]
        try contours.set(.roiDisplayColor, colour.map { "\($0)" })
        for contour in structure.contours {
            let item = try contours.append(.contourSequence)
            let plane = (contour.zMM - ct.geometry.origin.z) / ct.geometry.spacingMM.z
            let slice = Int(plane.rounded())
            if ct.sliceInstanceUIDs.indices.contains(slice), abs(plane - plane.rounded()) <= 0.02 {
                try item.appendReference(
                    .contourImageSequence, sopClassUID: DICOMUID.ctImage,
                    instanceUID: ct.sliceInstanceUIDs[slice])
            }
            try item.set(.contourGeometricType, "CLOSED_PLANAR")
            try item.set(.numberOfContourPoints, contour.points.count)
            try item.set(
                .contourData, decimals: contour.points.flatMap { [$0.x, $0.y, contour.zMM] })
        }
        try contours.set(.referencedROINumber, structure.number)
    }
}
