#if canImport(Glibc)
    import Glibc
#endif

/// What the simulated machine truly gave, in a memory-mapped file that outlives the process: ions of each visit, and the last step, so that
/// a step that was under way when the process was killed can be told.
public final class TruthFile {
    /// The last step: which cell it changed, and its value before and after.
    public struct Step: Sendable {
        public var cell: Int
        public var before: Double
        public var after: Double
    }

    private static let head = 16
    private let memory: UnsafeMutablePointer<UInt64>
    public let count: Int
    private var number: UInt64

    /// Opens the file; makes it if it is not there.
    public init?(_ path: String, count: Int) {
        let handle = open(path, O_RDWR | O_CREAT, 0o644)
        guard handle >= 0 else { return nil }
        defer { _ = close(handle) }
        let size = 8 * (Self.head + count)
        guard ftruncate(handle, off_t(size)) == 0,
            let mapped = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, handle, 0), mapped != MAP_FAILED
        else { return nil }
        memory = mapped.bindMemory(to: UInt64.self, capacity: Self.head + count)
        self.count = count
        number = max(memory[0], memory[8])
    }

    deinit { munmap(memory, 8 * (Self.head + count)) }

    public subscript(cell: Int) -> Double {
        get { Double(bitPattern: memory[Self.head + cell]) }
        set { memory[Self.head + cell] = newValue.bitPattern }
    }

    public var total: Double { (0..<count).reduce(0) { $0 + self[$1] } }

    /// Adds ions to a cell, after it wrote down that it will.
    public func add(_ ions: Double, to cell: Int) {
        number += 1
        let slot = memory + 8 * Int(number % 2)
        let (before, after) = (self[cell], self[cell] + ions)
        slot[4] = 0
        slot[0] = number
        slot[1] = UInt64(cell)
        slot[2] = before.bitPattern
        slot[3] = after.bitPattern
        slot[4] = number ^ UInt64(cell) ^ before.bitPattern ^ after.bitPattern ^ 0x5EED
        self[cell] = after
    }

    /// The last step that was written down whole; nil if there is none.
    public var lastStep: Step? {
        let slots = [memory, memory + 8].filter { slot in
            slot[4] != 0 && slot[4] == slot[0] ^ slot[1] ^ slot[2] ^ slot[3] ^ 0x5EED
        }
        guard let slot = slots.max(by: { $0[0] < $1[0] }) else { return nil }
        return Step(
            cell: Int(slot[1]), before: Double(bitPattern: slot[2]), after: Double(bitPattern: slot[3]))
    }
}
