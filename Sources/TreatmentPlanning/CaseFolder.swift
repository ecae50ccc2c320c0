import CaseFiles
import Foundation
import PlanModel
import Reporting

/// A plan, its dose and its provenance as a folder of files that people and other programs can open.
///
/// `case.json` names every other file with its SHA-256; `plan.json` holds fields, layers and spots; `plan.yaml` is the
/// request; `field-<n>.<quantity>.mha` are the doses of one fraction. The folder appears, or replaces an
/// older one, only when all files are complete. Format: `docs/formats/case.md`.
///
/// ## Checked by
/// `CaseFolderTests`.
public enum CaseFolder {
    public static let format = "kasane-case"
    public static let version = 1

    /// Why a case cannot be written or read.
    public enum Failure: Error, Sendable, CustomStringConvertible {
        case notACase(String, reason: String)
        case occupied(String)
        case damaged(file: String, expected: String, found: String)
        case notWritable(String, reason: String)

        public var description: String {
            switch self {
            case .notACase(let path, let reason):
                "\(path) is no case folder (\(reason)) give a folder that kasane plan made"
            case .occupied(let path):
                "\(path) exists and is no case folder (it would be replaced) choose another folder or remove it"
            case .damaged(let file, let expected, let found):
                "\(file) was changed or damaged (SHA-256 \(found.prefix(12))…, case.json says \(expected.prefix(12))…) "
                    + "make the case again"
            case .notWritable(let path, let reason):
                "\(path) cannot be written (\(reason)) choose another folder"
            }
        }
    }

    private static let quantities = ["dose", "dose-zstar", "dose-let"]

    /// Refuses a place that cannot take a case, before any work is done.
    public static func checkWritable(_ path: String) throws(Failure) {
        let manager = FileManager.default
        var isFolder: ObjCBool = false
        if manager.fileExists(atPath: path, isDirectory: &isFolder) {
            guard isFolder.boolValue else { throw .occupied(path) }
            let isEmpty = ((try? manager.contentsOfDirectory(atPath: path)) ?? [""]).isEmpty
            guard isEmpty || manager.fileExists(atPath: path + "/case.json") else { throw .occupied(path) }
        }
        let parent = URL(fileURLWithPath: path).deletingLastPathComponent().path
        do {
            try manager.createDirectory(atPath: parent, withIntermediateDirectories: true)
        } catch {
            throw .notWritable(path, reason: error.localizedDescription)
        }
        guard manager.isWritableFile(atPath: parent) else {
            throw .notWritable(path, reason: "no permission in \(parent)")
        }
    }

    /// Writes the case.
    public static func write(_ planCase: PlanCase, to path: String) throws {
        try checkWritable(path)
        let manager = FileManager.default
        let target = URL(fileURLWithPath: path)
        let scratch = target.deletingLastPathComponent()
            .appendingPathComponent(".kasane-case-\(UUID().uuidString)")
        try manager.createDirectory(at: scratch, withIntermediateDirectories: false)
        do {
            var digests: [String: String] = [:]
            func put(_ data: Data, _ name: String) throws {
                try data.write(to: scratch.appendingPathComponent(name))
                digests[name] = SHA256.digest(data)
            }
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            try put(Data(planCase.requestText.utf8), "plan.yaml")
            encoder.outputFormatting.remove(.prettyPrinted)
            try put(encoder.encode(PlanDocument(planCase.plan)), "plan.json")
            for (number, dose) in planCase.fieldDoses.sorted(by: { $0.key < $1.key }) {
                for (name, volume) in zip(quantities, [dose.dose, dose.doseZStar, dose.doseLET]) {
                    try put(MetaImage.encoded(volume), "field-\(number).\(name).mha")
                }
            }
            encoder.outputFormatting.insert(.prettyPrinted)
            let head = CaseDocument(planCase, files: digests)
            try encoder.encode(head).write(to: scratch.appendingPathComponent("case.json"))
            if manager.fileExists(atPath: target.path) {
                _ = try manager.replaceItemAt(target, withItemAt: scratch)
            } else {
                try manager.moveItem(at: scratch, to: target)
            }
        } catch {
            // The reason of the failure matters, not whether the scratch folder could be removed as well.
            _ = try? manager.removeItem(at: scratch)
            throw error
        }
    }

    /// Reads a case and checks every file against `case.json`.
    public static func read(_ path: String) throws -> PlanCase {
        let folder = URL(fileURLWithPath: path)
        let headFile = folder.appendingPathComponent("case.json")
        guard FileManager.default.fileExists(atPath: headFile.path) else {
            throw Failure.notACase(path, reason: "there is no case.json in it")
        }
        let head: CaseDocument
        do {
            head = try JSONDecoder().decode(CaseDocument.self, from: Data(contentsOf: headFile))
        } catch {
            throw Failure.notACase(path, reason: "case.json: \(error)")
        }
        guard head.format == format, head.version == version else {
            throw Failure.notACase(path, reason: "format \(head.format) version \(head.version), not \(format) \(version)")
        }
        var contents: [String: Data] = [:]
        for (name, expected) in head.files.sorted(by: { $0.key < $1.key }) {
            let file = folder.appendingPathComponent(name)
            guard !name.contains("/"), FileManager.default.fileExists(atPath: file.path) else {
                throw Failure.notACase(path, reason: "\(name) is missing")
            }
            let data = try Data(contentsOf: file)
            let found = SHA256.digest(data)
            guard found == expected else {
                throw Failure.damaged(file: file.path, expected: expected, found: found)
            }
            contents[name] = data
        }
        guard let planData = contents["plan.json"], let request = contents["plan.yaml"] else {
            throw Failure.notACase(path, reason: "plan.json or plan.yaml is missing")
        }
        let plan = try JSONDecoder().decode(PlanDocument.self, from: planData).plan()
        var doses: [Int: DoseDistribution] = [:]
        for field in plan.fields {
            let volumes = try quantities.map { quantity in
                let name = "field-\(field.number).\(quantity).mha"
                guard let data = contents[name] else { throw Failure.notACase(path, reason: "\(name) is missing") }
                return try MetaImage.decoded(data, file: folder.appendingPathComponent(name).path)
            }
            doses[field.number] = DoseDistribution(dose: volumes[0], doseZStar: volumes[1], doseLET: volumes[2])
        }
        return head.planCase(requestText: String(decoding: request, as: UTF8.self), plan: plan, doses: doses)
    }
}
