#if canImport(Glibc)
    import Glibc
#endif

/// Two Gaussians about the beam axis that together follow a radial distribution of energy.
///
///     p(r²) = (1 − q)/(2σ²) e^{−r²/2σ²} + q/(2σ_w²) e^{−r²/2σ_w²}
///
/// found by expectation and maximisation: every bin is shared between the two in proportion to what they put into it,
/// and each takes the mean r²/2 of its shares (within a bin the mean of that Gaussian) as new variance. The likelihood grows with every step and weights the
/// distribution by its energy; the second moment is not matched, because single particles far from the axis would
/// decide it.
///
/// ## Source
/// Dempster, Laird & Rubin, J. R. Stat. Soc. B 39 (1977) 1.
/// ## Checked by
/// `TwoGaussianFitTests`.
package struct TwoGaussianFit: Equatable, Sendable {
    /// Variance of the narrow one, mm².
    package var narrow: Double
    /// Variance of the wide one, mm².
    package var wide: Double
    /// Share q of the wide one.
    package var share: Double

    /// Steps of expectation and maximisation.
    private static let steps = 300

    /// - Parameters:
    ///   - energy: Energy per bin.
    ///   - edges: Edges of the bins in r², mm².
    ///   - start: Where to start; nil for a guess from the mean r².
    /// - Returns: Nil if there is no energy.
    package init?(energy: [Double], edgesMM2 edges: [Double], start: TwoGaussianFit? = nil) {
        let total = energy.reduce(0, +)
        guard total > 0 else { return nil }
        let middles = zip(edges, edges.dropFirst()).map { 0.5 * ($0 + $1) }
        let mean = zip(energy, middles).reduce(0) { $0 + $1.0 * $1.1 } / (2 * total)
        var fit = start ?? TwoGaussianFit(narrow: 0.2 * mean, wide: 2 * mean, share: 0.3)
        for _ in 0..<Self.steps {
            let next = fit.step(energy: energy, edges: edges)
            let change = abs(next.share - fit.share) + abs(next.wide / fit.wide - 1)
            fit = next
            if change < 1e-7 { break }
        }
        self =
            fit.narrow <= fit.wide
            ? fit : TwoGaussianFit(narrow: fit.wide, wide: fit.narrow, share: 1 - fit.share)
    }

    package init(narrow: Double, wide: Double, share: Double) {
        self.narrow = narrow
        self.wide = wide
        self.share = share
    }

    /// Root mean square width of both together, mm.
    package var sigmaMM: Double { ((1 - share) * narrow + share * wide).squareRoot() }

    /// Mean r² of exp(−rate r²) between two edges.
    private static func mean(from low: Double, to high: Double, rate: Double) -> Double {
        let x = (high - low) * rate
        // The series avoids a difference of large numbers.
        if x < 1e-3 { return 0.5 * (low + high) - x * (high - low) / 12 }
        return low + 1 / rate - (high - low) / expm1(x)
    }

    private func step(energy: [Double], edges: [Double]) -> TwoGaussianFit {
        let (a, b) = (1 / (2 * narrow), 1 / (2 * wide))
        var (sumA, sumB, squareA, squareB) = (0.0, 0.0, 0.0, 0.0)
        for i in energy.indices where energy[i] > 0 {
            let inA = (1 - share) * (exp(-edges[i] * a) - exp(-edges[i + 1] * a))
            let inB = share * (exp(-edges[i] * b) - exp(-edges[i + 1] * b))
            // Far outside both: to the wide one.
            let toB = inA + inB > 0 ? inB / (inA + inB) : 1
            sumA += energy[i] * (1 - toB)
            sumB += energy[i] * toB
            squareA += energy[i] * (1 - toB) * Self.mean(from: edges[i], to: edges[i + 1], rate: a)
            squareB += energy[i] * toB * Self.mean(from: edges[i], to: edges[i + 1], rate: b)
        }
        return TwoGaussianFit(
            narrow: sumA > 0 ? max(squareA / (2 * sumA), 1e-6) : narrow,
            wide: sumB > 0 ? max(squareB / (2 * sumB), 1e-6) : wide, share: sumB / (sumA + sumB))
    }
}
