#if canImport(Glibc)
    import Glibc
#endif

/// Reaction cross sections of ¹²C at the reference energy on the elements of tissue.
///
///     σ = (P/2.4) ln(1 + 2.4 S/P) c_B,   P = 2π (r_p² + r_t²)
///
/// with S the sum of nucleon-nucleon cross sections of all pairs and c_B the Coulomb barrier; on hydrogen, a proton
/// on carbon in inverse kinematics.
///
/// ## Source
/// Grichine, Eur. Phys. J. C 62 (2009) 399 and NIM B 267 (2009) 2460; nucleon-nucleon cross sections
/// from Charagi & Gupta, Phys. Rev. C 41 (1990) 1610.
enum CarbonReaction {
    static func crossSectionMB(on element: TissueElement) -> Double {
        let energy = RelativeProperties.referenceEnergyMeVPerNucleon
        let gamma = 1 + energy / 931.494
        let b = (1 - 1 / (gamma * gamma)).squareRoot()
        let pp = 13.73 - 15.04 / b + 8.76 / (b * b) + 68.67 * b * b * b * b
        let np = -70.67 - 18.18 / b + 25.26 / (b * b) + 113.85 * b
        guard element != .hydrogen else {
            let radius = 1.08 * cbrt(12.0) * (1 + 0.1 * exp(8.0 / 20))
            return absorbed(areaFM2: 2 * .pi * radius * radius, sumMB: 6 * pp + 6 * np)
        }
        let z = Double(element.atomicNumber)
        let n = Double(element.massNumber) - z
        let (rp, rt) = (radiusFM(12), radiusFM(Double(element.massNumber)))
        let sum = (6 * z + 6 * n) * pp + (6 * n + 6 * z) * np
        let barrier = 0.5 * 1.44 * 6 * z / (rp + rt)
        let total = 12 * energy * (z + n) / (z + n + 12)
        return absorbed(areaFM2: 2 * .pi * (rp * rp + rt * rt), sumMB: sum) * (1 - barrier / total)
    }

    /// (P/2.4) ln(1 + 2.4 S/P), mb.
    private static func absorbed(areaFM2: Double, sumMB: Double) -> Double {
        let p = 10 * areaFM2
        return p / 2.4 * log(1 + 2.4 * sumMB / p)
    }

    /// Nuclear radius y (A^⅓ − A^−⅓), fm.
    private static func radiusFM(_ a: Double) -> Double {
        let y = a <= 15 ? 1.26 : a <= 20 ? 1.19 : a <= 30 ? 1.12 : 1.1
        return y * (cbrt(a) - 1 / cbrt(a))
    }
}
