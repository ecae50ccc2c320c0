/// A moment on a clock that only runs forward, nanoseconds since an arbitrary start.
///
/// Never the time of day: a jump of the calendar clock must not change what the control decides.
@frozen
public struct MonotonicTime: Hashable, Comparable, Sendable {
    public var nanoseconds: Int64

    @inlinable public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// - Parameter seconds: Since the start; rounded to whole nanoseconds.
    @inlinable public init(seconds: Double) { nanoseconds = Int64((seconds * 1e9).rounded()) }

    @inlinable public static func < (a: Self, b: Self) -> Bool { a.nanoseconds < b.nanoseconds }

    public static let start = MonotonicTime(nanoseconds: 0)

    /// Since the start, s.
    @inlinable public var seconds: Double { Double(nanoseconds) * 1e-9 }

    /// This moment and a number of nanoseconds.
    @inlinable public func after(_ nanoseconds: Int64) -> MonotonicTime {
        MonotonicTime(nanoseconds: self.nanoseconds &+ nanoseconds)
    }

    /// Nanoseconds from another moment until this one.
    @inlinable public func since(_ other: MonotonicTime) -> Int64 { nanoseconds &- other.nanoseconds }
}
