import Foundation

/// Widths of a profile in bins of 0.5 mm from −60 to 60 mm, as `Data/Reference/geant4/water_lateral.csv` has them.
enum LateralWidth {
    private static let binMM = 0.5

    /// Centre of a bin on either side of the axis, mm.
    private static func centre(_ bin: Int, of count: Int) -> Double {
        (Double(bin) - 0.5 * Double(count - 1)) * binMM
    }

    /// Standard deviation of the Gaussian that fits the profile within 2 σ; nil where none does below 24 mm.
    ///
    /// Both halves are averaged; ln(energy) is fitted as a line in x² with the energy as weight, and the range of the
    /// fit follows its own σ. A half maximum read off one bin would scatter three times as much.
    static func gaussianMM(_ profile: [Double]) -> Double? {
        let half = profile.count / 2
        let folded = (0..<half).map { 0.5 * (profile[half + $0] + profile[half - 1 - $0]) }
        var sigma = 3.0
        for _ in 0..<20 {
            var (w, wx, wy, points) = (0.0, 0.0, 0.0, [(x: Double, y: Double, w: Double)]())
            for (i, energy) in folded.enumerated() {
                let x = centre(half + i, of: profile.count)
                guard x <= max(2 * sigma, 1.6), energy > 0 else { continue }
                points.append((x * x, log(energy), energy))
                w += energy
                wx += energy * x * x
                wy += energy * log(energy)
            }
            let (meanX, meanY) = (wx / w, wy / w)
            var (xy, xx) = (0.0, 0.0)
            for p in points {
                xy += p.w * (p.x - meanX) * (p.y - meanY)
                xx += p.w * (p.x - meanX) * (p.x - meanX)
            }
            guard xx > 0, xy < 0 else { return nil }
            sigma = min((-0.5 * xx / xy).squareRoot(), 25)
        }
        return sigma < 24 ? sigma : nil
    }

    /// Root mean square of x over |x| < `within`, mm.
    static func rootMeanSquareMM(_ profile: [Double], within: Double) -> Double {
        var (sum, square) = (0.0, 0.0)
        for (i, energy) in profile.enumerated() {
            let x = centre(i, of: profile.count)
            guard abs(x) < within else { continue }
            sum += energy
            square += energy * x * x
        }
        return sum > 0 ? (square / sum).squareRoot() : 0
    }
}
