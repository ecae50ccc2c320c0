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
    /// Probability that a nucleus on a single nucleon loses a light part to a hard collision with it, at 95 MeV/u and
    /// below, and at 400 MeV/u; linear in ln E.
    public var knockOutShareAt95: Double
    public var knockOutShareAt400: Double
    /// Ratio to it of the probability that, of two nuclei, a free nucleon of one scatters on one of the other.
    public var participantRatio: Double
    /// Probability that a violently emitted nucleon takes part in stopping.
    public var stoppedNucleonShare: Double
    /// Share of the collisions, the most violent ones, in which Li and Be up to mass 7 stop, at 95 MeV/u and below.
    public var stoppedLightNucleusShare: Double
    /// Exponent of (95 MeV/u)/E, above 95 MeV/u, by which stopping falls.
    public var transparencyExponent: Double
    /// Weight of an α particle among the parts of a nucleus that a single nucleon may knock out, each lighter part
    /// having 1.
    public var heliumKnockOutWeight: Double
    /// Momentum per axis that such a nucleon gives to a part heavier than a nucleon, MeV/c.
    public var clusterKnockOut: Double
    /// Standard deviation of the target's quantile in the list of channels about the projectile's.
    public var correlationWidth: Double
    /// Momentum per axis that a nucleus is deflected by as a whole, times its speed β, MeV/c.
    public var deflectionOnHydrogen: Double
    public var deflectionOnNucleus: Double

    /// Probability of a hard collision with a single nucleon at an energy.
    func knockOutShare(energyMeVPerNucleon energy: Double) -> Double {
        let position = log(min(max(energy, 95), 600) / 95) / log(400.0 / 95)
        return knockOutShareAt95 + position * (knockOutShareAt400 - knockOutShareAt95)
    }

    /// Width of the participants' kick over the wide width, so that both together grow as (E/95 MeV/u)^exponent.
    func participantKick(energyMeVPerNucleon energy: Double) -> Double {
        energy <= 95 ? 0 : (exp(2 * lightWidthExponent * log(energy / 95)) - 1).squareRoot()
    }

    /// Greatest degree of stopping at an energy, 1 to 95 MeV/u.
    func greatestStopping(energyMeVPerNucleon energy: Double) -> Double {
        energy <= 95 ? 1 : exp(-transparencyExponent * log(energy / 95))
    }

    /// Weight of a part among those that a single nucleon may knock out.
    @inline(__always) func knockOutWeight(massNumber: Int32) -> Double {
        massNumber <= 3 ? 1 : massNumber == 4 ? heliumKnockOutWeight : 0
    }

    /// Slope of the momentum transfer to a knocked-out part heavier than a nucleon, (MeV/c)⁻².
    var clusterKnockOutSlopePerMeV2: Double { 1 / (2 * clusterKnockOut * clusterKnockOut) }

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
        lightNucleusWidth: 125, lightWidthExponent: 0.4, knockOutShareAt95: 0.3,
        knockOutShareAt400: 0.55,
        participantRatio: 0.85,
        stoppedNucleonShare: 0.3, stoppedLightNucleusShare: 0.18, transparencyExponent: 0.5,
        heliumKnockOutWeight: 0.3, clusterKnockOut: 200, correlationWidth: 0.2, deflectionOnHydrogen: 75,
        deflectionOnNucleus: 95
    )
}
