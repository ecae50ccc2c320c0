#if canImport(Glibc)
    import Glibc
#endif

/// Widening of the primaries by multiple scattering after Fermi and Eyges, with a scattering power that is
/// inversely proportional to the residual range.
///
///     V(w) = ∫ ρ_M(w′) (w − w′)² / (R − d(w′)) dw′                                          (9)
///     in water, entering at d = 0:  V_w(d) = ½ (R² − r²) − 2 r (R − r) + r² ln(R/r) ,  r = R − d   (10)
///
/// The variance of the primaries in the patient is σ²_table(d) V/V_w: in water the table itself, elsewhere the
/// table scaled by where the scattering happened. Below a quarter of the range the ratio σ²_table/V_w is that
/// at a quarter: both numbers vanish there.
///
/// ## Source
/// Kanematsu, Nucl. Instrum. Meth. B 266 (2008) 5056 and Phys. Med. Biol. 54 (2009) N67.
/// ## Checked by
/// `PrimaryScatteringTests`.
package struct PrimaryScattering: Sendable {
    /// Mean range R of the primaries in water, mm.
    package let rangeMM: Double

    package init(rangeMM: Double) { self.rangeMM = rangeMM }

    /// Residual range below which the scattering power is no longer raised, mm.
    package static let leastResidualMM = 1.0

    /// 1/(R − d), bounded at the end of range.
    package func power(atWaterDepthMM d: Double) -> Double { 1 / max(rangeMM - d, Self.leastResidualMM) }

    /// V_w of equation 10, mm².
    package func varianceInWater(depthMM d: Double) -> Double {
        let r = max(rangeMM - d, Self.leastResidualMM)
        guard r < rangeMM else { return 0 }
        return 0.5 * (rangeMM * rangeMM - r * r) - 2 * r * (rangeMM - r) + r * r * log(rangeMM / r)
    }
}

/// Running moments of Fermi and Eyges: mean square angle, covariance, and variance of position.
package struct FermiEygesMoments: Sendable {
    package private(set) var angle: Double
    package private(set) var covariance: Double
    package private(set) var variance: Double

    /// - Parameters:
    ///   - angle: Mean square angle at the start, rad².
    ///   - covariance: ⟨x θ⟩ at the start, mm.
    ///   - variance: ⟨x²⟩ at the start, mm².
    package init(angle: Double = 0, covariance: Double = 0, variance: Double = 0) {
        self.angle = angle
        self.covariance = covariance
        self.variance = variance
    }

    /// Passes a stretch of length `l` with constant scattering power.
    package mutating func pass(power: Double, lengthMM l: Double) {
        variance += 2 * l * covariance + l * l * angle + power * l * l * l / 3
        covariance += l * angle + power * l * l / 2
        angle += power * l
    }
}
