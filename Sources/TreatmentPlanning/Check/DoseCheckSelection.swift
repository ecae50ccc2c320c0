import CaseFiles
import DICOMFile
import DICOMRadiotherapy
import Foundation
import PlanModel

/// The objects of one dose check, found in folders of DICOM files: plan, its structure set, the CT that was drawn on, its doses.
///
/// The plan leads: its structure set is the one it refers to, the CT is the series that the structure set refers to, and the doses are
/// those that refer to the plan. Where a reference leads nowhere and there is only one candidate, that one is taken, and
/// `ObjectConsistency` says so.
///
/// ## Checked by
/// `DoseCheckSelectionTests`.
public struct DoseCheckSelection: Sendable {
    /// Where to look, and what a person chose.
    public struct Choice: Sendable {
        /// Folders, searched with the folders below them, and single files.
        public var paths: [String]
        /// Folder or Series Instance UID of the CT.
        public var ct: String?
        /// File or SOP Instance UID.
        public var structureSet: String?
        /// File or SOP Instance UID.
        public var plan: String?
        /// Files or SOP Instance UIDs; empty for all doses of the plan.
        public var doses: [String]

        public init(
            paths: [String], ct: String? = nil, structureSet: String? = nil, plan: String? = nil,
            doses: [String] = []
        ) {
            self.paths = paths
            self.ct = ct
            self.structureSet = structureSet
            self.plan = plan
            self.doses = doses
        }
    }

    public var ct: CatalogueSeries
    public var structureSet: CatalogueObject
    public var plan: CatalogueObject
    public var doses: [CatalogueObject]
    /// Files that cannot be read, and doses that were left out (`CHECK-0015`).
    public var findings: [Finding]

    /// Finds the objects.
    ///
    /// - Throws: `DoseCheckSelectionError`, `DICOMError`.
    public init(_ choice: Choice) throws {
        let given = [choice.ct, choice.structureSet, choice.plan].compactMap(\.self) + choice.doses
        let extra = given.filter { FileManager.default.fileExists(atPath: $0) }
        var catalogue = try DICOMCatalogue.scan(paths: choice.paths + extra)
        let removed =
            Self.removeResults(from: &catalogue) + Self.removeCopies(from: &catalogue, keeping: given)
        let places = choice.paths.joined(separator: ", ")
        func objects(_ kind: DoseCheckSelectionError.Kind) -> [CatalogueObject] {
            catalogue.series.flatMap(\.objects).filter { $0.sopClassUID == kind.sopClassUID }
        }
        func one(
            _ kind: DoseCheckSelectionError.Kind, _ wanted: String?,
            preferring isLikely: (CatalogueObject) -> Bool
        ) throws -> CatalogueObject {
            let all = objects(kind)
            if let wanted { return try Self.object(wanted, among: all, kind: kind) }
            let likely = all.filter(isLikely)
            let candidates = likely.isEmpty ? all : likely
            guard let first = candidates.first else {
                throw DoseCheckSelectionError.none(
                    kind, places: places, found: catalogue.series.map(\.summary))
            }
            guard candidates.count == 1 else {
                throw DoseCheckSelectionError.several(kind, choices: candidates.map(Self.line))
            }
            return first
        }
        let plan = try one(.plan, choice.plan) { _ in true }
        let set = try one(.structureSet, choice.structureSet) {
            plan.references.contains($0.sopInstanceUID)
        }
        self.plan = plan
        structureSet = set
        ct = try Self.series(choice.ct, in: catalogue, places: places, drawnOn: set)
        findings = catalogue.findings + removed
        let all = objects(.dose)
        guard choice.doses.isEmpty else {
            doses = try choice.doses.map { try Self.object($0, among: all, kind: .dose) }
            return
        }
        let own = all.filter { $0.references.contains(plan.sopInstanceUID) }
        doses = (own.isEmpty ? all : own).sorted { $0.file < $1.file }
        guard !doses.isEmpty else {
            throw DoseCheckSelectionError.none(
                .dose, places: places, found: catalogue.series.map(\.summary))
        }
        for dose in all where !doses.contains(dose) {
            findings.append(
                Finding(
                    severity: .information, code: "CHECK-0015",
                    message: "\(dose.file): left out, it is the dose of another plan", path: dose.file))
        }
    }

    /// Takes out what an earlier check wrote: its dose must not become the dose under check.
    private static func removeResults(from catalogue: inout DICOMCatalogue) -> [Finding] {
        var findings: [Finding] = []
        for index in catalogue.series.indices {
            catalogue.series[index].objects.removeAll { object in
                let folder = URL(fileURLWithPath: object.file).deletingLastPathComponent().path
                guard DoseCheckFolder.results.isAt(folder) else { return false }
                findings.append(
                    Finding(
                        severity: .information, code: "CHECK-0015",
                        message: "\(object.file): left out, an earlier check wrote it", path: object.file))
                return true
            }
        }
        catalogue.series.removeAll { $0.objects.isEmpty }
        return findings
    }

