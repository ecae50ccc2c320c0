/// Means over new bins of a quantity that was summed in equidistant bins.
///
/// Inside an old bin the quantity is spread evenly, so nothing is lost or made.
struct DepthRebinning: Sendable {
    private let stepMM: Double
    private let cumulative: [Double]

    /// - Parameter sums: Sum per bin; bin i covers i · step ..< (i + 1) · step.
    init(sums: [Double], stepMM: Double) {
        self.stepMM = stepMM
        var running = 0.0
        var cumulative = [0.0]
        for value in sums {
            running += value
            cumulative.append(running)
        }
        self.cumulative = cumulative
    }

    /// Mean per mm between two depths (mm); depths beyond the bins hold nothing.
    func density(from a: Double, to b: Double) -> Double { (upTo(b) - upTo(a)) / (b - a) }

    private func upTo(_ depthMM: Double) -> Double {
        let position = max(0, depthMM / stepMM)
        let last = cumulative.count - 1
        guard position < Double(last) else { return cumulative[last] }
        let lower = Int(position)
        return cumulative[lower] + (position - Double(lower)) * (cumulative[lower + 1] - cumulative[lower])
    }
}
