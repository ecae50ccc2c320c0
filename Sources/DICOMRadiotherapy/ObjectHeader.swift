import DICOMFile
import Foundation
import PatientModel

/// Who writes an object, and when.
public struct ObjectOrigin: Sendable {
    /// Manufacturer (0008,0070).
    public var manufacturer: String
    /// Manufacturer's Model Name (0008,1090).
    public var modelName: String
    /// Software Versions (0018,1020).
    public var softwareVersion: String
    /// Date and time of the instance.
    public var created: Date

    public init(
        manufacturer: String = "Kasane project", modelName: String = "Kasane",
        softwareVersion: String = "0.1.0", created: Date = Date()
    ) {
        self.manufacturer = manufacturer
        self.modelName = modelName
        self.softwareVersion = softwareVersion
        self.created = created
    }

    /// `created` as DICOM date (DA) and time (TM), in universal time.
    var dateAndTime: (date: String, time: String) {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(secondsFromGMT: 0) ?? .current
        let c = calendar.dateComponents(
            [.year, .month, .day, .hour, .minute, .second], from: created)
        func text(_ value: Int?, _ width: Int) -> String {
            let digits = "\(value ?? 0)"
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        return (
            text(c.year, 4) + text(c.month, 2) + text(c.day, 2),
            text(c.hour, 2) + text(c.minute, 2) + text(c.second, 2)
        )
    }
}

/// What was written: enough to refer to it from another object.
public struct WrittenObject: Hashable, Sendable {
    public var file: String
    public var sopInstanceUID: String
    public var seriesInstanceUID: String

    public init(file: String, sopInstanceUID: String, seriesInstanceUID: String) {
        self.file = file
        self.sopInstanceUID = sopInstanceUID
        self.seriesInstanceUID = seriesInstanceUID
    }
}

/// Patient, study, series, equipment and SOP common modules, the same for all objects that are written.
struct ObjectHeader {
    var sopClassUID: String
    var sopInstanceUID: String
    var seriesInstanceUID: String
    var studyInstanceUID: String
    var frameOfReferenceUID: String
    var modality: String
    var seriesDescription: String
    var patient: PatientIdentity
    var origin: ObjectOrigin

    func write(to dataset: DICOMItem) throws(DICOMError) {
        let (date, time) = origin.dateAndTime
        try dataset.set(.specificCharacterSet, "ISO_IR 192")
        try dataset.set(.instanceCreationDate, date)
        try dataset.set(.instanceCreationTime, time)
        try dataset.set(.sopClassUID, sopClassUID)
        try dataset.set(.sopInstanceUID, sopInstanceUID)
        for tag in [DICOMTag.studyDate, .studyTime, .accessionNumber, .referringPhysicianName] {
            try dataset.setEmpty(tag)
        }
        try dataset.set(.seriesDate, date)
        try dataset.set(.seriesTime, time)
        try dataset.set(.modality, modality)
        try dataset.set(.manufacturer, origin.manufacturer)
        try dataset.set(.seriesDescription, seriesDescription)
        try dataset.setEmpty(.operatorsName)
        try dataset.set(.manufacturerModelName, origin.modelName)
        // A person name has components, so its text may hold `^` and `=`.
        try dataset.set(.patientName, patient.name)
        try dataset.set(.patientID, patient.id)
        try dataset.set(.patientBirthDate, patient.birthDate)
        try dataset.set(.patientSex, patient.sex)
        try dataset.set(.softwareVersions, origin.softwareVersion)
        try dataset.set(.studyInstanceUID, studyInstanceUID)
        try dataset.set(.seriesInstanceUID, seriesInstanceUID)
        try dataset.setEmpty(.studyID)
        try dataset.setEmpty(.seriesNumber)
        try dataset.set(.frameOfReferenceUID, frameOfReferenceUID)
        try dataset.setEmpty(.positionReferenceIndicator)
    }
}

extension DICOMItem {
    /// Appends an item that names an instance (SOP Instance Reference Macro).
    func appendReference(
        _ sequence: DICOMTag, sopClassUID: String, instanceUID: String
    ) throws(DICOMError) {
        let item = try append(sequence)
        try item.set(.referencedSOPClassUID, sopClassUID)
        try item.set(.referencedSOPInstanceUID, instanceUID)
    }
}
