import IonPhysics

/// How much less than with all of its single scattering an ion of charge 1 or 2 scatters, by the energy it has lost so far.
///
///     T = f_dM T₀ ,   f_dM = 0.5244 + 0.1975 l + 0.2320 lg pv − 0.0098 l lg pv ,   l = lg[1 − (pv/p₁v₁)²]     (T5a)
///
/// T₀ is proportional to (pv)⁻², so (pv/p₁v₁)² is T₀ at the start over T₀ here, and pv follows from T₀: the stepping loop needs
/// no other number than T₀ at the start. A thin foil scatters less than its share of a thick one; how a path is cut into
/// steps does not matter, because f_dM is a function of where the ion is and was.
///
/// ## Source
/// Gottschalk, Med. Phys. 37 (2010) 352 (`ScatteringPower.differentialMoliere`).
/// ## Checked by
/// `SingleScatteringTests`.
package struct SingleScattering: BitwiseCopyable, Sendable {
    /// Whether the ion has the correction: Z ≤ 2.
    private let applies: Bool
    /// lg pv = this − ½ lg T₀, pv in MeV, T₀ in rad²/mm.
    private let logMomentum: Double

    /// - Parameter chargeNumber: Charge number of the ion.
    package init(chargeNumber: Int) {
        applies = ScatteringPower.transport(chargeNumber: chargeNumber) == .differentialMoliere
        // T₀ = (k/pv)².
        logMomentum = Self.decadic(ScatteringPower.molierePerMomentum(chargeNumber: chargeNumber))
    }

    /// T.
    ///
    /// - Parameters:
    ///   - full: T₀ at the ion's present energy, rad²/mm.
    ///   - first: T₀ at the energy with which it began, at most `full`.
    @inline(__always) package func power(full: Double, first: Double) -> Double {
        guard applies else { return full }
        let more = full - first
        guard more > 0 else { return 0 }
        let logFull = Self.decadic(full)
        let lost = Self.decadic(more) - logFull
        let momentum = logMomentum - 0.5 * logFull
        return full * max(0, 0.5244 + 0.1975 * lost + 0.2320 * momentum - 0.0098 * momentum * lost)
    }

    /// lg x of a positive normal number, within 10⁻⁵: exponent and four terms of the series of artanh for the mantissa.
    @inline(__always) package static func decadic(_ x: Double) -> Double {
        let pattern = x.bitPattern
        let exponent = Double(Int(truncatingIfNeeded: pattern &>> 52) &- 1023)
        let mantissa = Double(bitPattern: (pattern & 0x000F_FFFF_FFFF_FFFF) | 0x3FF0_0000_0000_0000)
        let s = (mantissa - 1) / (mantissa + 1)
        let square = s * s
        let series = s * (1 + square * (1.0 / 3 + square * (0.2 + square * (1.0 / 7))))
        return 0.301_029_995_663_981_2 * exponent + 0.868_588_963_806_503_6 * series
    }
}
