#if canImport(Glibc)
    import Glibc
#endif

/// Constants of the collision model, each with its origin; see docs/theory/transport.md, section 4.
public struct CollisionModel: Sendable, Hashable {
    /// Goldhaber's reduced widths σ₀ of one kind of part, MeV/c: a part of A_f nucleons of a nucleus of A has
    /// σ = σ₀ √(A_f (A − A_f)/(A − 1)) per axis, with σ₀ the narrow one for a share of the collisions (He) or parts.
    public struct Width: Sendable, Hashable {
        public var narrow: Double
        public var wide: Double
        public var narrowShare: Double

        init(_ width: Double) { (narrow, wide, narrowShare) = (width, width, 1) }

        init(narrow: Double, share: Double, wide: Double) {
            (self.narrow, self.wide, narrowShare) = (narrow, wide, share)
        }

        /// The width of one part, and whether it is the wide one of two.
        @inline(__always) func drawn(_ random: inout RandomStream, isWide: inout Bool) -> Double {
            guard narrowShare < 1, random.uniform() >= narrowShare else { return narrow }
            isWide = true
            return wide
        }
    }

    /// Widths by kind of part.
    public struct Widths: Sendable, Hashable {
        public var nucleon: Width
        public var deuteron: Width
        public var triton: Width
        public var helium3: Width
        public var helium: Width
        public var heavy: Width
    }

    /// Widths of break-up on hydrogen.
    public var onHydrogen: Widths
    /// Widths of break-up on heavier nuclei; d, t and ³He include those coalesced from participants.
    public var onNucleus: Widths
    /// Reduced width of nucleons and d of nuclei with A ≤ 4, which do not evaporate, MeV/c.
    public var lightNucleusWidth: Double
    /// Exponent of (E/95 MeV/u), above 95 MeV/u, by which the wide widths of nucleons, d, t and ³He grow.
    public var lightWidthExponent: Double
    /// Probability that a free projectile nucleon scatters on a free nucleon of the target, at 95 MeV/u and below, and
    /// at 400 MeV/u; linear in ln E.
    public var participantShareAt95: Double
    public var participantShareAt400: Double
    /// The same for d, t and ³He, at all energies.
    public var clusterParticipantShare: Double
    /// Standard deviation of the target's quantile in the list of channels about the projectile's.
    public var correlationWidth: Double
    /// Momentum per axis that a nucleus is deflected by as a whole, times its speed β, MeV/c.
    public var deflectionOnHydrogen: Double
    public var deflectionOnNucleus: Double

    /// Participant probability at an energy.
    func participantShare(energyMeVPerNucleon energy: Double) -> Double {
        let position = log(min(max(energy, 95), 600) / 95) / log(400.0 / 95)
        return participantShareAt95 + position * (participantShareAt400 - participantShareAt95)
    }

    /// Width of the participants' kick over the wide width, so that both together grow as (E/95 MeV/u)^exponent.
    func participantKick(energyMeVPerNucleon energy: Double) -> Double {
        energy <= 95 ? 0 : (exp(2 * lightWidthExponent * log(energy / 95)) - 1).squareRoot()
    }

    /// Slope of the momentum transfer exp(−slope |t|) of a collision with nucleons at an energy, (MeV/c)⁻².
    func slopePerMeV2(deflection: Double, energyMeVPerNucleon energy: Double) -> Double {
        let gamma = 1 + max(energy, 95) / 931.494
        let perAxis = deflection / (1 - 1 / (gamma * gamma)).squareRoot()
        return 1 / (2 * perAxis * perAxis)
    }

    /// The values used for all results.
    public static let standard = CollisionModel(
        onHydrogen: Widths(
            nucleon: Width(narrow: 49, share: 0.4, wide: 85),
            deuteron: Width(narrow: 60, share: 0.3, wide: 120),
            triton: Width(105), helium3: Width(100), helium: Width(65), heavy: Width(80)),
        onNucleus: Widths(
            nucleon: Width(narrow: 43, share: 0.2, wide: 85),
            deuteron: Width(narrow: 60, share: 0.3, wide: 130),
            triton: Width(narrow: 70, share: 0.3, wide: 115),
            helium3: Width(narrow: 70, share: 0.3, wide: 115),
            helium: Width(narrow: 57, share: 0.72, wide: 130), heavy: Width(88)),
        lightNucleusWidth: 125, lightWidthExponent: 0.4, participantShareAt95: 0.3,
        participantShareAt400: 0.55,
        clusterParticipantShare: 0.2, correlationWidth: 0.2, deflectionOnHydrogen: 75, deflectionOnNucleus: 95
    )
}
