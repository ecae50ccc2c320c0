import Quantities

#if canImport(Glibc)
    import Glibc
#endif

/// Bohr's energy straggling in water, relativistic.
///
///     dΩ²/ds = 0.1569 z*² (Z/A)_water ρ (1 − β²/2)/(1 − β²)   MeV²/cm
///
/// Ω is the standard deviation of the energy loss of the whole ion.
///
/// ## Source
/// Bohr, K. Dan. Vidensk. Selsk. Mat. Fys. Medd. 18 (1948) no. 8; relativistic factor: Rossi, High Energy Particles
/// (1952). 0.1569 = K m_e c², K as in `PhysicalConstants`.
/// ## Checked by
/// `EnergyStragglingTests`.
public enum EnergyStraggling {
    /// Variance of the total energy loss per path in unit-density water, MeV²/mm.
    public static func variancePerPathMeV2PerMM(ion: Ion, energyMeVPerNucleon: Double) -> Double {
        let k = ion.kinematics(energyMeVPerNucleon: energyMeVPerNucleon)
        let beta2 = k.betaSquared
        let zStar = EffectiveCharge.stopping(chargeNumber: ion.chargeNumber, beta: beta2.squareRoot())
        return 0.01569 * zStar * zStar * StoppingPower.waterElectronsPerMassMolPerG * (1 - beta2 / 2)
            / (1 - beta2)
    }

    /// Standard deviation of the range of a mono-energetic beam, mm of water.
    ///
    ///     σ_R² = ∫ (dΩ²/ds) / S³ dE_total
    ///
    /// from energy 0.1 MeV/u up to the given energy, Simpson's rule in ln E.
    public static func rangeSigmaMM(
        stoppingPower: StoppingPower, energyMeVPerNucleon: Double
    ) -> Double {
        let lower = log(min(0.1, energyMeVPerNucleon / 2))
        let upper = log(energyMeVPerNucleon)
        let intervals = 400
        let step = (upper - lower) / Double(intervals)
        let mass = Double(stoppingPower.ion.massNumber)
        var sum = 0.0
        for i in 0...intervals {
            let energy = i == intervals ? energyMeVPerNucleon : exp(lower + Double(i) * step)
            let s = stoppingPower.letKeVPerUM(energyMeVPerNucleon: energy)
            let weight = i == 0 || i == intervals ? 1.0 : i % 2 == 1 ? 4.0 : 2.0
            sum +=
                weight * mass * energy
                * variancePerPathMeV2PerMM(ion: stoppingPower.ion, energyMeVPerNucleon: energy)
                / (s * s * s)
        }
        return (sum * step / 3).squareRoot()
    }
}
