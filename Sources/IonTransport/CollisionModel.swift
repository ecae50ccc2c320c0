/// Constants of the collision model, each with its origin; see docs/theory/transport.md, section 4.
public struct CollisionModel: Sendable, Hashable {
    /// Goldhaber's reduced width σ₀, MeV/c, by the charge of the part: free nucleons, d/t, He, Z ≥ 3.
    public var goldhaberNucleonMeV: Double
    public var goldhaberHydrogenMeV: Double
    public var goldhaberHeliumMeV: Double
    public var goldhaberHeavyMeV: Double
    /// Share of collisions in which helium parts keep the narrow width, and the two factors on σ₀.
    public var narrowHeliumShare: Double
    public var narrowHeliumFactor: Double
    public var wideHeliumFactor: Double
    /// Probability that a free projectile nucleon scatters on a nucleon of a heavy target.
    public var participantShare: Double
    /// Fermi momentum width of struck target nucleons, MeV/c per axis.
    public var targetFermiMeV: Double
    /// Mean excitation of a heavy target: constant part and part per struck nucleon, MeV.
    public var excitationMeV: Double
    public var excitationPerNucleonMeV: Double
    /// Temperature of evaporation from the target, MeV.
    public var evaporationTemperatureMeV: Double
    /// Slope of elastic scattering of a cluster on hydrogen, (MeV/c)⁻².
    public var clusterSlopePerMeV2: Double

    /// The values used for all results.
    public static let standard = CollisionModel(
        goldhaberNucleonMeV: 90, goldhaberHydrogenMeV: 90, goldhaberHeliumMeV: 90, goldhaberHeavyMeV: 90,
        narrowHeliumShare: 0.5, narrowHeliumFactor: 0.67, wideHeliumFactor: 1.35, participantShare: 0.5,
        targetFermiMeV: 90, excitationMeV: 8, excitationPerNucleonMeV: 8, evaporationTemperatureMeV: 3,
        clusterSlopePerMeV2: 40e-6)
}
