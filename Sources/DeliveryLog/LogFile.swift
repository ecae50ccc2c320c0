#if canImport(Glibc)
    import Glibc
#endif

/// A file that only grows; written by one thread at a time.
package protocol LogFile: AnyObject {
    /// For messages.
    var path: String { get }
    /// Appends all bytes or throws; after an error nothing more may be written.
    func append(_ bytes: [UInt8]) throws(DeliveryLogError)
    /// Returns when all that was appended is on disk.
    func synchronise() throws(DeliveryLogError)
    /// Gives back space that was set aside and not used.
    func trim() throws(DeliveryLogError)
    func close()
}

/// A file of the operating system, made new, with space set aside: zeros until it is written or trimmed.
package final class SystemLogFile: LogFile {
    package let path: String
    private var descriptor: Int32
    private var size: off_t = 0

    /// Makes the file; its name is on disk when this returns.
    ///
    /// - Parameters:
    ///   - path: Must not exist.
    ///   - reserving: Bytes that the disk sets aside, so that a full disk is found before there is beam.
    package init(creating path: String, reserving: Int) throws(DeliveryLogError) {
        self.path = path
        descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw errno == EEXIST ? .exists(path: path) : Self.refusal(path, "make the file")
        }
        do throws(DeliveryLogError) {
            let refusal = posix_fallocate(descriptor, 0, off_t(max(1, reserving)))
            guard refusal == 0 else {
                throw .refused(
                    path: path, action: "set aside \(reserving) bytes",
                    why: String(cString: strerror(refusal)))
            }
            try Self.synchroniseFolder(of: path)
        } catch {
            close()
            unlink(path)
            throw error
        }
    }

    deinit { close() }

    package func append(_ bytes: [UInt8]) throws(DeliveryLogError) {
        var done = 0
        while done < bytes.count {
            let rest = bytes.count - done
            let count = bytes.withUnsafeBytes {
                pwrite(descriptor, $0.baseAddress.map { $0 + done }, rest, size)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Self.refusal(path, "write") }
            done += count
            size += off_t(count)
        }
    }

    package func synchronise() throws(DeliveryLogError) {
        // After an error the system may have thrown the pages away: a second success would mean nothing.
        guard fdatasync(descriptor) == 0 else { throw Self.refusal(path, "bring the file to disk") }
    }

    package func trim() throws(DeliveryLogError) {
        guard ftruncate(descriptor, size) == 0, fsync(descriptor) == 0 else {
            throw Self.refusal(path, "give back the space that was set aside")
        }
    }

    package func close() {
        if descriptor >= 0 { _ = Glibc.close(descriptor) }
        descriptor = -1
    }

    /// Brings the name of a new file to disk.
    package static func synchroniseFolder(of path: String) throws(DeliveryLogError) {
        let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let handle = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard handle >= 0 else { throw refusal(folder, "open the folder") }
        defer { _ = Glibc.close(handle) }
        guard fsync(handle) == 0 else { throw refusal(folder, "bring the folder to disk") }
    }

    /// What the operating system said last.
    package static func refusal(_ path: String, _ action: String) -> DeliveryLogError {
        .refused(path: path, action: action, why: String(cString: strerror(errno)))
    }

    /// All bytes of a file.
    package static func contents(of path: String) throws(DeliveryLogError) -> [UInt8] {
        let handle = open(path, O_RDONLY | O_CLOEXEC)
        guard handle >= 0 else { throw refusal(path, "open the file") }
        defer { _ = Glibc.close(handle) }
        var status = stat()
        guard fstat(handle, &status) == 0 else { throw refusal(path, "look at the file") }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        var done = 0
        while done < bytes.count {
            let size = bytes.count - done
            let count = bytes.withUnsafeMutableBytes { read(handle, $0.baseAddress.map { $0 + done }, size) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw refusal(path, "read the file") }
            guard count > 0 else { break }
            done += count
        }
        bytes.removeLast(bytes.count - done)
        return bytes
    }
}
