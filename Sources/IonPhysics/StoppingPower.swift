import Quantities

#if canImport(Glibc)
    import Glibc
#endif

/// Electronic stopping power of liquid water for one ion.
///
///     S/ρ = K (Z/A) z*²/β² [ L₀ − C + z* L₁ + L₂ + L_M ]                               (1)
///     L₀ = ½ ln(2 m_e c² (βγ)² W_max / I²) − β² − δ/2
///     C   = 1.16841 x − 2.81292 x² + 2.30584 x³,   x = 10⁻³/(βγ)²        shell
///     L₁ = 0.141823 x^0.778039 / (1 − 0.392137 x)^1.5                    Barkas
///     L₂ = −y² Σ 1/[n (n² + y²)],  y = z* α/β                             Bloch
///     L_M = (π/2) α z* β for z ≥ 3, otherwise 0                           Mott (Lindhard–Sørensen)
///
/// Carbon is brought onto the ICRU 90 table by a ratio within 0.5 % of 1 above 5 MeV/u. Below 1 MeV/u the ICRU 90
/// values for protons (scaled by (z*/z*_p)²) and for carbon take over, scaled to join at 1 MeV/u; below the first
/// node the stopping power goes as the speed.
///
/// Valid from 0.001 to 1000 MeV/u for Z = 1...10 (accuracy in docs/theory/stopping.md); usable up to Z = 20 for
/// recoils, where the effective charge is an extrapolation good to some 10 % below 10 MeV/u.
///
/// ## Source
/// Form: ICRU Report 73 and 90; Lindhard & Sørensen, Phys. Rev. A 53 (1996) 2443. Coefficients of C, L₁, z*: fitted
/// to the ICRU 90 tables for p, He, C. δ: Sternheimer, Berger & Seltzer, At. Data Nucl. Data Tables 30 (1984) 261.
/// ## Checked by
/// `StoppingPowerTests`.
public struct StoppingPower: Sendable {
    /// Mean excitation energy I of liquid water, eV (ICRU Report 90). The only place where it is chosen.
    public static let waterMeanExcitationEnergyEV = 78.0
    /// Z/A of water, mol/g.
    public static let waterElectronsPerMassMolPerG = 0.555087
    /// Energies (MeV per nucleon) that may be asked for.
    public static let validEnergies: ClosedRange<Double> = 0.001...1000
    /// Energy (MeV per nucleon) where the formula hands over to the low-energy table.
    public static let joinMeVPerNucleon = 1.0

    /// The ion that is stopped.
    public let ion: Ion
    private let lowEnergy: LowEnergyStopping
    private let lowEnergyScale: Double

    /// Stopping power for `isotope`; refused for Z outside 1...20 or a nuclide without a mass.
    public init(_ isotope: Isotope) throws(IonPhysicsError) {
        let ion = try Ion(isotope)
        guard (1...20).contains(ion.chargeNumber) else {
            throw .chargeOutsideModel(isotope, valid: 1...20)
        }
        self.ion = ion
        lowEnergy = LowEnergyStopping(ion: ion)
        lowEnergyScale =
            Self.formula(ion: ion, energyMeVPerNucleon: Self.joinMeVPerNucleon)
            / lowEnergy.value(energyMeVPerNucleon: Self.joinMeVPerNucleon)
    }

    /// Mass electronic stopping power S/ρ, MeV cm²/g.
    ///
    /// - Precondition: `energyMeVPerNucleon` lies in `validEnergies`.
    public func massStoppingPowerMeVCM2PerG(energyMeVPerNucleon: Double) -> Double {
        precondition(Self.validEnergies.contains(energyMeVPerNucleon))
        if energyMeVPerNucleon >= Self.joinMeVPerNucleon {
            return Self.formula(ion: ion, energyMeVPerNucleon: energyMeVPerNucleon)
        }
        return lowEnergyScale * lowEnergy.value(energyMeVPerNucleon: energyMeVPerNucleon)
    }

    /// Unrestricted linear energy transfer in unit-density water, keV/µm (equal to MeV/mm).
    public func letKeVPerUM(energyMeVPerNucleon: Double) -> Double {
        massStoppingPowerMeVCM2PerG(energyMeVPerNucleon: energyMeVPerNucleon) / 10
    }

