import Foundation

/// Files that are whole and on the disk once they have their name, whatever is killed or loses power when.
enum DurableFile {
    /// Writes beside the place under a hidden name, waits for the disk, and moves the file to its place over an older one.
    ///
    /// - Throws: `ClusterJobError.cannotWrite`.
    static func write(_ bytes: some Collection<UInt8>, to path: String) throws(ClusterJobError) {
        let place = URL(fileURLWithPath: path)
        let folder = place.deletingLastPathComponent()
        let partial = folder.appendingPathComponent(
            partialPrefix(of: place.lastPathComponent) + UUID().uuidString)
        do {
            try Data().write(to: partial)
            let handle = try FileHandle(forWritingTo: partial)
            try handle.write(contentsOf: Data(bytes))
            try handle.synchronize()
            try handle.close()
            guard rename(partial.path, path) == 0 else {
                throw CocoaError(
                    .fileWriteUnknown,
                    userInfo: [NSLocalizedDescriptionKey: String(cString: strerror(errno))])
            }
            // The name is on the disk only when the folder is.
            let descriptor = open(folder.path, O_RDONLY)
            if descriptor >= 0 {
                fsync(descriptor)
                close(descriptor)
            }
        } catch {
            do { try FileManager.default.removeItem(at: partial) } catch {
                // It was never made, or the disk refuses everything: the first error tells more.
            }
            throw .cannotWrite(path: path, reason: error.localizedDescription)
        }
    }

    /// How the hidden names of a file that is being written begin.
    static func partialPrefix(of name: String) -> String { ".\(name)\(partialMark)" }

    static func isPartial(_ name: String) -> Bool { name.hasPrefix(".") && name.contains(partialMark) }

    private static let partialMark = ".partial-"

    /// - Throws: `ClusterJobError.cannotRead`.
    static func read(_ path: String) throws(ClusterJobError) -> [UInt8] {
        do {
            return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            throw .cannotRead(path: path, reason: error.localizedDescription)
        }
    }
}
