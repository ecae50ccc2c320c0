import DICOMFile
import Foundation
import PatientModel
import PlanModel

/// One DICOM object of a catalogue.
public struct CatalogueObject: Hashable, Sendable {
    public var file: String
    public var sopInstanceUID: String
    public var sopClassUID: String
    /// Plan label, structure set label or dose type; empty for images.
    public var label: String
    /// Series that a structure set was drawn on; instances that a plan or a dose refers to.
    public var references: [String]
    public var patient: PatientIdentity
    public var studyInstanceUID: String
    /// Frame of Reference UID; empty if the object does not carry one of its own.
    public var frameOfReferenceUID: String
    /// Manufacturer, model and software that wrote it, as far as it says so.
    public var equipment: String
}

/// The objects of one series.
public struct CatalogueSeries: Hashable, Sendable {
    public var seriesInstanceUID: String
    public var studyInstanceUID: String
    /// Frame of Reference UID; empty if the objects do not carry one.
    public var frameOfReferenceUID: String
    public var modality: String
    public var description: String
    /// Study Date (0008,0020), `YYYYMMDD` or empty.
    public var studyDate: String
    public var patient: PatientIdentity
    /// In the order of their file names.
    public var objects: [CatalogueObject]

    /// One line for lists.
    public var summary: String {
        let count = "\(objects.count) file\(objects.count == 1 ? "" : "s")"
        let labels = Set(objects.map(\.label).filter { !$0.isEmpty }).sorted().joined(separator: ", ")
        return [modality, count, description, labels, "patient \(patient.id)", seriesInstanceUID]
            .filter { !$0.isEmpty }.joined(separator: "  ")
    }
}

/// What a folder of DICOM files holds, by series.
///
/// ## Checked by
/// `DICOMCatalogueTests`.
public struct DICOMCatalogue: Sendable {
    /// Sorted by modality, then by series UID.
    public var series: [CatalogueSeries]
    /// Files that are no DICOM objects or cannot be read: `DICOM-0001` and `DICOM-0002`.
    public var findings: [Finding]

    /// The series of one modality, for example `CT` or `RTSTRUCT`.
    public func series(modality: String) -> [CatalogueSeries] {
        series.filter { $0.modality == modality }
    }

    /// The series of that UID; nil if there is none.
    public func series(uid: String) -> CatalogueSeries? {
        series.first { $0.seriesInstanceUID == uid }
    }

    /// Reads the headers of all files in a folder and the folders below it. Hidden files are left out.
    ///
    /// - Throws: `DICOMError.unreadable` if the folder cannot be listed.
    public static func scan(folder: String) throws -> DICOMCatalogue {
        try scan(files: files(in: folder))
    }

