import Foundation

/// The folder that a dose check leaves; described in `docs/formats/check.md`.
///
/// It appears whole or not at all, and replaces an older check at its place; anything else there is refused.
///
/// ## Checked by
/// `DoseCheckCommandTests`.
public enum DoseCheckFolder {
    /// All figures of the check.
    public static let recordName = "check.yaml"
    public static let format = "kasane-check"
    public static let version = 1

    /// Whether a folder holds a dose check.
    public static func isCheck(_ path: String) -> Bool {
        let file = path + "/" + recordName
        guard let stream = FileHandle(forReadingAtPath: file) else { return false }
        let head: Data
        do {
            head = try stream.read(upToCount: 64) ?? Data()
            try stream.close()
        } catch {
            return false
        }
        return String(decoding: head, as: UTF8.self).hasPrefix("format: \"\(format)\"")
    }

    /// Refuses a place where something else than a check or an empty folder is, before any work is done for it.
    ///
    /// - Throws: `DoseCheckError.placeTaken`.
    public static func checkPlace(_ path: String) throws(DoseCheckError) {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isCheck(path) else {
            return
        }
        let content: [String]
        do {
            content = isFolder.boolValue ? try FileManager.default.contentsOfDirectory(atPath: path) : [""]
        } catch {
            throw .placeTaken(path)
        }
        guard content.isEmpty else { throw .placeTaken(path) }
    }

    /// Makes the folder: `fill` writes into a hidden one beside it, which takes the place when everything is there.
    ///
    /// - Throws: `DoseCheckError.placeTaken`, what `fill` throws, and errors of the file system.
    public static func write(to path: String, _ fill: (URL) throws -> Void) throws {
        try checkPlace(path)
        let manager = FileManager.default
        let place = URL(fileURLWithPath: path)
        let mark = UUID().uuidString
        let parent = place.deletingLastPathComponent()
        let partial = parent.appendingPathComponent(".\(place.lastPathComponent).partial-\(mark)")
        let old = parent.appendingPathComponent(".\(place.lastPathComponent).old-\(mark)")
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
            // The reason of the failure matters, not whether the hidden folder could be removed as well.
            _ = try? manager.removeItem(at: partial)
            throw error
        }
    }
}
