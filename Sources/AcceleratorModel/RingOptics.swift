/// What acceleration needs of a ring's lattice; computed by whoever reads the lattice.
public struct RingOptics: Hashable, Sendable {
    /// Name of the lattice.
    public var lattice: String
    /// Length of the orbit, m.
    public var lengthM: Double
    /// Horizontal and vertical tune.
    public var tunes: SIMD2<Double>
    /// γ at transition.
    public var transitionGamma: Double

    public init(lattice: String, lengthM: Double, tunes: SIMD2<Double>, transitionGamma: Double) {
        self.lattice = lattice
        self.lengthM = lengthM
        self.tunes = tunes
        self.transitionGamma = transitionGamma
    }

    /// Tunes of lattice and machine file may differ by this much: published ones have two digits.
    public static let tuneTolerance = 0.02
    /// Relative difference of the lengths of lattice and machine file.
    public static let lengthTolerance = 1e-3
}
