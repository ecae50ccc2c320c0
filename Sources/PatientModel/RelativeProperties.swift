#if canImport(Glibc)
    import Glibc
#endif

/// What a carbon beam meets in a material, per length relative to water of unit density.
public struct RelativeProperties: Hashable, Sendable {
    /// Linear stopping power relative to water (ρ_S).
    public var stopping: Double
    /// Linear scattering power relative to water: ratio of 1/X₀ (ρ_M).
    public var scattering: Double
    /// Macroscopic reaction cross section of ¹²C relative to water (ρ_N).
    public var nuclear: Double

    public init(stopping: Double, scattering: Double, nuclear: Double) {
        self.stopping = stopping
        self.scattering = scattering
        self.nuclear = nuclear
    }

    public static let water = RelativeProperties(stopping: 1, scattering: 1, nuclear: 1)
    /// Air at −1000 HU of the tissue model.
    public static let air = RelativeProperties(
        SchneiderTissues.composition(hounsfield: -1000),
        densityGPerCM3: SchneiderTissues.densityGPerCM3(hounsfield: -1000))

    /// Energy at which the stopping and reaction ratios are taken, MeV per nucleon. Above 50 MeV per nucleon the
    /// stopping ratio changes by less than 0.3 %.
    public static let referenceEnergyMeVPerNucleon = 200.0

    /// A material by composition and density.
    ///
    ///     ρ_S = ρ_e L(I) / [ρ_e,w L(I_w)],   ρ_M = (ρ/X₀) / (ρ_w/X₀,w),   ρ_N = n σ / (n_w σ_w)
    ///
    /// with electron densities ρ_e, Bragg's additivity of ln I over electrons for material and water alike,
    /// 1/X₀ = Σ w_i/X₀,i, and n σ the sum over elements of atoms per volume times ¹²C reaction cross section.
    ///
    /// ## Source
    /// Schneider, Pedroni & Lomax, Phys. Med. Biol. 41 (1996) 111, eq. 1 to 3 (stopping); Inaniwa & Kanematsu,
    /// Phys. Med. Biol. 61 (2016) 1542 (the three densities).
    /// ## Checked by
    /// `RelativePropertiesTests`.
    public init(_ composition: TissueComposition, densityGPerCM3 density: Double) {
        let material = PerMass(composition)
        let water = PerMass(.water)
        self.init(
            stopping: density * material.stopping / water.stopping,
            scattering: density * material.inverseRadiationLength / water.inverseRadiationLength,
            nuclear: density * material.reaction / water.reaction)
    }

    /// Properties per mass, in units that cancel in ratios.
    private struct PerMass {
        var stopping = 0.0
        var inverseRadiationLength = 0.0
        var reaction = 0.0

        init(_ composition: TissueComposition) {
            var electrons = 0.0
            var electronsLogI = 0.0
            for element in TissueElement.allCases {
                let w = composition.massFraction(element)
                let perMass = w * Double(element.atomicNumber) / element.atomicMass
                electrons += perMass
                electronsLogI += perMass * log(element.meanExcitationEnergyEV)
                inverseRadiationLength += w / element.radiationLengthGPerCM2
                reaction += w / element.atomicMass * CarbonReaction.crossSectionMB(on: element)
            }
            stopping = electrons * Self.stoppingNumber(logI: electronsLogI / electrons)
        }

        /// L = ln(2 m c² β² γ² / I) − β².
        private static func stoppingNumber(logI: Double) -> Double {
            let gamma = 1 + RelativeProperties.referenceEnergyMeVPerNucleon / 931.494
            let betaGammaSquared = gamma * gamma - 1
            return log(2 * 510_998.95 * betaGammaSquared) - logI
                - betaGammaSquared / (gamma * gamma)
        }
    }
}
