/// A tag for one unit of measure; never instantiated.
public protocol UnitOfMeasure: Sendable {
    /// How the unit is printed, for example `MeV/u`.
    static var symbol: String { get }
}

/// A number with its unit in the type.
///
/// Only what is meaningful within one unit is defined (sum, difference, order, scaling); there is
/// no algebra of dimensions. Kernels unwrap `value` once, compute in `Double` with unit-named
/// locals, and wrap at their exit.
@frozen
public struct Quantity<Unit: UnitOfMeasure>: Hashable, Comparable, Sendable {
    /// The number, in the unit `Unit`.
    public var value: Double

    /// Wraps a number that is already in the unit `Unit`.
    @inlinable public init(_ value: Double) { self.value = value }

    @inlinable public static func < (a: Self, b: Self) -> Bool { a.value < b.value }
    @inlinable public static func + (a: Self, b: Self) -> Self { Self(a.value + b.value) }
    @inlinable public static func - (a: Self, b: Self) -> Self { Self(a.value - b.value) }
    @inlinable public static func * (a: Double, b: Self) -> Self { Self(a * b.value) }
    @inlinable public static func * (a: Self, b: Double) -> Self { Self(a.value * b) }
    @inlinable public static func / (a: Self, b: Double) -> Self { Self(a.value / b) }
    /// The dimensionless ratio of two quantities of the same unit.
    @inlinable public static func / (a: Self, b: Self) -> Double { a.value / b.value }
}

extension Quantity: CustomStringConvertible {
    /// The number followed by the unit's symbol.
    public var description: String { "\(value) \(Unit.symbol)" }
}
