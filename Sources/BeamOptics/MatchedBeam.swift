import NumericKernels

/// Gaussian beam that fits the optics at a place.
///
/// ## Checked by
/// `MatchedBeamTests`.
public struct MatchedBeam: Sendable {
    public var optics: OpticsPoint
    /// RMS emittances, horizontal and vertical, m rad, unnormalised.
    public var emittanceMRad: SIMD2<Double>
    /// RMS of δ.
    public var momentumSpread: Double

    /// - Parameters:
    ///   - optics: Functions at the place.
    ///   - emittanceMRad: RMS emittances, m rad.
    ///   - momentumSpread: RMS of δ.
    public init(optics: OpticsPoint, emittanceMRad: SIMD2<Double>, momentumSpread: Double) {
        self.optics = optics
        self.emittanceMRad = emittanceMRad
        self.momentumSpread = momentumSpread
    }

    /// Draws particles; the same seed gives the same ones.
    ///
    /// - Parameters:
    ///   - count: Number of particles.
    ///   - reference: Reference particle of the lattice.
    ///   - seed: Seed.
    public func particles(count: Int, reference: ReferenceParticle, seed: UInt64) -> [BeamCoordinates<Double>]
    {
        var random = SeededRandom(seed: seed)
        func pair() -> SIMD2<Double> { SIMD2(random.normal(), random.normal()) }
        return (0..<count).map { _ in
            let (horizontal, vertical, longitudinal) = (pair(), pair(), pair())
            let delta = momentumSpread * longitudinal.x
            func place(_ plane: Int, _ g: SIMD2<Double>) -> (Double, Double) {
                let root = emittanceMRad[plane].squareRoot()
                let (beta, alpha) = (optics.betaM[plane], optics.alpha[plane])
                let x = root * beta.squareRoot() * g.x
                let slope = root / beta.squareRoot() * (g.y - alpha * g.x)
                return (x + optics.dispersionM[plane] * delta, slope + optics.dispersionSlope[plane] * delta)
            }
            let (x, px) = place(0, horizontal)
            let (y, py) = place(1, vertical)
            return BeamCoordinates(x: x, px: px, y: y, py: py, delta: delta, reference: reference)
        }
    }
}
