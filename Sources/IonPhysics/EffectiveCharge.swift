#if canImport(Glibc)
    import Glibc
#endif

/// Charge of an ion in matter after electrons attach to it at low speed.
public enum EffectiveCharge {
    /// z* of the stopping formula.
    ///
    ///     z ≥ 2:  z* = z [1 − exp(−117.691 u − 0.138638 (100 u)²)],  u = β z^(−2/3)
    ///     z = 1:  z* = 1 − exp(−125 β)
    ///
    /// ## Source
    /// Form of Barkas (1963); coefficients fitted to ICRU Report 90 carbon and MSTAR Li to Ne
    /// (docs/theory/stopping.md, eq. 2).
    public static func stopping(chargeNumber: Int, beta: Double) -> Double {
        guard chargeNumber >= 2 else { return barkas(chargeNumber: chargeNumber, beta: beta) }
        let z = Double(chargeNumber)
        let u = beta / cbrt(z * z)
        return z * -expm1(-117.691 * u - 0.138638 * (100 * u) * (100 * u))
    }

    /// Barkas' z* = z [1 − exp(−125 β z^(−2/3))], which the Kiefer-Chatterjee track uses.
    ///
    /// ## Source
    /// Barkas, Nuclear Research Emulsions (Academic Press 1963).
    public static func barkas(chargeNumber: Int, beta: Double) -> Double {
        let z = Double(chargeNumber)
        return z * -expm1(-125 * beta / cbrt(z * z))
    }
}
