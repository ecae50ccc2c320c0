import Quantities

#if canImport(Glibc)
    import Glibc
#endif

/// Multiple Coulomb scattering of ions as a scattering power T = d⟨θ²⟩/ds of the angle projected on one plane.
///
/// - `rossi`: T = (E_s z / p v)² / X₀. Depends on the ion's present energy only, so a step of any length adds the
///   variance T ds: what the Monte Carlo transport uses for Z ≥ 3.
/// - `differentialHighland`: Rossi's form times a factor of the radiative path passed so far,
///   f = 0.970 (1 + ln ℓ/20.7)(1 + ln ℓ/22.7), E_s = 15.0 MeV, which integrates to Highland's formula.
/// - `differentialMoliere`: f_dM (15.0 MeV z / p v)² / X_S with f_dM of the present and the initial p v: what the transport
///   uses for Z ≤ 2.
///
/// The choice between them, and the calibration of `rossi`, stand in docs/theory/stopping.md, section 4.
///
/// ## Source
/// Rossi & Greisen, Rev. Mod. Phys. 13 (1941) 240; Kanematsu, Nucl. Instrum. Meth. B 266 (2008) 5056;
/// Gottschalk, Med. Phys. 37 (2010) 352.
/// ## Checked by
/// `ScatteringPowerTests`.
public enum ScatteringPower: Hashable, Sendable {
    case rossi
    case differentialHighland
    case differentialMoliere

    /// Radiation length of water, mm at unit density (36.08 g/cm²).
    public static let waterRadiationLengthMM = 360.8
    /// Scattering length of water, mm at unit density (Gottschalk).
    public static let waterScatteringLengthMM = 468.8

    /// E_s of the calibrated Rossi form, MeV, for projectiles of charge z.
    ///
    /// z ≥ 3: 12.5 MeV, midway between generalised Highland (13.1...13.9) and the widths of carbon cores in Geant4 option4 and in
    /// matRad's generic base data (11.1...12.1); the variance of Rutherford scattering up to the angle of nuclear contact is
    /// that of 12.8. z ≤ 2: 13.6 MeV, between generalised Highland and differential Molière for stopping protons (comparison
    /// only).
    public static func rossiEnergyMeV(chargeNumber: Int) -> Double {
        chargeNumber <= 2 ? 13.6 : 12.5
    }

    /// The form that the transport uses for an ion: `differentialMoliere` for Z ≤ 2, `rossi` for Z ≥ 3.
    public static func transport(chargeNumber: Int) -> ScatteringPower {
        chargeNumber <= 2 ? .differentialMoliere : .rossi
    }

    /// T₀: what the transport's scattering power in unit-density water is without the factor f_dM, rad²/mm. It goes as (pv)⁻².
    ///
    /// - Parameters:
    ///   - ion: The ion.
    ///   - energyMeVPerNucleon: Its present energy.
    public static func transportRad2PerMM(ion: Ion, energyMeVPerNucleon: Double) -> Double {
        guard transport(chargeNumber: ion.chargeNumber) == .differentialMoliere else {
            return rossiRad2PerMM(ion: ion, energyMeVPerNucleon: energyMeVPerNucleon)
        }
        let pv = ion.kinematics(energyMeVPerNucleon: energyMeVPerNucleon).momentumVelocityMeV
        let ratio = molierePerMomentum(chargeNumber: ion.chargeNumber) / pv
        return ratio * ratio
    }

    /// k of T₀ = (k/pv)² in the differential Molière form, MeV rad/mm^½: 15.0 MeV z/√X_S of unit-density water.
    package static func molierePerMomentum(chargeNumber: Int) -> Double {
        15.0 * Double(chargeNumber) / waterScatteringLengthMM.squareRoot()
    }

    /// Rossi's scattering power in unit-density water, rad²/mm.
    public static func rossiRad2PerMM(ion: Ion, energyMeVPerNucleon: Double) -> Double {
        let pv = ion.kinematics(energyMeVPerNucleon: energyMeVPerNucleon).momentumVelocityMeV
        let ratio = rossiEnergyMeV(chargeNumber: ion.chargeNumber) * Double(ion.chargeNumber) / pv
        return ratio * ratio / waterRadiationLengthMM
    }

