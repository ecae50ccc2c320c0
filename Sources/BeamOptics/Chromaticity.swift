/// Change of the tunes with momentum.
///
///     Q′ = dQ/dδ on the closed orbit of each momentum, with the dispersion of all orders that the exact map has
///
/// The choice of edges (`BeamLineMap.Edges`) changes it by tenths in a small ring with edge angles: for the ring of PIMMS exact edges give −0.587, −1.748, as
/// MAD-X does, linear ones −0.662, −1.198, as Xsuite does by default. So the convention is part of the result.
public struct Chromaticity: Hashable, Sendable {
    /// dQx/dδ, dQy/dδ.
    public var values: SIMD2<Double>
    /// How the ends of bends acted.
    public var edges: BeamLineMap.Edges

    /// What the number means.
    public var convention: String {
        "dQ/dδ, δ = (P − P₀)/P₀, exact bends and drifts, \(edges.rawValue) edges"
    }

    /// Chromaticity of a ring by central differences of fourth order.
    ///
    /// - Parameters:
    ///   - lattice: The ring.
    ///   - edges: How the ends of bends act.
    ///   - step: Difference of δ.
    /// - Throws: As `LinearOptics.ring`.
    public static func ring(
        _ lattice: Lattice, edges: BeamLineMap.Edges = .exact, step: Double = 1e-4
    ) throws(BeamOpticsError) -> Chromaticity {
        let map = BeamLineMap(lattice, edges: edges)
        let near = try LinearOptics.ring(map, delta: step).tunes - LinearOptics.ring(map, delta: -step).tunes
        let far =
            try LinearOptics.ring(map, delta: 2 * step).tunes - LinearOptics.ring(map, delta: -2 * step).tunes
        return Chromaticity(values: (8 * near - far) / (12 * step), edges: edges)
    }
}
