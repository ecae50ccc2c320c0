import Foundation

/// A kind of folder that a command leaves its results in: a case, a transport result, a dose check.
///
/// Such a folder appears whole or not at all: it is filled under a hidden name beside its place and moved there at the end. At its
/// place may be nothing, an empty folder, or an older result of the same kind, which is replaced (and put back if the new one cannot be moved
/// there); anything else is refused, because it would be lost.
///
/// ## Checked by
/// `ResultFolderTests`.
public struct ResultFolder: Sendable {
    /// What it is, for messages: `a case`.
    public let kind: String
    /// The file that every folder of the kind has.
    public let markFile: String
    /// What stands in the first kilobytes of that file.
    public let mark: String

    /// Names a kind of folder.
    ///
    /// - Parameters:
    ///   - kind: What it is, for messages: `a case`.
    ///   - markFile: A file that every folder of the kind has.
    ///   - mark: What stands in that file in no other format, in its first 64 KiB.
    public init(kind: String, markFile: String, mark: String) {
        self.kind = kind
        self.markFile = markFile
        self.mark = mark
    }

    /// Whether the folder at `path` is one of this kind; false too where it cannot be read.
    public func isAt(_ path: String) -> Bool {
        guard let stream = FileHandle(forReadingAtPath: path + "/" + markFile) else { return false }
        do {
            let head = try stream.read(upToCount: 65_536) ?? Data()
            try stream.close()
            return String(decoding: head, as: UTF8.self).contains(mark)
        } catch {
            return false
        }
    }

    /// Refuses a place where something else than an older result or an empty folder is, before any work is done for it.
    ///
    /// - Throws: `InvalidFile`.
    public func checkPlace(_ path: String) throws(InvalidFile) {
        let manager = FileManager.default
        var isFolder: ObjCBool = false
        guard manager.fileExists(atPath: path, isDirectory: &isFolder), !isAt(path) else { return }
        let content: [String]
        do {
            content = isFolder.boolValue ? try manager.contentsOfDirectory(atPath: path) : [""]
        } catch {
            throw InvalidFile(file: path, "the folder cannot be read (\(error.localizedDescription))")
        }
        guard content.isEmpty else {
            throw InvalidFile(
                file: path,
                "this is there already and is not \(kind) (it would be lost); choose another place"
            )
        }
    }

    /// Makes the folder.
    ///
    /// - Parameters:
    ///   - path: Its place; folders above it are made where they are missing.
    ///   - fill: Writes all files into the folder it is given, which has a hidden name until it returns.
    /// - Throws: `InvalidFile` for a place that is taken, what `fill` throws, errors of the file system. Nothing is left behind then, and
    ///   an older result stays.
    public func write(to path: String, _ fill: (URL) throws -> Void) throws {
        try checkPlace(path)
        let manager = FileManager.default
        let place = URL(fileURLWithPath: path)
        let parent = place.deletingLastPathComponent()
        let name = place.lastPathComponent
        let tag = UUID().uuidString
        let partial = parent.appendingPathComponent(".\(name).partial-\(tag)")
        let old = parent.appendingPathComponent(".\(name).old-\(tag)")
        do {
            try manager.createDirectory(at: partial, withIntermediateDirectories: true)
            try fill(partial)
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
                // The hidden folder is gone already, or the disk refuses everything: the first error tells more.
            }
            throw error
        }
    }

    /// Makes the folder of files that are ready in memory.
    ///
    /// - Parameters:
    ///   - files: Content by plain file name.
    ///   - path: Its place, as above.
    /// - Throws: `InvalidFile`.
    public func write(_ files: [String: Data], to path: String) throws(InvalidFile) {
        do {
            try write(to: path) { folder in
                for (name, data) in files { try data.write(to: folder.appendingPathComponent(name)) }
            }
        } catch let error as InvalidFile {
            throw error
        } catch {
            throw InvalidFile(
                file: path,
                "\(kind) cannot be written here (\(error.localizedDescription)); check the folder and the free space"
            )
        }
    }
}
