import Foundation

/// Round numbers along an axis: steps of 1, 2, 2.5 or 5 times a power of ten.
///
/// ## Checked by
/// `AxisTicksTests`.
package struct AxisTicks: Hashable {
    /// Distance of the ticks.
    package let step: Double
    /// All multiples of the step inside the range, ascending.
    package let values: [Double]

    /// About `count` ticks inside `range`, and at least two (a single one gives no scale); one if the range is empty.
    package init(_ range: ClosedRange<Double>, count: Int) {
        let span = range.upperBound - range.lowerBound
        guard span > 0, span.isFinite else {
            step = 1
            values = [range.lowerBound]
            return
        }
        let rough = span / Double(max(count, 1))
        let power = pow(10, log10(rough).rounded(.down))
        let rising = Self.factors.firstIndex { $0 * power >= rough * 0.999 } ?? Self.factors.count - 1
        let step =
            Self.factors[...rising].reversed().map { $0 * power }.first {
                Self.multiples(of: $0, in: range).count >= 2
            } ?? power / 10
        self.step = step
        values = Self.multiples(of: step, in: range).map { Double($0) * step }
    }

    private static let factors = [0.1, 0.2, 0.25, 0.5, 1, 2, 2.5, 5, 10]

    /// The multiples of `step` inside `range`, in steps.
    private static func multiples(of step: Double, in range: ClosedRange<Double>) -> Range<Int> {
        let first = Int((range.lowerBound / step - 1e-9).rounded(.up))
        let last = Int((range.upperBound / step + 1e-9).rounded(.down))
        return first..<max(first, last + 1)
    }

    /// Printed labels, in the order of `values`.
    package var labels: [String] { values.map { NumberText.tick($0, step: step) } }

    /// Labels of an axis of shares, in per cent.
    package var percentLabels: [String] {
        values.map { NumberText.tick(100 * $0, step: 100 * step) + "\u{00A0}%" }
    }
}
