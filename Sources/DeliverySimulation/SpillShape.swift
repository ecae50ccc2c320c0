/// Rate over requested rate in bins of equal length: what a simulated or measured spill did. It repeats after its end.
///
/// ## Checked by
/// `SpillSourceTests`.
public struct SpillShape: Hashable, Sendable {
    public let binNS: Int64
    /// Rate over requested rate, not negative; their mean is above 0.
    public let values: [Double]

    /// - Parameters:
    ///   - binNS: Length of a bin, ns.
    ///   - values: Rate over requested rate.
    /// - Returns: nil unless the bins are from 1 µs to 10 ms, there are two or more, all finite and not negative, and their mean is above 0.
    public init?(binNS: Int64, values: [Double]) {
        guard (1_000...10_000_000).contains(binNS), values.count >= 2,
            values.allSatisfy({ $0.isFinite && $0 >= 0 }), values.contains(where: { $0 > 0 })
        else { return nil }
        self.binNS = binNS
        self.values = values
    }

    /// Mean of the values.
    public var mean: Double { values.reduce(0, +) / Double(values.count) }

    func value(atNS time: Int64) -> Double {
        values[Int((time / binNS) % Int64(values.count))]
    }
}