    /// One SOP Instance UID is one object, however many files hold it: a file that was asked for is taken, else the first by name.
    private static func removeCopies(
        from catalogue: inout DICOMCatalogue, keeping given: [String]
    ) -> [Finding] {
        let wanted = Set(given.map { URL(fileURLWithPath: $0).path })
        var first: [String: String] = [:]
        for object in catalogue.series.flatMap(\.objects) where wanted.contains(object.file) {
            first[object.sopInstanceUID] = object.file
        }
        var findings: [Finding] = []
        for index in catalogue.series.indices {
            catalogue.series[index].objects.removeAll { object in
                let kept = first[object.sopInstanceUID] ?? object.file
                first[object.sopInstanceUID] = kept
                guard kept != object.file else { return false }
                findings.append(
                    Finding(
                        severity: .information, code: "CHECK-0015",
                        message:
                            "\(object.file): left out, a second copy of the object in \(kept) (same SOP Instance UID, 0008,0018)",
                        path: object.file))
                return true
            }
        }
        catalogue.series.removeAll { $0.objects.isEmpty }
        return findings
    }

    private static func object(
        _ wanted: String, among all: [CatalogueObject], kind: DoseCheckSelectionError.Kind
    ) throws(DoseCheckSelectionError) -> CatalogueObject {
        let path = URL(fileURLWithPath: wanted).path
        guard
            let found = all.first(where: { $0.sopInstanceUID == wanted || $0.file == path })
        else { throw .noSuch(kind, wanted, choices: all.map(line)) }
        return found
    }

    private static func series(
        _ wanted: String?, in catalogue: DICOMCatalogue, places: String, drawnOn set: CatalogueObject
    ) throws -> CatalogueSeries {
        let all = catalogue.series(modality: "CT")
        var candidates = all
        if let wanted {
            var isFolder: ObjCBool = false
            let isPath = FileManager.default.fileExists(atPath: wanted, isDirectory: &isFolder)
            let path = URL(fileURLWithPath: wanted).path
            candidates = all.filter { series in
                isPath
                    ? series.objects.contains { $0.file == path || $0.file.hasPrefix(path + "/") }
                    : series.seriesInstanceUID == wanted
            }
            guard !candidates.isEmpty else {
                throw DoseCheckSelectionError.noSuch(.ct, wanted, choices: all.map(\.summary))
            }
        } else {
            let drawn = all.filter { set.references.contains($0.seriesInstanceUID) }
            if !drawn.isEmpty { candidates = drawn }
        }
        guard let first = candidates.first else {
            throw DoseCheckSelectionError.none(
                .ct, places: places, found: catalogue.series.map(\.summary))
        }
        guard candidates.count == 1 else {
            throw DoseCheckSelectionError.several(.ct, choices: candidates.map(\.summary))
        }
        return first
    }

    private static func line(_ object: CatalogueObject) -> String {
        [object.label, object.sopInstanceUID, object.file].filter { !$0.isEmpty }.joined(separator: "  ")
    }
}

/// Why folders do not give the objects of one dose check.
public enum DoseCheckSelectionError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A kind of object, with the option that chooses it.
    public enum Kind: Sendable {
        case ct, structureSet, plan, dose

        var sopClassUID: String {
            switch self {
            case .ct: DICOMUID.ctImage
            case .structureSet: DICOMUID.rtStructureSet
            case .plan: DICOMUID.rtIonPlan
            case .dose: DICOMUID.rtDose
            }
        }
        var name: String {
            switch self {
            case .ct: "CT series"
            case .structureSet: "RT Structure Set"
            case .plan: "RT Ion Plan"
            case .dose: "RT Dose"
            }
        }
        var option: String {
            switch self {
            case .ct: "--ct"
            case .structureSet: "--structure-set"
            case .plan: "--plan"
            case .dose: "--dose"
            }
        }
    }
    case none(Kind, places: String, found: [String])
    case several(Kind, choices: [String])
    case noSuch(Kind, String, choices: [String])

    public var description: String {
        switch self {
        case .none(let kind, let places, let found):
            "no \(kind.name) in \(places) (it is needed for the check) give the folder or file that holds it; found:"
                + Self.list(found)
        case .several(let kind, let choices):
            "\(choices.count) objects could be the \(kind.name) (it must be one) choose it with \(kind.option):"
                + Self.list(choices)
        case .noSuch(let kind, let wanted, let choices):
            "\(kind.option) \(wanted): there is no such \(kind.name) (nor another object of that class under this name) choose one of:"
                + Self.list(choices)
        }
    }

    private static func list(_ lines: [String]) -> String {
        lines.isEmpty ? " nothing" : "\n  " + lines.joined(separator: "\n  ")
    }
}
