import BeamOptics

#if canImport(Glibc)
    import Glibc
#endif

/// A ring reduced to what slow extraction needs: rotations in normalised horizontal phase space between its sextupoles, exciter and septum.
///
///     X = (x − D δ)/√β,  X′ = (α (x − D δ) + β (px − D′δ))/√β
///     between two places   rotation by Δμ (1 + Q′_nat δ/Q)
///     sextupole            X′ −= ½ β^{3/2} k₂l (X + D δ/√β)²
///     exciter              X′ += √β θ
///
/// A turn costs some ten operations per place instead of the hundred elements of the lattice, so that seconds of spill can be tracked. The vertical plane, and what quadrupoles do
/// beyond their tune shift with momentum, are left out.
///
/// ## Checked by
/// `ReducedRingTests`: against the whole lattice (tune, separatrix, turn by turn).
public struct ReducedRing: Sendable {
    /// What stands behind a rotation.
    public enum Device: Sendable, Hashable {
        /// ½ β^{3/2} k₂l, m^{-1/2}.
        case sextupole(strength: Double)
        /// √β, m^½.
        case exciter(rootBeta: Double)
        /// Position of the inner side and thickness of the wall, m.
        case septum(positionM: Double, thicknessM: Double, kickRad: Double)
        /// End of the turn.
        case end
    }

    /// A place in the ring.
    public struct Place: Sendable, Hashable {
        /// Phase advance from the place before it, rad, for the reference momentum.
        public var advanceRad: Double
        public var betaM: Double
        public var alpha: Double
        /// D, m, and D′.
        public var dispersionM: Double
        public var dispersionSlope: Double
        public var device: Device
    }

    /// In the order of the beam; the last one ends the turn.
    public let places: [Place]
    /// Horizontal tune with its integer.
    public let tune: Double
    /// Chromaticity of the ring without its sextupoles: theirs comes with their kicks.
    public let naturalChromaticity: Double
    /// Revolutions per second.
    public let revolutionFrequencyHz: Double

    /// Reduces a ring.
    ///
    /// - Parameter lattice: Ring with at least one sextupole, one exciter and one septum.
    /// - Throws: If its optics do not exist or one of these is missing.
    public init(_ lattice: Lattice) throws(BeamOpticsError) {
        var bare = lattice
        for i in bare.elements.indices {
            switch bare.elements[i].kind {
            case .sextupole: bare.elements[i].kind = .sextupole(k2: 0)
            case .multipole(let k1l, _): bare.elements[i].kind = .multipole(k1l: k1l, k2l: 0)
            default: break
            }
        }
        let optics = try LinearOptics.ring(BeamLineMap(bare))
        var places: [Place] = []
        var phase = 0.0
        var found = (sextupole: false, exciter: false, septum: false)
        for (index, element) in lattice.elements.enumerated() {
            let (before, behind) = (optics.points[index], optics.points[index + 1])
            let beta = 0.5 * (before.betaM.x + behind.betaM.x)
            let device: Device
            switch element.kind {
            case .sextupole(let k2) where k2 != 0:
                found.sextupole = true
                device = .sextupole(strength: 0.5 * beta * beta.squareRoot() * k2 * element.lengthM)
            case .multipole(_, let k2l) where k2l != 0:
                found.sextupole = true
                device = .sextupole(strength: 0.5 * beta * beta.squareRoot() * k2l)
            case .exciter:
                found.exciter = true
                device = .exciter(rootBeta: beta.squareRoot())
            case .septum(let septum):
                found.septum = true
                device = .septum(
                    positionM: septum.positionM, thicknessM: septum.thicknessM, kickRad: septum.kickRad)
            default: continue
            }
            let here = 0.5 * (before.phase.x + behind.phase.x)
            places.append(
                Place(
                    advanceRad: 2 * .pi * (here - phase), betaM: beta,
                    alpha: 0.5 * (before.alpha.x + behind.alpha.x),
                    dispersionM: 0.5 * (before.dispersionM.x + behind.dispersionM.x),
                    dispersionSlope: 0.5 * (before.dispersionSlope.x + behind.dispersionSlope.x),
                    device: device))
            phase = here
        }
        for (isThere, what) in [
            (found.sextupole, "sextupole with a strength"), (found.exciter, "exciter"),
            (found.septum, "septum"),
        ] where !isThere {
            throw .element(lattice.name, "slow extraction needs a \(what), and the ring has none")
        }
        let start = optics.points[0]
        places.append(
            Place(
                advanceRad: 2 * .pi * (optics.tunes.x - phase), betaM: start.betaM.x, alpha: start.alpha.x,
                dispersionM: start.dispersionM.x, dispersionSlope: start.dispersionSlope.x, device: .end))
        self.places = places
        tune = optics.tunes.x
        naturalChromaticity = try Chromaticity.ring(bare).values.x
        revolutionFrequencyHz = lattice.reference.revolutionFrequencyHz(circumferenceM: lattice.lengthM)
    }

    /// Kobayashi's triangle for a momentum deviation: its sextupoles add theirs to the tune.
    ///
    /// - Parameters:
    ///   - resonance: Resonant tune.
    ///   - delta: δ.
    public func separatrix(resonance: Double, delta: Double = 0) -> Separatrix {
        var (real, imaginary, chromatic, phase) = (0.0, 0.0, naturalChromaticity * delta, 0.0)
        for place in places {
            phase += place.advanceRad
            guard case .sextupole(let strength) = place.device else { continue }
            real += strength * cos(3 * phase)
            imaginary += strength * sin(3 * phase)
            // Feed-down: a quadrupole of k₂l D δ shifts the tune by β k₂l D δ/4π.
            chromatic += 2 * strength / place.betaM.squareRoot() * place.dispersionM * delta / (4 * .pi)
        }
        return Separatrix(
            strength: (real * real + imaginary * imaginary).squareRoot(),
            phaseRad: atan2(imaginary, real) / 3,
            tuneDistance: tune + chromatic - resonance)
    }

    /// Tune at a momentum deviation, first order.
    ///
    /// - Parameter delta: δ.
    public func tune(delta: Double) -> Double {
        separatrix(resonance: 0, delta: delta).tuneDistance
    }
}
