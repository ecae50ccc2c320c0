import Foundation

/// Peak and distal edge of a depth dose in bins of 0.5 mm.
struct HalfMillimetrePeak {
    /// Greatest of the parabola through the highest bin and its neighbours, mm.
    let depthMM: Double
    /// Value of the highest bin.
    let value: Double
    /// Distal depth where the dose has fallen to 80 % of the highest bin, linear between bin centres, mm.
    let distal80MM: Double
    /// Full width at half of the highest bin, mm.
    let fullWidthMM: Double

    init(_ bins: [Double], startMM: Double = 0) {
        let peak = bins.indices.max { bins[$0] < bins[$1] } ?? 0
        let highest = bins[peak]
        value = highest
        var vertex = 0.0
        if peak > 0 && peak + 1 < bins.count {
            let (a, b, c) = (bins[peak - 1], bins[peak], bins[peak + 1])
            vertex = 0.5 * (a - c) / (a - 2 * b + c)
        }
        depthMM = startMM + (Double(peak) + 0.5 + vertex) * 0.5
        /// Where the dose crosses a level, from the peak on in steps of +1 or −1 bin.
        func crossing(_ share: Double, _ direction: Int) -> Double {
            let level = share * highest
            var i = peak + direction
            while bins.indices.contains(i) {
                if bins[i] < level {
                    let before = bins[i - direction]
                    let way = Double(direction) * ((before - level) / (before - bins[i]) - 1)
                    return startMM + (Double(i) + 0.5 + way) * 0.5
                }
                i += direction
            }
            return .nan
        }
        distal80MM = crossing(0.8, 1)
        fullWidthMM = crossing(0.5, 1) - crossing(0.5, -1)
    }
}

/// A depth dose from fine bins, seen through windows as coarse as those of the reference.
struct DepthDose {
    private let fine: [Double]
    private let cumulative: [Double]
    private let step: Double
    private let stretch: Double

    /// - Parameter stretch: Depth z is read at stretch · z; the energy in the phantom stays the same.
    init(_ energyMeV: [Double], stepMM: Double, stretch: Double = 1) {
        fine = energyMeV
        cumulative = energyMeV.reduce(into: [0.0]) { $0.append($0[$0.count - 1] + $1) }
        (step, self.stretch) = (stepMM, stretch)
    }

    private func upTo(_ depthMM: Double) -> Double {
        let position = min(max(depthMM * stretch / step, 0), Double(cumulative.count - 1) - 1e-9)
        let i = Int(position)
        return cumulative[i] + (position - Double(i)) * (cumulative[i + 1] - cumulative[i])
    }

    /// Mean energy per half millimetre between two depths, MeV.
    func mean(_ from: Double, _ to: Double) -> Double {
        (upTo(to) - upTo(from)) / ((to - from) / 0.5)
    }

    /// Depth that the bins cover, mm.
    var depthMM: Double { Double(cumulative.count - 1) * step / stretch }

    /// The dose in bins of 0.5 mm.
    var halfMillimetreBins: [Double] {
        (0..<Int(depthMM / 0.5 + 1e-6)).map { mean(0.5 * Double($0), 0.5 * Double($0 + 1)) }
    }

    var peak: HalfMillimetrePeak { HalfMillimetrePeak(halfMillimetreBins) }

    /// The dose with depths stretched until its distal 80 % in bins of 0.5 mm is at a given depth.
    ///
    /// Peaks below 150 MeV/u are narrower than a bin: the interpolated distal depth then follows the range by a half
    /// only, so a ratio of distal depths would not bring the ranges together.
    func stretched(toDistal80MM depth: Double) -> DepthDose {
        var (low, high) = (0.98, 1.02)
        for _ in 0..<40 {
            let middle = 0.5 * (low + high)
            let deeper = DepthDose(fine, stepMM: step, stretch: middle).peak.distal80MM > depth
            (low, high) = deeper ? (middle, high) : (low, middle)
        }
        return DepthDose(fine, stepMM: step, stretch: 0.5 * (low + high))
    }
}
