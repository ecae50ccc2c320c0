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

    /// About `count` ticks inside `range`; at least one.
    package init(_ range: ClosedRange<Double>, count: Int) {
        let span = range.upperBound - range.lowerBound
        guard span > 0, span.isFinite else {
            step = 1
            values = [range.lowerBound]
            return
        }
        let rough = span / Double(max(count, 1))
        let power = pow(10, log10(rough).rounded(.down))
        let factor = [1, 2, 2.5, 5, 10].first { $0 * power >= rough * 0.999 } ?? 10
        let step = factor * power
        let first = Int((range.lowerBound / step - 1e-9).rounded(.up))
        let last = Int((range.upperBound / step + 1e-9).rounded(.down))
        self.step = step
        values = first <= last ? (first...last).map { Double($0) * step } : [range.lowerBound]
    }

    /// Printed labels, in the order of `values`.
    package var labels: [String] { values.map { NumberText.tick($0, step: step) } }
}
