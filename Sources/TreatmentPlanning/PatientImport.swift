import DICOMRadiotherapy
import PatientModel
import PlanModel

/// The images and contours that planning starts from, read through DICOM.
public struct PatientImport: Sendable {
    public var ct: CTImage
    public var structures: StructureSet
    /// What a person must judge, from all readers.
    public var findings: [Finding]
    /// Files of the CT series.
    public var ctFiles: [String]
    /// File of the structure set.
    public var structureSetFile: String

    /// Finds and reads one CT series and the structure set drawn on it.
    ///
    /// - Parameters:
    ///   - folder: Folder of DICOM files, searched with the folders below it.
    ///   - ctSeriesUID: The CT series to take; nil if there is only one.
    ///   - structureSetUID: SOP Instance UID of the structure set; nil if only one fits the CT.
    /// - Throws: `PatientImportError`, and what the readers throw.
    public init(folder: String, ctSeriesUID: String? = nil, structureSetUID: String? = nil) throws {
        let catalogue = try DICOMCatalogue.scan(folder: folder)
        let series = try Self.chooseCT(catalogue, folder: folder, uid: ctSeriesUID)
        let object = try Self.chooseStructureSet(
            catalogue, folder: folder, uid: structureSetUID, series: series)
        try self.init(ct: series, structureSet: object, findings: catalogue.findings)
    }

    /// Reads a CT series and a structure set that were chosen.
    ///
    /// `findings`: What was found on the way to them; comes first in `findings`.
    /// - Throws: What the readers throw.
    public init(ct series: CatalogueSeries, structureSet: CatalogueObject, findings before: [Finding]) throws
    {
        let files = series.objects.map(\.file)
        let image = try CTSeriesReader.readWithFindings(files: files)
        let set = try StructureSetReader.read(file: structureSet.file, for: image.image)
        ct = image.image
        structures = set.0
        findings = before + image.findings + set.1
        ctFiles = files
        structureSetFile = structureSet.file
    }

    /// Finds and reads one CT series of a folder, without contours.
    ///
    /// `ctSeriesUID`: The series to take; nil if there is only one.
    /// - Throws: `PatientImportError`, and what the readers throw.
    public static func ct(folder: String, ctSeriesUID: String? = nil) throws -> CTImage {
        let catalogue = try DICOMCatalogue.scan(folder: folder)
        let series = try chooseCT(catalogue, folder: folder, uid: ctSeriesUID)
        return try CTSeriesReader.readWithFindings(files: series.objects.map(\.file)).image
    }

    private static func chooseCT(
        _ catalogue: DICOMCatalogue, folder: String, uid: String?
    ) throws(PatientImportError) -> CatalogueSeries {
        let candidates = catalogue.series(modality: "CT")
        if let uid {
            guard let chosen = candidates.first(where: { $0.seriesInstanceUID == uid }) else {
                throw .noSuchSeries(uid, folder: folder, choices: candidates.map(\.summary))
            }
            return chosen
        }
        guard let first = candidates.first else {
            throw .noCT(folder: folder, found: catalogue.series.map(\.summary))
        }
        guard candidates.count == 1 else {
            throw .severalSeries(folder: folder, choices: candidates.map(\.summary))
        }
        return first
    }

    private static func chooseStructureSet(
        _ catalogue: DICOMCatalogue, folder: String, uid: String?, series: CatalogueSeries
    ) throws(PatientImportError) -> CatalogueObject {
        let all = catalogue.series(modality: "RTSTRUCT").flatMap(\.objects)
        let names = all.map { "\($0.label)  \($0.sopInstanceUID)  \($0.file)" }
        if let uid {
            guard let chosen = all.first(where: { $0.sopInstanceUID == uid }) else {
                throw .noSuchStructureSet(uid, folder: folder, choices: names)
            }
            return chosen
        }
        let fitting = all.filter { $0.references.contains(series.seriesInstanceUID) }
        let candidates = fitting.isEmpty ? all : fitting
        guard let first = candidates.first else { throw .noStructureSet(folder: folder) }
        guard candidates.count == 1 else {
            throw .severalStructureSets(folder: folder, choices: names)
        }
        return first
    }
}

/// Why a folder does not give one patient to plan on.
public enum PatientImportError: Error, Equatable, Sendable, CustomStringConvertible {
    case noCT(folder: String, found: [String])
    case severalSeries(folder: String, choices: [String])
    case noSuchSeries(String, folder: String, choices: [String])
    case noStructureSet(folder: String)
    case severalStructureSets(folder: String, choices: [String])
    case noSuchStructureSet(String, folder: String, choices: [String])

    public var description: String {
        switch self {
        case .noCT(let folder, let found):
            "no CT series in \(folder) (found: \(found.isEmpty ? "no DICOM objects" : Self.list(found))) "
                + "give the folder that holds the planning CT"
        case .severalSeries(let folder, let choices):
            "\(choices.count) CT series in \(folder) (only one can be planned on) "
                + "choose by Series Instance UID with --ct or `ct-series` in the plan file:\(Self.list(choices))"
        case .noSuchSeries(let uid, let folder, let choices):
            "no CT series \(uid) in \(folder) (Series Instance UID, 0020,000E) choose one of:\(Self.list(choices))"
        case .noStructureSet(let folder):
            "no RT Structure Set in \(folder) (contours of target and organs are needed) export it beside the CT"
        case .severalStructureSets(let folder, let choices):
            "\(choices.count) structure sets in \(folder) belong to this CT (only one can be used) "
                + "choose by SOP Instance UID with --structures or `structure-set` in the plan file:\(Self.list(choices))"
        case .noSuchStructureSet(let uid, let folder, let choices):
            "no RT Structure Set \(uid) in \(folder) (SOP Instance UID, 0008,0018) choose one of:\(Self.list(choices))"
        }
    }

    private static func list(_ lines: [String]) -> String { "\n  " + lines.joined(separator: "\n  ") }
}
