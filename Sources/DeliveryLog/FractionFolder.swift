import NumericKernels

#if canImport(Glibc)
    import Glibc
#endif

/// Names in the folder of a fraction.
public enum FractionFolder {
    /// Name without extension of a session's files.
    ///
    /// - Parameters:
    ///   - field: DICOM Beam Number.
    ///   - session: From 1.
    public static func name(field: Int, session: Int) -> String { "field-\(field)-session-\(session)" }

    /// Sessions whose files are there, in order.
    static func sessions(_ names: Set<String>, field: Int) -> [Int] {
        let prefix = "field-\(field)-session-"
        return Set(
            names.compactMap { name -> Int? in
                guard name.hasPrefix(prefix) else { return nil }
                let rest = name.dropFirst(prefix.count)
                for ending in [".log", ".counters"] where rest.hasSuffix(ending) {
                    return Int(rest.dropLast(ending.count))
                }
                return nil
            }
        ).sorted()
    }

    /// Names in a folder; none if it does not exist.
    static func names(in folder: String) throws(DeliveryLogError) -> [String] {
        guard let handle = opendir(folder) else {
            if errno == ENOENT { return [] }
            throw SystemLogFile.refusal(folder, "read the folder")
        }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            names.append(
                withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                })
        }
        return names
    }
}

/// Held by the process that delivers a fraction; the operating system gives it back when the process dies.
final class FractionLock {
    private let descriptor: Int32

    init(folder: String) throws(DeliveryLogError) {
        if mkdir(folder, 0o755) == 0 {
            try SystemLogFile.synchroniseFolder(of: folder)
        } else if errno != EEXIST {
            throw SystemLogFile.refusal(folder, "make the folder")
        }
        descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemLogFile.refusal(folder, "open the folder") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let busy = errno == EWOULDBLOCK
            _ = close(descriptor)
            throw busy ? .inUse(folder: folder) : SystemLogFile.refusal(folder, "lock the folder")
        }
    }

    deinit { _ = close(descriptor) }
}

extension [UInt64] {
    /// One sum over all words.
    var hashed: UInt64 {
        var sum = WordChecksum()
        for word in self { sum.add(word) }
        return sum.value
    }
}
