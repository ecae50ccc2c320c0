#if canImport(Glibc)
    import Glibc
#endif

/// Constants of the collision model, each with its origin; see docs/theory/transport.md, section 4.
public struct CollisionModel: Sendable, Hashable {
    /// Goldhaber's reduced widths σ₀ by kind of part, MeV/c: a part of A_f nucleons of a nucleus of A has
    /// σ = σ₀ √(A_f (A − A_f)/(A − 1)) per axis.
    public struct Widths: Sendable, Hashable {
        public var nucleon: Double
        public var deuteron: Double
        public var triton: Double
        public var helium3: Double
        public var helium: Double
        public var heavy: Double
    }

    /// Widths of break-up on hydrogen.
    public var onHydrogen: Widths
    /// Widths of break-up on heavier nuclei; d, t and ³He include those coalesced from participants.
    public var onNucleus: Widths
    /// Share of collisions with heavier nuclei in which ⁴He keeps the narrow width, and the two factors on σ₀.
    public var narrowHeliumShare: Double
    public var narrowHeliumFactor: Double
    public var wideHeliumFactor: Double
    /// Exponent of (E/95 MeV/u), above 95 MeV/u, by which the widths of nucleons, d, t and ³He grow.
    public var lightWidthExponent: Double
    /// Probability that a free projectile nucleon scatters on a free nucleon of the target, at 95 MeV/u and below, and
    /// at 400 MeV/u; linear in ln E.
    public var participantShareAt95: Double
    public var participantShareAt400: Double
    /// Standard deviation of the target's quantile in the list of channels about the projectile's.
    public var correlationWidth: Double
    /// Slope of the momentum transfer between the two broken-up nuclei, (MeV/c)⁻².
    public var nucleusSlopePerMeV2: Double

    /// Participant probability at an energy.
    func participantShare(energyMeVPerNucleon energy: Double) -> Double {
        let position = log(min(max(energy, 95), 600) / 95) / log(400.0 / 95)
        return participantShareAt95 + position * (participantShareAt400 - participantShareAt95)
    }

    /// Factor on the widths of light parts at an energy.
    func lightWidthFactor(energyMeVPerNucleon energy: Double) -> Double {
        energy <= 95 ? 1 : exp(lightWidthExponent * log(energy / 95))
    }

    /// The values used for all results.
    public static let standard = CollisionModel(
        onHydrogen: Widths(nucleon: 85, deuteron: 105, triton: 105, helium3: 100, helium: 75, heavy: 90),
        onNucleus: Widths(nucleon: 85, deuteron: 130, triton: 110, helium3: 110, helium: 90, heavy: 100),
        narrowHeliumShare: 0.5, narrowHeliumFactor: 0.67, wideHeliumFactor: 1.35, lightWidthExponent: 0.25,
        participantShareAt95: 0.35,
        participantShareAt400: 0.8,
        correlationWidth: 0.2, nucleusSlopePerMeV2: 60e-6)
}
