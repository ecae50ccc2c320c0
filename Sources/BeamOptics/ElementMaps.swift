#if canImport(Glibc)
    import Glibc
#endif

/// Field-free space.
enum Drift {
    /// x += L px/p_z, ζ += L (1 − (E/E₀)/p_z).
    @inline(__always) static func apply<Number: OpticsNumber>(
        _ p: inout BeamCoordinates<Number>, _ length: Double
    ) {
        let perLength = Number(length) / p.longitudinal
        p.x = p.x + perLength * p.px
        p.y = p.y + perLength * p.py
        p.zeta = p.zeta - perLength * p.energyRatio + length
    }
}

/// Body of a sector magnet of constant field on the arc of its orbit.
///
///     px(θ) = px cos θ + (p_z − (1 + x/ρ)) sin θ
///     x(θ) = ρ (p_z(θ) − dpx/dθ − 1)
///     y(θ) = y + ρ py φ ,  path = ρ (1 + δ) φ ,  φ = θ + arcsin(px/p_t) − arcsin(px(θ)/p_t) ,  p_t² = (1 + δ)² − py²
struct BendBody: Sendable {
    let lengthM: Double
    let radius: Double
    let angle: Double
    let sine: Double
    let cosine: Double

    init(lengthM: Double, angleRad: Double) {
        self.lengthM = lengthM
        radius = lengthM / angleRad
        angle = angleRad
        (sine, cosine) = (sin(angleRad), cos(angleRad))
    }

    @inline(__always) func apply<Number: OpticsNumber>(_ p: inout BeamCoordinates<Number>) {
        let pz = p.longitudinal
        let slope = pz - (1 / radius) * p.x + -1
        let px = cosine * p.px + sine * slope
        let slopeBehind = cosine * slope - sine * p.px
        let total = p.delta + 1
        let transverse = (total * total - p.py * p.py).squareRoot()
        let before = (p.px / transverse).arcsine()
        p.px = px
        let pzBehind = p.longitudinal
        p.x = radius * (pzBehind - slopeBehind + -1)
        let phase = before - (px / transverse).arcsine() + angle
        p.y = p.y + radius * (p.py * phase)
        p.zeta = p.zeta - radius * (phase * p.energyRatio) + lengthM
    }
}

/// Body of a quadrupole: the paraxial motion exactly, with the chromatic 1 + δ, between two half steps of what is left of the square root.
struct QuadrupoleBody: Sendable {
    let lengthM: Double
    let k1: Double

    @inline(__always) func apply<Number: OpticsNumber>(_ p: inout BeamCoordinates<Number>) {
        remainder(&p)
        let total = p.delta + 1
        let omega = (Number(abs(k1)) / total).squareRoot()
        let phase = lengthM * omega
        let (s, c) = phase.sineCosine()
        let (sh, ch) = phase.hyperbolicSineCosine()
        let stiffness = omega * total
        let perFour = Number(0.25) / omega
        // ∫ px² ds of both planes, for the path length.
        let circular = (2 * (s * c)) * perFour
        let hyperbolic = (2 * (sh * ch)) * perFour
        let half = 0.5 * lengthM
        func focus(_ q: inout Number, _ m: inout Number) -> Number {
            let a = stiffness * q
            let b = m
            q = c * q + s * b / stiffness
            m = c * b - s * a
            return a * a * (-circular + half) + b * b * (circular + half) - a * b * s * s / omega
        }
        func defocus(_ q: inout Number, _ m: inout Number) -> Number {
            let a = stiffness * q
            let b = m
            q = ch * q + sh * b / stiffness
            m = ch * b + sh * a
            return a * a * (hyperbolic + -half) + b * b * (hyperbolic + half) + a * b * sh * sh / omega
        }
        let squares =
            k1 > 0
            ? focus(&p.x, &p.px) + defocus(&p.y, &p.py) : defocus(&p.x, &p.px) + focus(&p.y, &p.py)
        let path = (0.5 * squares) / (total * total) + lengthM
        p.zeta = p.zeta - path * p.energyRatio / total + lengthM
        remainder(&p)
    }

    /// Half of the length with −p_z + (1 + δ) − p²/2(1 + δ), a function of momenta alone.
    @inline(__always) private func remainder<Number: OpticsNumber>(_ p: inout BeamCoordinates<Number>) {
        let total = p.delta + 1
        let pz = p.longitudinal
        let excess = Number(1) / pz - Number(1) / total
        let shift = (0.5 * lengthM) * excess
        p.x = p.x + shift * p.px
        p.y = p.y + shift * p.py
        let square = p.px * p.px + p.py * p.py
        let rest = excess - (0.5 * square) / (total * total * total)
        p.zeta = p.zeta - (0.5 * lengthM) * (rest * p.energyRatio)
    }
}

/// Thin radio-frequency kick.
struct CavityKick: Sendable {
    /// q V over the reference energy.
    let relativeVoltage: Double
    /// 2π h/C, 1/m.
    let wavenumber: Double
    let lagRad: Double

    /// E/E₀ += (q V/E₀) sin(lag − k ζ).
    @inline(__always) func apply<Number: OpticsNumber>(
        _ p: inout BeamCoordinates<Number>, _ reference: ReferenceParticle
    ) {
        let phase = Number(lagRad) - wavenumber * p.zeta
        let (s, _) = phase.sineCosine()
        p.setEnergyRatio(p.energyRatio + relativeVoltage * s, reference: reference)
    }
}
