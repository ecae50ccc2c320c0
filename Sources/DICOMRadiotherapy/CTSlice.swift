import DICOMFile
import Frames
import PatientModel

/// What the header of one CT slice says.
struct CTSlice {
    var file: String
    var sopInstanceUID: String
    var seriesInstanceUID: String
    var studyInstanceUID: String
    var frameOfReferenceUID: String
    var patient: PatientIdentity
    var patientPosition: PatientPosition
    /// Centre of the first transmitted pixel, DICOM patient, mm.
    var positionMM: [Double]
    /// Direction cosines of the rows, then of the columns.
    var orientation: [Double]
    /// Distance between rows (y), then between columns (x), mm.
    var pixelSpacingMM: [Double]
    var rows: Int
    var columns: Int
    var cells: CellFormat
    var rescaleSlope: Double
    var rescaleIntercept: Double

    /// Reads and checks what one slice can show alone.
    init(_ file: DICOMFile) throws {
        let dataset = file.dataset
        try file.require(sopClass: DICOMUID.ctImage)
        let modality = try dataset.requiredText(.modality)
        guard modality == "CT" else {
            throw dataset.invalid(
                .modality, value: modality, why: "a CT is needed", remedy: "give the files of a CT series")
        }
        self.file = file.path
        try Self.refuseLoss(file)
        sopInstanceUID = try dataset.requiredText(.sopInstanceUID)
        seriesInstanceUID = try dataset.requiredText(.seriesInstanceUID)
        studyInstanceUID = try dataset.requiredText(.studyInstanceUID)
        frameOfReferenceUID = try dataset.requiredText(.frameOfReferenceUID)
        patient = try dataset.patientIdentity()
        patientPosition = try dataset.patientPosition(.patientPosition)
        positionMM = try dataset.requiredNumbers(.imagePositionPatient, count: 3)
        orientation = try dataset.requiredNumbers(.imageOrientationPatient, count: 6)
        try dataset.requireAxial(orientation)
        if let tilt = try dataset.number(.gantryDetectorTilt), abs(tilt) > 0.01 {
            throw DICOMImportError.gantryTilt(
                dataset.location(.gantryDetectorTilt), value: "\(tilt)°")
        }
        pixelSpacingMM = try dataset.pixelSpacing()
        rows = try dataset.requiredPositive(.rows)
        columns = try dataset.requiredPositive(.columns)
        cells = try CellFormat(dataset, allowed: [8, 16])
        if dataset.state(.modalityLUTSequence) != .absent {
            throw dataset.invalid(
                .modalityLUTSequence, value: "a table",
                why: "CT numbers are expected by Rescale Slope and Intercept",
                remedy: "export the series with rescale values")
        }
        rescaleSlope = try dataset.requiredNumber(.rescaleSlope)
        rescaleIntercept = try dataset.requiredNumber(.rescaleIntercept)
        guard rescaleSlope != 0 else {
            throw dataset.invalid(
                .rescaleSlope, value: "0", why: "all CT numbers would be equal",
                remedy: "export the series again")
        }
    }

    /// Refuses images whose CT numbers were changed by compression, now or before.
    private static func refuseLoss(_ file: DICOMFile) throws {
        let lossy = [
            "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51", "1.2.840.10008.1.2.4.81",
            "1.2.840.10008.1.2.4.91",
        ]
        if lossy.contains(file.transferSyntaxUID) {
            throw DICOMImportError.lossyCompression(
                file: file.path, evidence: "\(DICOMTag.transferSyntaxUID) is \(file.transferSyntaxName)")
        }
        if try file.dataset.text(.lossyImageCompression) == "01" {
            throw DICOMImportError.lossyCompression(
                file: file.path, evidence: "\(DICOMTag.lossyImageCompression) is 01")
        }
    }
}

extension DICOMItem {
    /// One of the four positions that planning knows.
    func patientPosition(_ tag: DICOMTag) throws(DICOMError) -> PatientPosition {
        let text = try requiredText(tag)
        guard let position = PatientPosition(rawValue: text) else {
            throw invalid(
                tag, value: text, why: "only HFS, HFP, FFS and FFP can be planned",
                remedy: "scan the patient in one of these positions")
        }
        return position
    }

    /// A whole number of at least 1.
    func requiredPositive(_ tag: DICOMTag) throws(DICOMError) -> Int {
        let value = try requiredInteger(tag)
        guard value > 0 else {
            throw invalid(
                tag, value: "\(value)", why: "it must be at least 1", remedy: "export the object again")
        }
        return value
    }

    /// Distance between rows, then between columns; both positive.
    func pixelSpacing() throws(DICOMError) -> [Double] {
        let spacing = try requiredNumbers(.pixelSpacing, count: 2)
        guard spacing[0] > 0, spacing[1] > 0 else {
            throw invalid(
                .pixelSpacing, value: "\(spacing[0])\\\(spacing[1])", why: "both must be positive",
                remedy: "export the object again")
        }
        return spacing
    }

    /// Rows along ±x and columns along ±y of the patient, to 0.0001 (0.03 mm over 300 mm).
    func requireAxial(_ orientation: [Double]) throws {
        let deviation = zip(orientation, [1.0, 0, 0, 0, 1, 0]).map { abs(abs($0) - $1) }
        guard deviation.allSatisfy({ $0 <= 1e-4 }) else {
            throw DICOMImportError.obliqueOrientation(
                location(.imageOrientationPatient),
                value: orientation.map { "\($0)" }.joined(separator: "\\"))
        }
    }
}