    /// The file itself, or all files of a folder and of those below it but hidden ones.
    private static func files(in path: String) throws -> [String] {
        let root = URL(fileURLWithPath: path)
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw DICOMError.unreadable(file: path, why: "there is no such folder or file")
        }
        guard isFolder.boolValue else { return [root.path] }
        guard
            let walker = FileManager.default.enumerator(
                at: root, includingPropertiesForKeys: [.isRegularFileKey],
                options: [.skipsHiddenFiles])
        else { throw DICOMError.unreadable(file: path, why: "it cannot be listed") }
        var files: [String] = []
        for case let url as URL in walker {
            if try url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true {
                files.append(url.path)
            }
        }
        return files
    }

    /// Reads the headers of all files in these folders, and of single files among them; a file that is named twice counts once.
    ///
    /// - Throws: `DICOMError.unreadable` if one of them is not there.
    public static func scan(paths: [String]) throws -> DICOMCatalogue {
        var files: Set<String> = []
        for path in paths { files.formUnion(try self.files(in: path)) }
        return try scan(files: Array(files))
    }

    /// Reads the headers of these files.
    public static func scan(files: [String]) throws -> DICOMCatalogue {
        var bySeries: [String: CatalogueSeries] = [:]
        var findings: [Finding] = []
        for file in files.sorted() {
            do {
                try add(DICOMFile(reading: file, extent: .headers), to: &bySeries)
            } catch DICOMError.notDICOM(_, let why) {
                findings.append(
                    Finding(
                        severity: .information, code: "DICOM-0001",
                        message: "\(file): left out, not a DICOM file (\(why))", path: file))
            } catch {
                findings.append(
                    Finding(
                        severity: .warning, code: "DICOM-0002", message: "left out: \(error)",
                        path: file))
            }
        }
        let series = bySeries.values.sorted {
            ($0.modality, $0.seriesInstanceUID) < ($1.modality, $1.seriesInstanceUID)
        }
        return DICOMCatalogue(series: series, findings: findings)
    }

    private static func add(
        _ file: DICOMFile, to catalogue: inout [String: CatalogueSeries]
    ) throws(DICOMError) {
        let dataset = file.dataset
        let sopClass = try file.sopClassUID()
        if sopClass == DICOMUID.mediaStorageDirectory { return }
        let uid = try dataset.requiredText(.seriesInstanceUID)
        let object = CatalogueObject(
            file: file.path, sopInstanceUID: try dataset.requiredText(.sopInstanceUID),
            sopClassUID: sopClass, label: try label(of: dataset),
            references: try references(of: dataset), patient: try dataset.patientIdentity(),
            studyInstanceUID: try dataset.text(.studyInstanceUID) ?? "",
            frameOfReferenceUID: try dataset.text(.frameOfReferenceUID) ?? "",
            equipment: try equipment(of: dataset))
        if catalogue[uid] != nil {
            catalogue[uid]?.objects.append(object)
            return
        }
        catalogue[uid] = CatalogueSeries(
            seriesInstanceUID: uid,
            studyInstanceUID: object.studyInstanceUID, frameOfReferenceUID: object.frameOfReferenceUID,
            modality: try dataset.text(.modality) ?? "",
            description: try dataset.text(.seriesDescription) ?? "",
            studyDate: try dataset.text(.studyDate) ?? "",
            patient: object.patient, objects: [object])
    }

    private static func equipment(of dataset: DICOMItem) throws(DICOMError) -> String {
        var parts: [String] = []
        for tag in [DICOMTag.manufacturer, .manufacturerModelName, .softwareVersions] {
            if let text = try dataset.text(tag) { parts.append(text.replacing("\\", with: ", ")) }
        }
        return parts.joined(separator: " ")
    }

    private static func label(of dataset: DICOMItem) throws(DICOMError) -> String {
        for tag in [DICOMTag.rtPlanLabel, .structureSetLabel, .doseType] {
            if let text = try dataset.text(tag) { return text }
        }
        return ""
    }

    private static func references(of dataset: DICOMItem) throws(DICOMError) -> [String] {
        var found: [String] = []
        for frame in dataset.items(.referencedFrameOfReferenceSequence) {
            for study in frame.items(.rtReferencedStudySequence) {
                for series in study.items(.rtReferencedSeriesSequence) {
                    if let uid = try series.text(.seriesInstanceUID) { found.append(uid) }
                }
            }
        }
        for tag in [DICOMTag.referencedStructureSetSequence, .referencedRTPlanSequence] {
            for item in dataset.items(tag) {
                if let uid = try item.text(.referencedSOPInstanceUID) { found.append(uid) }
            }
        }
        return found
    }
}

extension DICOMFile {
    /// SOP Class UID (0008,0016).
    func sopClassUID() throws(DICOMError) -> String { try dataset.requiredText(.sopClassUID) }

    /// Refuses an object of another class.
    func require(sopClass: String) throws {
        let found = try sopClassUID()
        guard found == sopClass else {
            throw DICOMImportError.wrongObject(
                file: path, found: Self.name(ofUID: found), expected: Self.name(ofUID: sopClass))
        }
    }
}

extension DICOMItem {
    /// The patient of the object. ID and name may be empty, as the standard allows.
    func patientIdentity() throws(DICOMError) -> PatientIdentity {
        PatientIdentity(
            id: try text(.patientID) ?? "", name: try text(.patientName) ?? "",
            birthDate: try text(.patientBirthDate) ?? "", sex: try text(.patientSex) ?? "")
    }
}
