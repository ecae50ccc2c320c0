import DeliveryControl
import NumericKernels
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// The counters that the hardware keeps in a memory of its own, beside the log: they survive the death of the process.
///
/// Two slots are written in turn, each with a rising number and a checksum. A slot torn by a crash does not give its checksum, and the other
/// still holds what was there a moment before. The file also keeps how much of the log was acknowledged (damage in that part is no torn end)
/// and a ring of latches: what the counters said each time the magnets were sent to a visit. A slot says how many latches were written
/// when it was; later ones do not count. Of the others those are read that lie without a gap before the last, each with its own checksum.
///
///     slot  = number, primary, secondary, dark of both, acknowledged bytes, latches, checksum   (eight 64-bit words, little-endian)
///     latch = number, layer · 2³² + visit, primary, secondary, checksum                         (five; latch n stands in place n mod 1024)
///
/// A power cut of the whole computer is not what this file can stand, as the battery of a real counter does: it is not synchronised.
///
/// ## Checked by
/// `RetainedCountersTests`, `CrashTests`.
public final class RetainedCounters {
    /// What the counters said last.
    public struct Reading: Hashable, Sendable {
        public var registers: MonitorSample
        /// The last latches without a gap, in their order.
        public var latches: [VisitLatch]
        /// Bytes of the log that were acknowledged.
        public var acknowledged: Int
        /// Whether one slot was torn.
        public var isTorn: Bool

        /// - Parameters:
        ///   - registers: Counters.
        ///   - latches: The last ones, in their order.
        ///   - acknowledged: Bytes of the log.
        ///   - isTorn: Whether one slot was torn.
        public init(
            registers: MonitorSample, latches: [VisitLatch] = [], acknowledged: Int, isTorn: Bool = false
        ) {
            self.registers = registers
            self.latches = latches
            self.acknowledged = acknowledged
            self.isTorn = isTorn
        }
    }

    static let words = 8
    static let latchWords = 5
    /// Places of the ring: many times the visits that can lie between two commits.
    package static let places = 1024
    static let magic: UInt64 = 0x3152_4E54_4341_534B
    static let version: UInt64 = 2
    static let ring = 3 * words
    package static let size = (ring + places * latchWords) * 8

    private let memory: UnsafeMutablePointer<UInt64>
    private var number: UInt64 = 0
    private var latches: UInt64 = 0
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
        memory[1] = Self.version.littleEndian
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

    /// The magnets are sent to a visit.
    ///
    /// - Parameters:
    ///   - layer: Index in the field's layers.
    ///   - visit: Index in the layer's visits.
    ///   - registers: Counters at this moment.
    public func latch(layer: Int, visit: Int, _ registers: MonitorSample) {
        latches += 1
        let place = memory + Self.ring + Self.latchWords * Int(latches % UInt64(Self.places))
        let values = (
            latches, UInt64(layer) << 32 | UInt64(visit), UInt64(bitPattern: registers.primary),
            UInt64(bitPattern: registers.secondary)
        )
        var sum = WordChecksum()
        sum.add(values.0)
        sum.add(values.1)
        sum.add(values.2)
        sum.add(values.3)
        place[0] = values.0.littleEndian
        place[1] = values.1.littleEndian
        place[2] = values.2.littleEndian
        place[3] = values.3.littleEndian
        place[4] = sum.value.littleEndian
        // The slot that counts the latch comes after it.
        atomicMemoryFence(ordering: .releasing)
        keep(registers)
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
            UInt64(bitPattern: last.dark[0]), UInt64(bitPattern: last.dark[1]), UInt64(acknowledgedBytes),
            latches
        )
        var sum = WordChecksum()
        sum.add(values.0)
        sum.add(values.1)
        sum.add(values.2)
        sum.add(values.3)
        sum.add(values.4)
        sum.add(values.5)
        sum.add(values.6)
        slot[0] = values.0.littleEndian
        slot[1] = values.1.littleEndian
        slot[2] = values.2.littleEndian
        slot[3] = values.3.littleEndian
        slot[4] = values.4.littleEndian
        slot[5] = values.5.littleEndian
        slot[6] = values.6.littleEndian
        slot[7] = sum.value.littleEndian
        // The other slot is not touched before this one is whole.
        atomicMemoryFence(ordering: .releasing)
    }
}
