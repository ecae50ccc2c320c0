/// A function tabulated at equidistant abscissas, interpolated linearly.
///
/// Outside the table there is no extrapolation: `value(at:)` traps in the range check of the caller's contract,
/// so callers test `domain` first.
public struct LinearTable: Sendable {
    /// Abscissa of the first value.
    public let start: Double
    /// Distance of neighbouring abscissas; positive.
    public let step: Double
    /// Tabulated values; at least two.
    public let values: [Double]

    /// - Precondition: at least two values, positive step.
    public init(start: Double, step: Double, values: [Double]) {
        precondition(values.count >= 2 && step > 0)
        self.start = start
        self.step = step
        self.values = values
    }

    /// Abscissas that may be asked for.
    public var domain: ClosedRange<Double> { start...(start + step * Double(values.count - 1)) }

    /// Linear interpolation. - Precondition: `x` lies in `domain`.
    @inlinable public func value(at x: Double) -> Double {
        let position = (x - start) / step
        let lower = min(Int(position), values.count - 2)
        let fraction = position - Double(lower)
        return values[lower] + fraction * (values[lower + 1] - values[lower])
    }
}
