import Frames

/// Order statistics of a sample, linear between neighbours.
public struct Percentiles: Sendable {
    private let sorted: [Double]

    /// nil for an empty sample.
    public init?(_ values: [Double]) {
        guard !values.isEmpty else { return nil }
        sorted = values.sorted()
    }

    /// The value below which the share `p` (0...1) lies; 0 is the least, 1 the greatest.
    public func value(_ p: Double) -> Double {
        let at = min(max(p, 0), 1) * Double(sorted.count - 1)
        let lower = min(Int(at), sorted.count - 1)
        let upper = min(lower + 1, sorted.count - 1)
        return sorted[lower] + (at - Double(lower)) * (sorted[upper] - sorted[lower])
    }
}

/// Figures of the range differences over all rays of a field, mm.
public struct RangeStatistics: Hashable, Sendable {
    /// Rays where both doses have the edge.
    public var count: Int
    public var median: Double
    public var percentile5: Double
    public var percentile95: Double
    /// The difference of greatest magnitude, and the reference edge of its ray.
    public var largest: Double
    public var largestAt: Point3<DICOMPatient>
    /// IEC gantry x and y of that ray, mm.
    public var largestPositionMM: SIMD2<Double>
}

extension RangeComparison {
    /// Figures of one level, in tissue; nil if no ray has the edge in both doses.
    public func statistics(_ level: Level) -> RangeStatistics? { statistics { $0.differenceMM(level) } }

    /// Figures of the 80 % level in water; nil if no ray has them.
    public var waterStatistics: RangeStatistics? { statistics(\.waterDifferenceMM) }

    private func statistics(_ difference: (Ray) -> Double?) -> RangeStatistics? {
        let pairs = rays.compactMap { ray in difference(ray).map { (ray: ray, value: $0) } }
        guard let percentiles = Percentiles(pairs.map(\.value)),
            let worst = pairs.max(by: { abs($0.value) < abs($1.value) })
        else { return nil }
        return RangeStatistics(
            count: pairs.count, median: percentiles.value(0.5), percentile5: percentiles.value(0.05),
            percentile95: percentiles.value(0.95), largest: worst.value, largestAt: worst.ray.place,
            largestPositionMM: worst.ray.positionMM)
    }
}
