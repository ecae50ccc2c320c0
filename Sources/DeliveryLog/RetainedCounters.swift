import DeliveryControl
import NumericKernels

#if canImport(Glibc)
    import Glibc
#endif

/// The counters that the hardware keeps in a memory of its own, beside the log: they survive the death of the process.
///
/// Two slots are written in turn, each with a rising number and a checksum. A slot torn by a crash does not give its checksum, and the other
/// still holds what was there a moment before. The file also keeps how much of the log was acknowledged: damage in that part is no torn end.
///
///     slot = number, primary, secondary, dark of both, acknowledged bytes, 0, checksum   (eight 64-bit words, little-endian)
///
/// A power cut of the whole computer is not what this file can stand, as the battery of a real counter does: it is not synchronised.
///
/// ## Checked by
/// `RetainedCountersTests`.
public final class RetainedCounters {
    /// What the counters said last.
    public struct Reading: Hashable, Sendable {
        public var registers: MonitorSample
        /// Bytes of the log that were acknowledged.
        public var acknowledged: Int
        /// Whether one slot was torn.
        public var isTorn: Bool

        /// - Parameters:
        ///   - registers: Counters.
        ///   - acknowledged: Bytes of the log.
        ///   - isTorn: Whether one slot was torn.
        public init(registers: MonitorSample, acknowledged: Int, isTorn: Bool = false) {
            self.registers = registers
            self.acknowledged = acknowledged
            self.isTorn = isTorn
        }
    }

    static let words = 8
    static let magic: UInt64 = 0x3152_4E54_4341_534B
    static let size = (words + 2 * words) * 8

    private let memory: UnsafeMutablePointer<UInt64>
    private var number: UInt64 = 0
    private var last = MonitorSample(primary: 0, secondary: 0)
    private var acknowledgedBytes = 0

    /// Makes the file with counters at zero.
    ///
    /// - Parameter path: Must not exist.
    /// - Throws: `DeliveryLogError`.
    public init(creating path: String) throws(DeliveryLogError) {
        let handle = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard handle >= 0 else {
            throw errno == EEXIST ? .exists(path: path) : SystemLogFile.refusal(path, "make the file")
        }
        defer { _ = Glibc.close(handle) }
        guard posix_fallocate(handle, 0, off_t(Self.size)) == 0,
            let mapped = mmap(nil, Self.size, PROT_READ | PROT_WRITE, MAP_SHARED, handle, 0),
            mapped != MAP_FAILED
        else { throw SystemLogFile.refusal(path, "map the file") }
        memory = mapped.bindMemory(to: UInt64.self, capacity: Self.size / 8)
        memory[0] = Self.magic.littleEndian
        memory[1] = 1
        store()
        store()
        guard fsync(handle) == 0 else {
            munmap(memory, Self.size)
            throw SystemLogFile.refusal(path, "bring the file to disk")
        }
    }

    deinit { munmap(memory, Self.size) }

    /// The hardware counted.
    public func keep(_ registers: MonitorSample) {
        last = registers
        store()
    }

    /// The log is on disk up to a place.
    public func acknowledge(_ bytes: Int) {
        acknowledgedBytes = bytes
        store()
    }

    private func store() {
        number += 1
        let slot = memory + Self.words * (1 + Int(number % 2))
        let values = (
            number, UInt64(bitPattern: last.primary), UInt64(bitPattern: last.secondary),
            UInt64(bitPattern: last.dark[0]), UInt64(bitPattern: last.dark[1]), UInt64(acknowledgedBytes)
        )
        var sum = WordChecksum()
        sum.add(values.0)
        sum.add(values.1)
        sum.add(values.2)
        sum.add(values.3)
        sum.add(values.4)
        sum.add(values.5)
        slot[0] = values.0.littleEndian
        slot[1] = values.1.littleEndian
        slot[2] = values.2.littleEndian
        slot[3] = values.3.littleEndian
        slot[4] = values.4.littleEndian
        slot[5] = values.5.littleEndian
        slot[7] = sum.value.littleEndian
    }

    /// Reads the file.
    ///
    /// - Parameter path: Of the file.
    /// - Throws: `DeliveryLogError.noCounters` if no slot holds.
    public static func read(_ path: String) throws(DeliveryLogError) -> Reading {
        let bytes = try SystemLogFile.contents(of: path)
        guard bytes.count == size else {
            throw .noCounters(path: path, why: "it has \(bytes.count) bytes instead of \(size)")
        }
        let words = bytes.withUnsafeBytes { raw in
            (0..<size / 8).map { UInt64(littleEndian: raw.load(fromByteOffset: 8 * $0, as: UInt64.self)) }
        }
        guard words[0] == magic, words[1] == 1 else {
            throw .noCounters(path: path, why: "it does not begin like a file of counters, version 1")
        }
        let slots = (1...2).map { Array(words[(Self.words * $0)..<(Self.words * ($0 + 1))]) }
        let good = slots.filter { slot in
            var sum = WordChecksum()
            for word in slot[0..<6] { sum.add(word) }
            return sum.value == slot[7] && slot[5] <= UInt64(Int.max)
        }
        guard let newest = good.max(by: { $0[0] < $1[0] }) else {
            throw .noCounters(path: path, why: "both slots are damaged")
        }
        func signed(_ index: Int) -> Int64 { Int64(bitPattern: newest[index]) }
        return Reading(
            registers: MonitorSample(
                primary: signed(1), secondary: signed(2), dark: SIMD2(signed(3), signed(4))),
            acknowledged: Int(newest[5]), isTorn: good.count < 2)
    }
}
