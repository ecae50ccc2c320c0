import Foundation
import PlanModel
import Volumes

/// A finished plan as it is kept: what was asked, what was made, its dose, and what it was made from.
public struct StoredCase: Sendable {
    public var plan: Plan
    /// The plan file it was made from, word for word.
    public var planFileText: String
    /// Dose of one fraction by field number.
    public var fieldDoses: [Int: DoseDistribution]
    /// Further volumes by name (letters, digits, hyphens), for people and other programs: `dose-rbe`, `letd`.
    public var volumes: [String: Volume<Float>]
    /// Further files by name, for example `optimisation.json`.
    public var attachments: [String: Data]
    public var provenance: Provenance

    public init(
        plan: Plan, planFileText: String, fieldDoses: [Int: DoseDistribution],
        volumes: [String: Volume<Float>] = [:], attachments: [String: Data] = [:],
        provenance: Provenance
    ) {
        self.plan = plan
        self.planFileText = planFileText
        self.fieldDoses = fieldDoses
        self.volumes = volumes
        self.attachments = attachments
        self.provenance = provenance
    }
}

/// Folders that hold a `StoredCase` (`format: kasane-case`); the format is described in `docs/formats/case.md`.
///
/// A folder appears whole or not at all: it is written beside its place and moved there at the end. Every file's size
/// and SHA-256 stand in `case.json`, and a reader refuses a folder that does not agree with it.
///
/// ## Checked by
/// `CaseFolderTests`.
public enum CaseFolder {
    public static let format = "kasane-case"
    public static let version = 1
    static let manifestName = "case.json"

    /// Writes a case; an older case at the same place is replaced, anything else there is refused.
    ///
    /// - Throws: `InvalidFile`.
    public static func write(_ stored: StoredCase, to path: String) throws(InvalidFile) {
        let files = try CaseFolderContents(stored).files
        let manager = FileManager.default
        let place = URL(fileURLWithPath: path)
        try checkPlace(path)
        let mark = UUID().uuidString
        let parent = place.deletingLastPathComponent()
        let partial = parent.appendingPathComponent(".\(place.lastPathComponent).partial-\(mark)")
        let old = parent.appendingPathComponent(".\(place.lastPathComponent).old-\(mark)")
        do {
            try manager.createDirectory(at: partial, withIntermediateDirectories: true)
            for (name, data) in files { try data.write(to: partial.appendingPathComponent(name)) }
            let replaces = manager.fileExists(atPath: path)
            if replaces { try manager.moveItem(at: place, to: old) }
            do {
                try manager.moveItem(at: partial, to: place)
            } catch {
                if replaces { try manager.moveItem(at: old, to: place) }
                throw error
            }
            if replaces { try manager.removeItem(at: old) }
        } catch {
            do { try manager.removeItem(at: partial) } catch {
                // The scratch folder is gone already, or the disk refuses everything: the first error tells more.
            }
            throw InvalidFile(
                file: path,
                "the case cannot be written (\(error.localizedDescription)); check the folder and the free space"
            )
        }
    }

    /// Reads a case after checking every file.
    ///
    /// - Throws: `InvalidFile` naming the file and what is wrong with it.
    public static func read(path: String) throws(InvalidFile) -> StoredCase {
        let manifest = try CaseManifest.read(path + "/" + manifestName)
        var files: [String: Data] = [:]
        for (name, entry) in manifest.files.sorted(by: { $0.key < $1.key }) {
            let file = path + "/" + name
            guard CaseManifest.isPlainName(name) else {
                throw InvalidFile(
                    file: path + "/" + manifestName, path: "files",
                    "‘\(name)’ is not a plain file name; the case is damaged, make it again")
            }
            let data = try FileBytes.read(file)
            guard data.count == entry.bytes, SHA256.digest(data) == entry.sha256 else {
                throw InvalidFile(
                    file: file,
                    "the file has changed since the case was written (size or SHA-256 differ from case.json); "
                        + "restore it or plan again")
            }
            files[name] = data
        }
        return try CaseFolderContents.stored(files, manifest: manifest, path: path)
    }

    /// Whether a folder is a case.
    public static func isCase(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: path + "/" + manifestName)
    }

    /// Refuses a place where something else than a case or an empty folder is, before any work is done for it.
    ///
    /// - Throws: `InvalidFile`.
    public static func checkPlace(_ path: String) throws(InvalidFile) {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), !isCase(path) else {
            return
        }
        let content: [String]
        do {
            content = isDirectory.boolValue ? try FileManager.default.contentsOfDirectory(atPath: path) : [""]
        } catch {
            throw InvalidFile(file: path, "the folder cannot be read (\(error.localizedDescription))")
        }
        guard content.isEmpty else {
            throw InvalidFile(
                file: path, "this is there already and is not a case (it would be lost); choose another place"
            )
        }
    }
}

/// `case.json`: what the folder holds.
struct CaseManifest: Codable {
    struct Entry: Codable {
        var bytes: Int
        var sha256: String
    }
    var format: String
    var version: Int
    /// Frame of Reference UID of all volumes.
    var frameOfReferenceUID: String
    var fieldNumbers: [Int]
    var volumes: [String]
    var attachments: [String]
    var files: [String: Entry]

    static func isPlainName(_ name: String) -> Bool {
        !name.isEmpty && name.first != "."
            && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
    }

    static func read(_ file: String) throws(InvalidFile) -> CaseManifest {
        struct Head: Decodable {
            var format: String
            var version: Int
        }
        let data = try FileBytes.read(file)
        let head: Head = try JSONRecord.decode(data, file: file)
        guard head.format == CaseFolder.format else {
            throw InvalidFile(file: file, path: "format", "‘\(head.format)’ is not \(CaseFolder.format)")
        }
        guard head.version == CaseFolder.version else {
            throw InvalidFile(
                file: file, path: "version",
                "version \(head.version) is not known (this program reads \(CaseFolder.version)); use a newer program"
            )
        }
        return try JSONRecord.decode(data, file: file)
    }
}

/// JSON as all our files write it: sorted keys, no escaped slashes.
package enum JSONRecord {
    package static func encode(_ value: some Encodable, pretty: Bool) throws(InvalidFile) -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if pretty { encoder.outputFormatting.insert(.prettyPrinted) }
        do {
            return try encoder.encode(value) + Data("\n".utf8)
        } catch {
            throw InvalidFile(
                file: "\(type(of: value))",
                "the result cannot be written as JSON (\(error)); a number may not be finite")
        }
    }

    package static func decode<Value: Decodable>(_ data: Data, file: String) throws(InvalidFile) -> Value {
        do {
            return try JSONDecoder().decode(Value.self, from: data)
        } catch let error as DecodingError {
            throw InvalidFile(
                file: file, path: path(error), "\(reason(error)); the file is damaged, make it again")
        } catch {
            throw InvalidFile(file: file, "not JSON (\(error)); the file is damaged, make it again")
        }
    }

    private static func context(_ error: DecodingError) -> DecodingError.Context? {
        switch error {
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context),
            .dataCorrupted(let context):
            context
        @unknown default: nil
        }
    }

    private static func path(_ error: DecodingError) -> String {
        (context(error)?.codingPath ?? []).map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }
            .joined(separator: ".")
    }

    private static func reason(_ error: DecodingError) -> String {
        if case .keyNotFound(let key, _) = error { return "‘\(key.stringValue)’ is missing" }
        return context(error)?.debugDescription ?? "\(error)"
    }
}
