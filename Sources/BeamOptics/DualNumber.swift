#if canImport(Glibc)
    import Glibc
#endif

/// A value with its derivatives by the six initial coordinates: tracking one gives the row of a transfer matrix, exactly.
///
///     f(a + Σ aᵢ εᵢ) = f(a) + f′(a) Σ aᵢ εᵢ,   εᵢ εⱼ = 0
///
/// ## Checked by
/// `DualNumberTests`.
public struct DualNumber: OpticsNumber, Hashable {
    public var value: Double
    /// ∂value/∂(x, px, y, py, ζ, δ); the last two places stay 0.
    public var gradient: SIMD8<Double>

    public init(_ value: Double) {
        self.value = value
        gradient = .zero
    }

    public init(_ value: Double, gradient: SIMD8<Double>) {
        self.value = value
        self.gradient = gradient
    }

    /// The initial coordinate number `index` (0 to 5) itself.
    public static func coordinate(_ index: Int, _ value: Double) -> DualNumber {
        var number = DualNumber(value)
        number.gradient[index] = 1
        return number
    }

    public static func + (a: DualNumber, b: DualNumber) -> DualNumber {
        DualNumber(a.value + b.value, gradient: a.gradient + b.gradient)
    }
    public static func - (a: DualNumber, b: DualNumber) -> DualNumber {
        DualNumber(a.value - b.value, gradient: a.gradient - b.gradient)
    }
    public static func * (a: DualNumber, b: DualNumber) -> DualNumber {
        DualNumber(a.value * b.value, gradient: a.value * b.gradient + b.value * a.gradient)
    }
    public static func / (a: DualNumber, b: DualNumber) -> DualNumber {
        let quotient = a.value / b.value
        return DualNumber(quotient, gradient: (a.gradient - quotient * b.gradient) / b.value)
    }
    public static func * (a: Double, b: DualNumber) -> DualNumber {
        DualNumber(a * b.value, gradient: a * b.gradient)
    }
    public static func + (a: DualNumber, b: Double) -> DualNumber {
        DualNumber(a.value + b, gradient: a.gradient)
    }
    public static prefix func - (a: DualNumber) -> DualNumber {
        DualNumber(-a.value, gradient: -a.gradient)
    }

    public func squareRoot() -> DualNumber {
        let root = value.squareRoot()
        return DualNumber(root, gradient: gradient / (2 * root))
    }
    public func sineCosine() -> (DualNumber, DualNumber) {
        let (s, c) = value.sineCosine()
        return (DualNumber(s, gradient: c * gradient), DualNumber(c, gradient: -s * gradient))
    }
    public func hyperbolicSineCosine() -> (DualNumber, DualNumber) {
        let (s, c) = value.hyperbolicSineCosine()
        return (DualNumber(s, gradient: c * gradient), DualNumber(c, gradient: s * gradient))
    }
    public func arcsine() -> DualNumber {
        DualNumber(asin(value), gradient: gradient / (1 - value * value).squareRoot())
    }
}
