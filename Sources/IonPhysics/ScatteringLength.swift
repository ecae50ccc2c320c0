#if canImport(Glibc)
    import Glibc
#endif

/// Scattering length X_S: how much of a material scatters alike, from Molière's theory without radiation's logarithm.
///
///     1/(ρ X_S) = α N_A r_e² Σ w (Z²/A) {2 ln[33219 (A Z)^(−1/3)] − 1}
///
/// Scattering powers of two materials at the same momentum and speed go as 1/X_S. Ratios of radiation lengths, which are near to
/// it for tissues, give lead 20 % too little scattering relative to water.
///
/// ## Source
/// Gottschalk, Med. Phys. 37 (2010) 352, eq. (21).
/// ## Checked by
/// `ScatteringLengthTests`.
public enum ScatteringLength {
    /// 1/X_S per mass, cm²/g.
    public static func inversePerMassCM2PerG(_ material: Material) -> Double {
        // α N_A r_e², cm²/mol.
        let constant = 3.4898e-4
        return material.components.reduce(0) { sum, part in
            let z = Double(part.element.atomicNumber)
            let a = part.element.atomicWeight
            return sum + constant * part.massFraction * z * z / a * (2 * log(33_219 / cbrt(a * z)) - 1)
        }
    }
}
