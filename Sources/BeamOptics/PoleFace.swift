#if canImport(Glibc)
    import Glibc
#endif

/// End of a bending magnet without approximation of angles: rotation to the pole face in free space, fringe field of a hard edge, and back through
/// the wedge between pole face and orbit inside the field.
///
/// The fringe field is that of Maxwell's equations in first order of the field, with finite slopes:
///
///     Φ = h x′/(1 + y′²),  x′ = px/p_z,  y′ = py/p_z
///     y → 2y/(1 + √(1 − 2 y ∂Φ/∂py)),  x += ½ y² ∂Φ/∂px,  py −= Φ y,  ζ += ½ y² ∂Φ/∂δ (E/E₀)/(1 + δ)
///
/// ## Source
/// Forest, Leemann & Schmidt, KEK preprint 2005-109 (hard edge in first order of the field); Forest, Beam Dynamics, chapter 12 (wedge).
/// ## Checked by
/// `ElementMapTests`: symplectic; for small amplitudes the thin lens h tan(e).
struct PoleFace: Sendable {
    let angle: Double
    let curvature: Double
    let isEntrance: Bool

    init(angleRad: Double, curvature: Double, isEntrance: Bool) {
        angle = angleRad
        self.curvature = curvature
        self.isEntrance = isEntrance
    }

    @inline(__always) func apply<Number: OpticsNumber>(_ p: inout BeamCoordinates<Number>) {
        if isEntrance {
            rotate(&p, angle)
            fringe(&p, curvature)
            wedge(&p, -angle)
        } else {
            wedge(&p, -angle)
            fringe(&p, -curvature)
            rotate(&p, angle)
        }
    }

    /// Rotation of the plane of reference by `a` about the vertical axis, in free space.
    @inline(__always) private func rotate<Number: OpticsNumber>(
        _ p: inout BeamCoordinates<Number>, _ a: Double
    ) {
        guard a != 0 else { return }
        let (s, c) = (sin(a), cos(a))
        let pz = p.longitudinal
        // Way along the beam to the turned plane, over p_z: x tan(a)/(p_z − px tan(a)).
        let way = (tan(a) * p.x) / (pz - tan(a) * p.px)
        p.y = p.y + way * p.py
        p.zeta = p.zeta - way * p.energyRatio
        p.x = (p.x + way * p.px) / Number(c)
        p.px = c * p.px + s * pz
    }

    /// The wedge of field between two planes through the origin that stand at `a` to each other, exactly.
    @inline(__always) private func wedge<Number: OpticsNumber>(
        _ p: inout BeamCoordinates<Number>, _ a: Double
    ) {
        guard a != 0 else { return }
        let (s, c) = (sin(a), cos(a))
        let pz = p.longitudinal
        let total = p.delta + 1
        let transverse = (total * total - p.py * p.py).squareRoot()
        let px = c * p.px + s * (pz - curvature * p.x)
        let before = (p.px / transverse).arcsine()
        let xBefore = p.x
        let pxBefore = p.px
        p.px = px
        let pzBehind = p.longitudinal
        // x cos a + (x px sin 2a + sin² a (2 x p_z − h x²))/(p_z behind + p_z cos a − px sin a).
        let numerator =
            (2 * s * c) * (xBefore * pxBefore) + (s * s)
            * (2 * (xBefore * pz) - curvature * (xBefore * xBefore))
        p.x = c * xBefore + numerator / (pzBehind + c * pz - s * pxBefore)
        let phase = before - (px / transverse).arcsine() + a
        let radius = 1 / curvature
        p.y = p.y + radius * (p.py * phase)
        p.zeta = p.zeta - radius * (phase * p.energyRatio)
    }

    @inline(__always) private func fringe<Number: OpticsNumber>(
        _ p: inout BeamCoordinates<Number>, _ h: Double
    ) {
        let pz = p.longitudinal
        let xp = p.px / pz
        let yp = p.py / pz
        let open = yp * yp + 1
        let perPz = Number(1) / pz
        // ∂Φ/∂x′ and ∂Φ/∂y′, then the chain over px, py and δ at constant other two.
        let byX = h * (Number(1) / open)
        let byY = -((2 * h) * (xp * yp / (open * open)))
        let phi = h * (xp / open)
        // ∂x′/∂px = (1 + x′²)/p_z, ∂y′/∂px = x′y′/p_z and so on; ∂/∂δ of p_z is (1 + δ)/p_z.
        let byPx = (byX * (xp * xp + 1) + byY * (xp * yp)) * perPz
        let byPy = (byX * (xp * yp) + byY * (yp * yp + 1)) * perPz
        let total = p.delta + 1
        let byDelta = -((byX * xp + byY * yp) * total * perPz * perPz)
        let y = Number(2) * p.y / ((-(2 * (p.y * byPy)) + 1).squareRoot() + 1)
        let half = 0.5 * (y * y)
        p.x = p.x + half * byPx
        p.py = p.py - phi * y
        p.zeta = p.zeta + half * byDelta * p.energyRatio / total
        p.y = y
    }
}
