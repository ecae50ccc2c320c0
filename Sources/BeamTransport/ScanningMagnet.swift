import BeamOptics

#if canImport(Glibc)
    import Glibc
#endif

/// A scanning magnet: a uniform field across the beam over its length.
///
/// The exact sector: with b = B/Bρ the momentum across grows by b L, and in the plane of the turn p_t is kept,
///
///     sin φ₁ = sin φ₀ + b L/p_t,   u₁ = u₀ + L (sin φ₀ + sin φ₁)/(cos φ₀ + cos φ₁),   v₁ = v₀ + p_v (φ₁ − φ₀)/b
///
/// ## Checked by
/// `ScanOpticsTests`.
public struct ScanningMagnet: Hashable, Sendable {
    /// Axis at the isocentre along which it moves the spot, IEC gantry system.
    public enum Axis: String, CaseIterable, Hashable, Sendable {
        case x
        case y
        /// 0 or 1.
        public var index: Int { self == .x ? 0 : 1 }
    }

    public var name: String
    public var axis: Axis
    /// Effective length of the field, m.
    public var lengthM: Double
    /// Greatest field, T.
    public var greatestFieldT: Double
    /// Greatest change of field, T/s.
    public var greatestRateTPerS: Double

    /// - Parameters:
    ///   - name: Name.
    ///   - axis: Axis along which it moves the spot.
    ///   - lengthM: Effective length, m.
    ///   - greatestFieldT: Greatest field, T.
    ///   - greatestRateTPerS: Greatest change of field, T/s.
    public init(
        name: String, axis: Axis, lengthM: Double, greatestFieldT: Double, greatestRateTPerS: Double
    ) {
        self.name = name
        self.axis = axis
        self.lengthM = lengthM
        self.greatestFieldT = greatestFieldT
        self.greatestRateTPerS = greatestRateTPerS
    }

    /// Takes a particle through the magnet.
    ///
    /// - Parameters:
    ///   - point: Coordinates at its entrance; receives those at its exit. ζ is left.
    ///   - plane: Optical plane in which it deflects.
    ///   - curvature: B over Bρ, 1/m.
    /// - Returns: False if the particle turns around inside.
    public func pass(
        _ point: inout BeamCoordinates<Double>, plane: TransferLine.Plane, curvaturePerM curvature: Double
    ) -> Bool {
        let horizontal = plane == .horizontal
        let (pu, pv) = horizontal ? (point.px, point.py) : (point.py, point.px)
        let total = 1 + point.delta
        let inPlane = (total * total - pv * pv).squareRoot()
        let (s0, s1) = (pu / inPlane, (pu + curvature * lengthM) / inPlane)
        guard abs(s0) < 1, abs(s1) < 1 else { return false }
        let (c0, c1) = ((1 - s0 * s0).squareRoot(), (1 - s1 * s1).squareRoot())
        let du = lengthM * (s0 + s1) / (c0 + c1)
        // (φ₁ − φ₀)/b is the path over p_t; its limit for no field is L/(p_t cos φ₀).
        let turned = asin(s1) - asin(s0)
        let dv =
            abs(curvature * lengthM) > 1e-9 ? pv * turned / curvature : pv * lengthM / (inPlane * c0)
        if horizontal {
            point.x += du
            point.y += dv
            point.px += curvature * lengthM
        } else {
            point.y += du
            point.x += dv
            point.py += curvature * lengthM
        }
        return true
    }
}
