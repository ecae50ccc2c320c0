#if canImport(Glibc)
    import Glibc
#endif

/// A number that beam coordinates are made of: `Double` to track, `DualNumber` to differentiate the same maps.
///
/// ## Checked by
/// `DualNumberTests`.
public protocol OpticsNumber: Sendable {
    init(_ value: Double)
    /// The plain value.
    var value: Double { get }
    static func + (a: Self, b: Self) -> Self
    static func - (a: Self, b: Self) -> Self
    static func * (a: Self, b: Self) -> Self
    static func / (a: Self, b: Self) -> Self
    static func * (a: Double, b: Self) -> Self
    static func + (a: Self, b: Double) -> Self
    static prefix func - (a: Self) -> Self
    func squareRoot() -> Self
    /// Sine and cosine.
    func sineCosine() -> (Self, Self)
    /// Hyperbolic sine and cosine.
    func hyperbolicSineCosine() -> (Self, Self)
    func arcsine() -> Self
}

extension Double: OpticsNumber {
    public var value: Double { self }
    @inlinable public func sineCosine() -> (Double, Double) { (sin(self), cos(self)) }
    @inlinable public func hyperbolicSineCosine() -> (Double, Double) {
        let (up, down) = (exp(self), exp(-self))
        // The difference loses digits near zero; the series takes over there.
        let sine = abs(self) < 1e-3 ? self * (1 + self * self / 6) : 0.5 * (up - down)
        return (sine, 0.5 * (up + down))
    }
    @inlinable public func arcsine() -> Double { asin(self) }
}
