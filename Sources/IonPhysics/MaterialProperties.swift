import Quantities

#if canImport(Glibc)
    import Glibc
#endif

/// What an ion beam meets in a material, relative to water of unit density.
///
///     ρ_e = ρ Σ w Z/A                            electron density                          (5)
///     ln I = Σ w (Z/A) ln I_i / Σ w Z/A          Bragg additivity                          (6)
///     ρ_S = ρ_e,rel [ln(2m_ec²(βγ)²/I) − β²] / [the same for water]   at 200 MeV/u         (7)
///     ρ_M = (1/X_S) / (1/X_S)_w                      scattering lengths, `ScatteringLength`  (8)
///     ρ_N = Σ n_i σ_R(¹²C on i) / the same for water, at 200 MeV/u                         (9)
///
/// Pure elements and alloys of metals take the excitation energies of the elements, and in (7) each element's term a factor
/// for shell and density corrections (`ElementStopping`).
///
/// Water in (7) takes the excitation energy of the same additivity rule (75.3 eV), not the 78 eV of the stopping
/// power in water: mixing them would move every ratio by 0.5 %. A material with a stated excitation energy is compared
/// with water of 78 eV.
///
/// ## Source
/// Schneider, Pedroni & Lomax, Phys. Med. Biol. 41 (1996) 111; Inaniwa & Kanematsu, Phys. Med. Biol. 61 (2016) 542.
/// ## Checked by
/// `MaterialPropertiesTests` (24 Schneider tissues).
public struct MaterialProperties: Hashable, Sendable {
    /// Energy at which the ratios are taken, MeV per nucleon.
    public static let referenceEnergyMeVPerNucleon = 200.0

    /// Density, g/cm³.
    public let densityGPerCM3: Double
    /// Electron density relative to water.
    public let relativeElectronDensity: Double
    /// Mean excitation energy by additivity, eV.
    public let meanExcitationEnergyEV: Double
    /// Linear stopping power relative to water, ρ_S.
    public let stoppingPowerRatio: Double
    /// Linear scattering power relative to water, ρ_M: ratio of 1/X_S per length. Transport and pencil beam both take it.
    public let scatteringRatio: Double
    /// Macroscopic ¹²C reaction cross section relative to water, ρ_N.
    public let nuclearRatio: Double

    /// Properties of `material` from its composition and density.
    public init(_ material: Material) {
        let own = Sums(material)
        let water = Sums.water(besides: material)
        densityGPerCM3 = material.densityGPerCM3
        relativeElectronDensity = own.electrons / water.electrons
        meanExcitationEnergyEV = own.excitationEV
        stoppingPowerRatio = own.electrons * own.stoppingNumber / (water.electrons * water.stoppingNumber)
        scatteringRatio =
            material.densityGPerCM3 * ScatteringLength.inversePerMassCM2PerG(material)
            / ScatteringLength.inversePerMassCM2PerG(.water)
        nuclearRatio = own.macroscopicReaction / water.macroscopicReaction
    }

    /// Stopping-power ratio at another energy (its change is below 0.3 % above 50 MeV/u for tissues).
    public static func stoppingPowerRatio(
        of material: Material, energyMeVPerNucleon: Double
    ) -> Double {
        let own = Sums(material, energyMeVPerNucleon: energyMeVPerNucleon)
        let water = Sums.water(besides: material, energyMeVPerNucleon: energyMeVPerNucleon)
        return own.electrons * own.stoppingNumber / (water.electrons * water.stoppingNumber)
    }

    /// Macroscopic reaction cross section Σ n_i σ_R of any projectile in a material, 1/mm.
    public static func macroscopicReactionPerMM(
        material: Material, projectile: Isotope, energyMeVPerNucleon: Double
    ) -> Double {
        material.components.reduce(0) { sum, part in
            let nuclei =
                material.densityGPerCM3 * part.massFraction * PhysicalConstants.avogadroPerMol
                / part.element.atomicWeight
            let target = Isotope(
                atomicNumber: part.element.atomicNumber, massNumber: part.element.massNumber)
            let sigma = ReactionCrossSection.reactionMB(
                projectile: projectile, target: target, energyMeVPerNucleon: energyMeVPerNucleon)
            return sum + nuclei * sigma * 1e-27 * 0.1
        }
    }

    /// ln(2m_ec²(βγ)²/I) − β², of (7).
    static func stoppingNumber(excitationEV: Double, energyMeVPerNucleon: Double) -> Double {
        let tau = energyMeVPerNucleon / PhysicalConstants.atomicMassUnitMeV
        let bg2 = tau * (tau + 2)
        let beta2 = bg2 / ((1 + tau) * (1 + tau))
        return log(2 * PhysicalConstants.electronMassMeV * bg2 / (excitationEV * 1e-6)) - beta2
    }

    /// Sums over the elements of one material.
    private struct Sums {
        var electrons = 0.0
        var excitationEV = 0.0
        var stoppingNumber = 0.0
        var macroscopicReaction = 0.0

        /// Water whose excitation energy has the same origin as the material's.
        static func water(
            besides material: Material,
            energyMeVPerNucleon: Double = MaterialProperties.referenceEnergyMeVPerNucleon
        ) -> Sums {
            Sums(
                .water, energyMeVPerNucleon: energyMeVPerNucleon,
                excitationEV: material.statedExcitationEnergyEV == nil
                    ? nil : StoppingPower.waterMeanExcitationEnergyEV)
        }

        init(
            _ material: Material,
            energyMeVPerNucleon: Double = MaterialProperties.referenceEnergyMeVPerNucleon,
            excitationEV stated: Double? = nil
        ) {
            var logSum = 0.0
            var stopping = 0.0
            let density = material.densityGPerCM3
            let isElementOrAlloy =
                material.statedExcitationEnergyEV == nil
                && (material.components.count == 1 || material.components.allSatisfy { $0.element.isMetal })
            for part in material.components {
                let perMass =
                    part.massFraction * Double(part.element.atomicNumber) / part.element.atomicWeight
                electrons += density * perMass
                let excitation =
                    isElementOrAlloy
                    ? part.element.meanExcitationEnergyEV : part.element.compoundExcitationEnergyEV
                logSum += density * perMass * log(excitation)
                if isElementOrAlloy {
                    stopping +=
                        density * perMass
                        * MaterialProperties.stoppingNumber(
                            excitationEV: excitation, energyMeVPerNucleon: energyMeVPerNucleon)
                        * ElementStopping.factor(
                            atomicNumber: part.element.atomicNumber, energyMeVPerNucleon: energyMeVPerNucleon)
                }
            }
            excitationEV = stated ?? material.statedExcitationEnergyEV ?? exp(logSum / electrons)
            stoppingNumber =
                isElementOrAlloy
                ? stopping / electrons
                : MaterialProperties.stoppingNumber(
                    excitationEV: excitationEV, energyMeVPerNucleon: energyMeVPerNucleon)
            macroscopicReaction = MaterialProperties.macroscopicReactionPerMM(
                material: material, projectile: .carbon12, energyMeVPerNucleon: energyMeVPerNucleon)
        }
    }
}
