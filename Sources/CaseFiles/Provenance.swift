import Foundation

/// What a result was made from, with which program and options: enough to make it again.
public struct Provenance: Codable, Hashable, Sendable {
    /// A file or folder that went in.
    public struct Source: Codable, Hashable, Sendable {
        /// What it was used for, for example `machine`, `beam data`, `CT`.
        public var role: String
        /// Where it was.
        public var path: String
        /// SHA-256 of the file; of a folder, that of the list of its files' names and digests.
        public var sha256: String

        public init(role: String, path: String, sha256: String) {
            self.role = role
            self.path = path
            self.sha256 = sha256
        }
    }

    public var programVersion: String
    /// When the result was made, ISO 8601.
    public var created: String
    public var seed: UInt64
    public var sources: [Source]
    /// Everything else that the result depends on, by name.
    public var options: [String: String]

    public init(
        programVersion: String, created: String, seed: UInt64, sources: [Source],
        options: [String: String] = [:]
    ) {
        self.programVersion = programVersion
        self.created = created
        self.seed = seed
        self.sources = sources
        self.options = options
    }
}

extension Provenance.Source {
    /// The digest of a file, or of all files of a folder (names sorted, folders below included).
    ///
    /// - Throws: `InvalidFile` if something cannot be read.
    public static func digesting(role: String, path: String) throws(InvalidFile) -> Self {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw InvalidFile(file: path, "there is no such file or folder; check the path")
        }
        guard isDirectory.boolValue else {
            return Self(role: role, path: path, sha256: try FileBytes.digest(path))
        }
        guard let names = FileManager.default.enumerator(atPath: path) else {
            throw InvalidFile(file: path, "the folder cannot be read; check its permissions")
        }
        var list = SHA256()
        for name in names.compactMap({ $0 as? String }).sorted() {
            let file = path + "/" + name
            guard FileManager.default.fileExists(atPath: file, isDirectory: &isDirectory),
                !isDirectory.boolValue
            else { continue }
            list.update(Array("\(name) \(try FileBytes.digest(file))\n".utf8))
        }
        return Self(role: role, path: path, sha256: list.finish())
    }
}

extension Provenance.Source {
    /// The digest of some files: that of the list of their names and digests, names sorted.
    ///
    /// `path`: What stands for them, for example the folder they are in.
    /// - Throws: `InvalidFile` if one cannot be read.
    public static func digesting(role: String, path: String, files: [String]) throws(InvalidFile) -> Self {
        var list = SHA256()
        let named = files.map { (name: URL(fileURLWithPath: $0).lastPathComponent, file: $0) }
        for (name, file) in named.sorted(by: { ($0.name, $0.file) < ($1.name, $1.file) }) {
            list.update(Array("\(name) \(try FileBytes.digest(file))\n".utf8))
        }
        return Self(role: role, path: path, sha256: list.finish())
    }
}

/// Whole files as bytes.
package enum FileBytes {
    package static func read(_ path: String) throws(InvalidFile) -> Data {
        do {
            return try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)
        } catch {
            throw InvalidFile(
                file: path, "the file cannot be read (\(error.localizedDescription)); check that it is there")
        }
    }

    static func digest(_ path: String) throws(InvalidFile) -> String {
        SHA256.digest(try read(path))
    }
}
