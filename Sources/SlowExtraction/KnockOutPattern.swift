/// What one spill has shown of the knock-out: how much heating brings how many ions out. Stored, it drives the next spill of its kind.
///
///     τ = ∫ A² dt,   F(τ) = ions out / ions at the start,   A²(t) = (dτ/dF) r(t)/N₀
///
/// Knock-out widens the beam as diffusion does, with a constant that goes with the square of the kick: the share that is out depends on τ alone, whatever the rate. So
/// a spill that was held by feedback gives the amplitudes for any other course of the rate. It holds for a beam that fills the stable triangle to its edge (`ExtractionTracker.prepare`).
///
/// ## Source
/// The amplitude function of HIMAC is stored and repeats (Noda et al., Nucl. Instrum. Methods A 374 (1996) 269; Sato et al., ibid. 574 (2007) 226); to store it as τ(F) is ours.
/// ## Checked by
/// `KnockOutPatternTests`.
public struct KnockOutPattern: Sendable, Hashable {
    /// A point of τ(F).
    public struct Node: Sendable, Hashable {
        /// Ions out over the ions at the start.
        public var share: Double
        /// ∫ A² dt, rad² s.
        public var heating: Double

        /// - Parameters:
        ///   - share: Ions out over the ions at the start.
        ///   - heating: ∫ A² dt, rad² s.
        public init(share: Double, heating: Double) {
            self.share = share
            self.heating = heating
        }
    }
    /// Ascending in both; the first is (0, 0).
    public var nodes: [Node]

    /// - Parameter nodes: Ascending in both; the first is (0, 0).
    /// - Precondition: at least two.
    public init(nodes: [Node]) {
        precondition(nodes.count > 1)
        self.nodes = nodes
    }

    /// Learns from a spill.
    ///
    /// - Parameters:
    ///   - spill: A spill that began with a full ring or layer.
    ///   - atStart: Macroparticles that were in the ring.
    /// - Returns: Nil if fewer than 80 macroparticles came out: then nothing can be learned.
    public init?(learningFrom spill: Spill, atStart: Int) {
        let total = spill.particles.count
        guard total >= 80, atStart > 0 else { return nil }
        // As fine as the counting noise allows: each stretch has 40 macroparticles or more.
        let step = max(40, total / 16)
        var (heating, count) = (0.0, 0)
        var found = [Node(share: 0, heating: 0)]
        for bin in spill.ions.indices where spill.amplitudeRad[bin] > 0 {
            heating += spill.amplitudeRad[bin] * spill.amplitudeRad[bin] * spill.binS
            count += Int((spill.ions[bin] / spill.ionsPerParticle).rounded())
            if count >= found.count * step {
                found.append(Node(share: Double(count) / Double(atStart), heating: heating))
            }
        }
        guard found.count > 1 else { return nil }
        nodes = found
    }

    /// dτ/dF at a share; beyond the nodes that of the last ones.
    ///
    /// - Parameter share: Ions out over the ions at the start.
    package func slope(at share: Double) -> Double {
        let upper = nodes.dropFirst().firstIndex { $0.share > share } ?? nodes.count - 1
        let (a, b) = (nodes[upper - 1], nodes[upper])
        return (b.heating - a.heating) / (b.share - a.share)
    }

    /// The mean of what several spills of a kind have shown, on the shares of the first.
    ///
    /// - Parameter patterns: At least one.
    /// - Precondition: not empty.
    public static func mean(_ patterns: [KnockOutPattern]) -> KnockOutPattern {
        let n = Double(patterns.count)
        let shares = patterns[0].nodes.map(\.share)
        return KnockOutPattern(
            nodes: shares.map { share in
                Node(share: share, heating: patterns.reduce(0) { $0 + $1.heating(at: share) } / n)
            })
    }

    private func heating(at share: Double) -> Double {
        let upper = nodes.dropFirst().firstIndex { $0.share >= share } ?? nodes.count - 1
        let a = nodes[upper - 1]
        return a.heating + (share - a.share) * slope(at: a.share)
    }
}
