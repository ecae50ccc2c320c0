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
/// Every file's size and SHA-256 stand in `case.json`, and a reader refuses a folder that does not agree with it.
///
/// ## Checked by
/// `CaseFolderTests`.
public enum CaseFolder {
    public static let format = "kasane-case"
    public static let version = 1
    static let manifestName = "case.json"

    /// How such a folder is written and what it may replace.
    public static let results = ResultFolder(kind: "a case", markFile: manifestName, mark: "\"\(format)\"")

    /// Writes a case; an older case at the same place is replaced, anything else there is refused.
    ///
    /// - Throws: `InvalidFile`.
    public static func write(_ stored: StoredCase, to path: String) throws(InvalidFile) {
        try results.write(CaseFolderContents(stored).files, to: path)
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
