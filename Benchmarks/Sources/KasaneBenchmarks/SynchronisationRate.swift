import Foundation

#if canImport(Glibc)
    import Glibc
#endif

/// How often a second the disk brings a small piece of a file to rest: what a log on it cannot be faster than.
enum SynchronisationRate {
    static let count = 100

    /// - Parameter folder: Where a file is made; it is removed again.
    static func measure(_ folder: String) throws -> Double {
        let path = folder + "/synchronise"
        let piece = [UInt8](repeating: 7, count: 2000)
        let file = open(path, O_RDWR | O_CREAT | O_EXCL, 0o644)
        guard file >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        defer {
            close(file)
            unlink(path)
        }
        guard posix_fallocate(file, 0, off_t(count * piece.count)) == 0, fsync(file) == 0 else {
            throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
        }
        let begin = ContinuousClock.now
        for index in 0..<count {
            guard pwrite(file, piece, piece.count, off_t(index * piece.count)) == piece.count,
                fdatasync(file) == 0
            else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        }
        return Double(count) / ((ContinuousClock.now - begin) / .seconds(1))
    }
}