    /// Scattering power in unit-density water, rad²/mm.
    ///
    /// - Parameters:
    ///   - pathMM: Water passed since the beam entered (used by `differentialHighland`); positive.
    ///   - initialEnergyMeVPerNucleon: Energy at entrance (used by `differentialMoliere`).
    public func rad2PerMM(
        ion: Ion, energyMeVPerNucleon: Double, pathMM: Double, initialEnergyMeVPerNucleon: Double
    ) -> Double {
        let pv = ion.kinematics(energyMeVPerNucleon: energyMeVPerNucleon).momentumVelocityMeV
        let base = 15.0 * Double(ion.chargeNumber) / pv
        switch self {
        case .rossi:
            return Self.rossiRad2PerMM(ion: ion, energyMeVPerNucleon: energyMeVPerNucleon)
        case .differentialHighland:
            let logPath = log(max(pathMM, 1e-6) / Self.waterRadiationLengthMM)
            let factor = max(0, 0.970 * (1 + logPath / 20.7) * (1 + logPath / 22.7))
            return factor * base * base / Self.waterRadiationLengthMM
        case .differentialMoliere:
            let factor = Self.singleScatteringFactor(
                momentumVelocityMeV: pv,
                initialMeV: ion.kinematics(energyMeVPerNucleon: initialEnergyMeVPerNucleon)
                    .momentumVelocityMeV
            )
            return factor * base * base / Self.waterScatteringLengthMM
        }
    }

    /// f_dM: how much of its single scattering an ion of the present pv that began with p₁v₁ (both MeV) has in the Gaussian core.
    ///
    ///     f_dM = 0.5244 + 0.1975 l + 0.2320 lg pv − 0.0098 l lg pv ,   l = lg[1 − (pv/p₁v₁)²]
    ///
    /// Zero where it would be negative, in the first millionth of the energy loss.
    package static func singleScatteringFactor(momentumVelocityMeV pv: Double, initialMeV: Double) -> Double {
        let lost = log10(max(1 - (pv / initialMeV) * (pv / initialMeV), 1e-9))
        let logPV = log10(pv)
        return max(0, 0.5244 + 0.1975 * lost + 0.2320 * logPV - 0.0098 * logPV * lost)
    }

    /// Width of a pencil of zero width after `depthMM` of water (Fermi-Eyges), mm.
    ///
    ///     σ²(d) = ∫₀^d T(x) (d − x)² dx
    ///
    /// - Precondition: 0 < depthMM ≤ the ion's range.
    public func sigmaMM(
        rangeTable: RangeTable, energyMeVPerNucleon: Double, depthMM: Double
    ) -> Double {
        let intervals = 2000
        let range = rangeTable.rangeMM(energyMeVPerNucleon: energyMeVPerNucleon)
        precondition(depthMM > 0 && depthMM <= range)
        let step = depthMM / Double(intervals)
        var sum = 0.0
        for i in 0..<intervals {
            let x = (Double(i) + 0.5) * step
            let energy = rangeTable.energyMeVPerNucleon(rangeMM: range - x)
            let t = rad2PerMM(
                ion: rangeTable.ion, energyMeVPerNucleon: energy, pathMM: x,
                initialEnergyMeVPerNucleon: energyMeVPerNucleon)
            sum += t * (depthMM - x) * (depthMM - x)
        }
        return (sum * step).squareRoot()
    }

    /// Width at the end of range by the generalised Highland formula, mm: the log term taken for the whole path.
    ///
    ///     σ = [1 + ⅑ log₁₀(R/X₀)] (∫ (14.1 MeV z/pv)² (R − x)² dx / X₀)^½
    public static func generalizedHighlandSigmaMM(
        rangeTable: RangeTable, energyMeVPerNucleon: Double
    ) -> Double {
        let range = rangeTable.rangeMM(energyMeVPerNucleon: energyMeVPerNucleon)
        let rossi = Self.rossi.sigmaMM(
            rangeTable: rangeTable, energyMeVPerNucleon: energyMeVPerNucleon, depthMM: range)
        return rossi * 14.1 / rossiEnergyMeV(chargeNumber: rangeTable.ion.chargeNumber)
            * (1 + log10(range / waterRadiationLengthMM) / 9)
    }
}
