#if canImport(Glibc)
    import Glibc
#endif

/// Shape of an RF bucket at a synchronous phase φ_s, relative to the stationary bucket of the same voltage.
///
/// Below transition the stable phase lies in 0 ≤ φ_s < π/2 (energy gain q V sin φ_s) and the separatrix through the
/// unstable point π − φ_s is
///
///     (δ/δ̂)² = ½ [cos φ + cos φ_s − (π − φ − φ_s) sin φ_s]                            (2)
///
/// with the half height δ̂ of the stationary bucket. Half height and area relative to it:
///
///     Y = √(cos φ_s − (π/2 − φ_s) sin φ_s),   α = (1/4√2) ∫ √(cos φ + cos φ_s − (π − φ − φ_s) sin φ_s) dφ   (3)
///
/// See docs/theory/accelerator.md.
///
/// ## Source
/// S. Y. Lee, Accelerator Physics (World Scientific), ch. 3.
/// ## Checked by
/// `MovingBucketTests`: stationary bucket, tabulated areas of Lee's table, area against (1 − sin φ_s)/(1 + sin φ_s).
public struct MovingBucket: Hashable, Sendable {
    /// Synchronous phase, rad.
    public let synchronousPhase: Double

    /// - Precondition: 0 ≤ phase < π/2.
    public init(synchronousPhase: Double) {
        precondition(synchronousPhase >= 0 && synchronousPhase < .pi / 2)
        self.synchronousPhase = synchronousPhase
    }

    /// The right-hand bracket of equation (2).
    private func bracket(_ phase: Double) -> Double {
        cos(phase) + cos(synchronousPhase) - (.pi - phase - synchronousPhase) * sin(synchronousPhase)
    }

    /// Unstable fixed point, rad; the separatrix ends there.
    public var unstablePhase: Double { .pi - synchronousPhase }

    /// The other phase at which the separatrix crosses δ = 0, rad; −π for the stationary bucket.
    public var turningPhase: Double {
        if synchronousPhase == 0 { return -.pi }
        var (low, high) = (-Double.pi, synchronousPhase)
        for _ in 0..<80 {
            let middle = 0.5 * (low + high)
            if bracket(middle) < 0 { low = middle } else { high = middle }
        }
        return 0.5 * (low + high)
    }

    /// Half height over that of the stationary bucket.
    public var heightFactor: Double { max(0, 0.5 * bracket(synchronousPhase)).squareRoot() }

    /// Area over that of the stationary bucket.
    public var areaFactor: Double {
        let (from, to) = (turningPhase, unstablePhase)
        let half = 0.5 * (to - from)
        // φ = middle − half cos θ takes the square root out of both ends; the midpoint rule then converges fast.
        let count = 96
        var sum = 0.0
        for i in 0..<count {
            let theta = .pi * (Double(i) + 0.5) / Double(count)
            sum += max(0, bracket(from + half * (1 - cos(theta)))).squareRoot() * sin(theta)
        }
        return sum * half * .pi / Double(count) / (4 * 2.0.squareRoot())
    }

    /// |δ| of the separatrix over the half height of the stationary bucket at a phase; nil outside the bucket.
    public func separatrix(at phase: Double) -> Double? {
        guard phase >= turningPhase, phase <= unstablePhase else { return nil }
        return max(0, 0.5 * bracket(phase)).squareRoot()
    }
}
