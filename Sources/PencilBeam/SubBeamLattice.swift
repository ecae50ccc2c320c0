#if canImport(Glibc)
    import Glibc
#endif

/// The fixed lattice of sub-beams that all spots of a field are composed of, on one axis.
///
/// A spot of variance σ² is a sum of sub-beams of variance s at lattice points u_k = k h with Gaussian weights of
/// variance σ² − s. The sum differs from the spot by a ripple of relative height
///
///     ε = 2 exp(−2 π² s (σ² − s) / (σ² h²))                                              (2)
///
/// (Poisson's summation of a product of two Gaussians). The sub-beam is as narrow as ε = 3·10⁻⁴ allows, so that
/// it resolves the patient as finely as possible:
///
///     s = ½ σ² [1 − √(1 − 4 q h²/σ²)] ,   q = 0.45                                       (3)
///
/// which needs h ≤ σ / √(4 q) = 0.745 σ.
///
/// ## Checked by
/// `SubBeamLatticeTests`.
package struct SubBeamLattice: Sendable, Equatable {
    /// q of equation 3.
    package static let quality = 0.45
    /// Pitch of the lattice of light fragments in standard deviations of the spot. There the sub-beams take half
    /// of the variance; the ripple is 4 % of their dose in air, and below 1 % once scattering has added the
    /// spot's own variance. They carry a few percent of the dose before that depth.
    package static let haloPitchInSigma = 1.15
    /// Distance of lattice points at the isocentre plane, mm.
    package let pitchMM: Double
    /// Position of point 0, mm.
    package let startMM: Double
    package let count: Int

    package init(pitchMM: Double, startMM: Double, count: Int) {
        self.pitchMM = pitchMM
        self.startMM = startMM
        self.count = count
    }

    /// Variance of the sub-beams for a spot of variance `variance`; half of it if the pitch is too wide for the
    /// quality.
    package static func subBeamVariance(spot variance: Double, pitchMM h: Double) -> Double {
        let root = max(0, 1 - 4 * quality * h * h / variance).squareRoot()
        return 0.5 * variance * (1 - root)
    }

    package func position(_ index: Int) -> Double { startMM + Double(index) * pitchMM }
    /// Continuous index of a position.
    package func index(of position: Double) -> Double { (position - startMM) / pitchMM }

    /// Weights of the lattice points for a spot at `position`: a sampled Gaussian of `variance`, cut at four
    /// standard deviations, of sum 1.
    package func weights(at position: Double, variance: Double) -> (first: Int, weights: [Float]) {
        let sigma = max(variance, 0).squareRoot()
        let first = max(0, Int(index(of: position - 4 * sigma).rounded(.up)))
        let last = min(count - 1, Int(index(of: position + 4 * sigma).rounded(.down)))
        var values: [Double] = []
        for i in first...max(first, last) {
            let d = self.position(i) - position
            values.append(exp(-0.5 * d * d / variance))
        }
        let sum = values.reduce(0, +)
        return (first, values.map { Float($0 / sum) })
    }
}

extension SubBeamLattice {
    /// Every `stride`-th point.
    func coarsened(by stride: Int) -> SubBeamLattice {
        SubBeamLattice(
            pitchMM: pitchMM * Double(stride), startMM: startMM, count: (count - 1) / stride + 1)
    }
}
