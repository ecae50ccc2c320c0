/// Numbers that never change after they were made, at an address that stays valid while the object lives.
///
/// The kernels' innermost loops read many such tables at once; arrays would need a nested closure for each.
/// Unchecked, because the compiler does not see that nothing writes after `init`.
final class FixedBuffer<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
    let count: Int
    let pointer: UnsafePointer<Element>
    private let storage: UnsafeMutableBufferPointer<Element>

    /// Storage of `count` equal elements, changed once by `body`.
    init(
        repeating element: Element, count: Int,
        _ body: (UnsafeMutableBufferPointer<Element>) throws -> Void = { _ in }
    ) rethrows {
        let raw = UnsafeMutableRawBufferPointer.allocate(
            byteCount: max(1, count) * MemoryLayout<Element>.stride, alignment: 64)
        storage = raw.bindMemory(to: Element.self)
        storage.initialize(repeating: element)
        self.count = count
        // The buffer has at least one element, so it has an address.
        pointer = UnsafePointer(storage.baseAddress.unsafelyUnwrapped)
        try body(UnsafeMutableBufferPointer(rebasing: storage[0..<count]))
    }

    deinit { UnsafeMutableRawBufferPointer(storage).deallocate() }
}