    /// Density-effect correction δ of liquid water, Sternheimer's form with C_s = 2 ln(I/21.469 eV) + 1.
    static func densityEffect(betaGammaSquared: Double) -> Double {
        let x = 0.5 * log10(betaGammaSquared)
        let x0 = 0.24
        let x1 = 2.8004
        let exponent = 3.4773
        guard x > x0 else { return 0 }
        let twoLn10 = 2 * log(10.0)
        let c = 2 * log(waterMeanExcitationEnergyEV / 21.469) + 1
        guard x < x1 else { return twoLn10 * x - c }
        let a = (c - twoLn10 * x0) / pow(x1 - x0, exponent)
        return twoLn10 * x - c + a * pow(x1 - x, exponent)
    }

    /// Greatest energy that a free electron can take in one collision, MeV.
    static func greatestTransferMeV(_ kinematics: Kinematics) -> Double {
        let me = PhysicalConstants.electronMassMeV
        let ratio = me / kinematics.restEnergyMeV
        return 2 * me * kinematics.betaGammaSquared / (1 + 2 * kinematics.gamma * ratio + ratio * ratio)
    }

    private static func formula(ion: Ion, energyMeVPerNucleon: Double) -> Double {
        let k = ion.kinematics(energyMeVPerNucleon: energyMeVPerNucleon)
        let beta2 = k.betaSquared
        let beta = beta2.squareRoot()
        let zStar = EffectiveCharge.stopping(chargeNumber: ion.chargeNumber, beta: beta)
        let excitationMeV = waterMeanExcitationEnergyEV * 1e-6
        let bg2 = k.betaGammaSquared
        let l0 =
            0.5
            * log(
                2 * PhysicalConstants.electronMassMeV * bg2 * greatestTransferMeV(k)
                    / (excitationMeV * excitationMeV))
            - beta2 - densityEffect(betaGammaSquared: bg2) / 2
        let x = 1e-3 / bg2
        let shell = x * (1.16841 + x * (-2.81292 + x * 2.30584))
        let barkas = 0.141823 * pow(x, 0.778039) / pow(1 - 0.392137 * x, 1.5)
        let y = zStar * PhysicalConstants.fineStructure / beta
        let mott =
            ion.chargeNumber >= 3 ? .pi / 2 * PhysicalConstants.fineStructure * zStar * beta : 0
        let stopping =
            PhysicalConstants.bethePrefactorMeVCM2PerMol * waterElectronsPerMassMolPerG * zStar
            * zStar / beta2
            * (l0 - shell + zStar * barkas + blochCorrection(y) + mott)
        return ion.chargeNumber == 6
            ? stopping * carbonRatio(energyMeVPerNucleon: energyMeVPerNucleon) : stopping
    }

    /// ICRU 90 for carbon over equation (1), by energy (MeV per nucleon): what one common set of coefficients leaves.
    private static let carbonRatios: [(energy: Double, ratio: Double)] = [
        (1, 0.9744), (2, 0.9921), (5, 1.0046), (10, 0.9955), (20, 0.9965), (50, 0.9985), (100, 0.9992),
        (200, 1),
    ]

    /// Linear in ln E between the nodes, 1 above the last.
    private static func carbonRatio(energyMeVPerNucleon energy: Double) -> Double {
        guard let upper = carbonRatios.firstIndex(where: { $0.energy > energy }) else { return 1 }
        guard upper > 0 else { return carbonRatios[0].ratio }
        let (a, b) = (carbonRatios[upper - 1], carbonRatios[upper])
        let share = log(energy / a.energy) / log(b.energy / a.energy)
        return a.ratio + share * (b.ratio - a.ratio)
    }

    /// L₂ = −y² Σ_{n ≥ 1} 1/[n (n² + y²)]; the tail beyond n = N is summed as an integral.
    static func blochCorrection(_ y: Double) -> Double {
        let y2 = y * y
        let terms = 40
        var sum = 0.0
        for n in 1...terms {
            let n = Double(n)
            sum += 1 / (n * (n * n + y2))
        }
        // ∫_{N+½}^∞ dn/[n (n² + y²)] = ln(1 + y²/(N+½)²)/(2 y²)
        let edge = Double(terms) + 0.5
        let tail = y2 > 1e-12 ? log1p(y2 / (edge * edge)) / (2 * y2) : 0.5 / (edge * edge)
        return -y2 * (sum + tail)
    }
}
