/// Read-only numbers at an address that does not move, for the pointers of the stepping loop.
///
/// Raw pointers because the tables are read in every step from inside a struct: a `Span` cannot be stored there, and
/// an array in a struct costs a bounds check and a reload per access. Nothing writes after `init`, so threads may share it.
final class PinnedArray<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
    let pointer: UnsafePointer<Element>
    let count: Int
    private let memory: UnsafeMutableRawPointer

    /// A copy of `elements` on a cache line of its own; one element of zeros if it is empty, so that the pointer is valid.
    init(_ elements: [Element]) {
        count = elements.count
        let bytes = max(count, 1) * MemoryLayout<Element>.stride
        memory = .allocate(byteCount: bytes, alignment: 64)
        memory.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
        let typed = memory.bindMemory(to: Element.self, capacity: max(count, 1))
        for (i, element) in elements.enumerated() { typed[i] = element }
        pointer = UnsafePointer(typed)
    }

    deinit { memory.deallocate() }
}
