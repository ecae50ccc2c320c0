/// A piece of a ring or beam line.
///
/// Lengths in m, angles in rad. Strengths are those of MAD: k₁ = (∂B_y/∂x)/Bρ in m⁻², positive focuses horizontally; k₂ = (∂²B_y/∂x²)/Bρ in m⁻³. A bend with a
/// positive angle turns towards negative x (to the right, seen along the beam with y up and x to the left of a ring run clockwise: outside is x > 0).
public struct LatticeElement: Hashable, Sendable {
    /// What it does to the beam.
    public enum Kind: Hashable, Sendable {
        /// Nothing; a place with a name has length 0.
        case drift
        /// Sector magnet: the orbit is its arc, the pole faces stand across the orbit but for the edge angles.
        case bend(Bend)
        /// Quadrupole of k₁.
        case quadrupole(k1: Double)
        /// Sextupole of k₂.
        case sextupole(k2: Double)
        /// Thin multipole with integrated strengths: k₁l and k₂l, normal.
        case multipole(k1l: Double, k2l: Double)
        /// Radio frequency: sine wave of `voltageMV` at `harmonic` times the revolution, at the phase `lagRad` for the reference particle.
        case cavity(voltageMV: Double, harmonic: Int, lagRad: Double)
        /// Kick of the momentum by angles of the reference particle, spread over the length.
        case kicker(horizontalRad: Double, verticalRad: Double)
        /// A septum: what lies beyond its wall has left the ring.
        case septum(Septum)
        /// Place of the RF-knockout electrodes: a thin kick that the tracker is told turn by turn.
        case exciter
    }

    /// A bending magnet.
    public struct Bend: Hashable, Sendable {
        /// Angle of the orbit.
        public var angleRad: Double
        /// Angle of pole face and the plane across the orbit, at entrance and exit; positive focuses vertically.
        public var entranceEdgeRad: Double
        public var exitEdgeRad: Double
        /// k₁ of a combined-function magnet.
        public var k1: Double
        /// Half of the gap times twice the fringe integral, h g FINT·2 as MAD's HGAP and FINT: m.
        public var halfGapM: Double
        public var fringeIntegral: Double

        /// - Parameters:
        ///   - angleRad: Angle of the orbit.
        ///   - entranceEdgeRad: Edge angle at the entrance.
        ///   - exitEdgeRad: Edge angle at the exit.
        ///   - k1: Gradient over rigidity, m⁻².
        ///   - halfGapM: Half of the gap, m.
        ///   - fringeIntegral: MAD's FINT.
        public init(
            angleRad: Double, entranceEdgeRad: Double = 0, exitEdgeRad: Double = 0, k1: Double = 0,
            halfGapM: Double = 0, fringeIntegral: Double = 0
        ) {
            self.angleRad = angleRad
            self.entranceEdgeRad = entranceEdgeRad
            self.exitEdgeRad = exitEdgeRad
            self.k1 = k1
            self.halfGapM = halfGapM
            self.fringeIntegral = fringeIntegral
        }
    }

    /// A wall in the horizontal plane with a field behind it.
    public struct Septum: Hashable, Sendable {
        /// Whether electric or magnetic: for reports.
        public enum Field: String, Hashable, Sendable {
            case electrostatic
            case magnetic
        }
        public var field: Field
        /// Inner side of the wall, m; its sign says on which side of the orbit it stands.
        public var positionM: Double
        /// Thickness of the wall, m.
        public var thicknessM: Double
        /// Kick of what has passed it, away from the orbit, rad.
        public var kickRad: Double

        /// - Parameters:
        ///   - field: Electric or magnetic.
        ///   - positionM: Inner side of the wall, m, negative inside of the ring.
        ///   - thicknessM: Thickness of the wall, m.
        ///   - kickRad: Kick behind it, rad.
        public init(field: Field, positionM: Double, thicknessM: Double, kickRad: Double) {
            self.field = field
            self.positionM = positionM
            self.thicknessM = thicknessM
            self.kickRad = kickRad
        }
    }

    /// Half axes of the free opening.
    public struct Aperture: Hashable, Sendable {
        public enum Shape: String, Hashable, Sendable {
            case ellipse
            case rectangle
        }
        public var shape: Shape
        public var halfWidthM: Double
        public var halfHeightM: Double

        /// - Parameters:
        ///   - shape: Ellipse or rectangle.
        ///   - halfWidthM: Horizontal half axis, m.
        ///   - halfHeightM: Vertical half axis, m.
        public init(shape: Shape, halfWidthM: Double, halfHeightM: Double) {
            self.shape = shape
            self.halfWidthM = halfWidthM
            self.halfHeightM = halfHeightM
        }

        /// Whether a place is free.
        @inline(__always) func contains(_ x: Double, _ y: Double) -> Bool {
            let (u, v) = (x / halfWidthM, y / halfHeightM)
            return shape == .ellipse ? u * u + v * v <= 1 : abs(u) <= 1 && abs(v) <= 1
        }
    }

    /// For example `QF1`; not unique in a lattice.
    public var name: String
    public var kind: Kind
    /// Length along the orbit, m.
    public var lengthM: Double
    /// Name of the knob that its main strength (k₁, k₂) follows, for example `qf1k1`; nil for none.
    public var family: String?
    public var aperture: Aperture?

    /// - Parameters:
    ///   - name: Name.
    ///   - kind: What it does.
    ///   - lengthM: Length along the orbit, m.
    ///   - family: Knob of its main strength.
    ///   - aperture: Free opening.
    public init(
        name: String, kind: Kind, lengthM: Double = 0, family: String? = nil, aperture: Aperture? = nil
    ) {
        self.name = name
        self.kind = kind
        self.lengthM = lengthM
        self.family = family
        self.aperture = aperture
    }

    /// k₁ of quadrupole and bend, k₂ of a sextupole, k₂l of a thin multipole; nil for others. Setting it changes nothing elsewhere.
    public var mainStrength: Double? {
        get {
            switch kind {
            case .quadrupole(let k1): k1
            case .sextupole(let k2): k2
            case .bend(let bend): bend.k1
            case .multipole(_, let k2l): k2l
            default: nil
            }
        }
        set {
            guard let newValue else { return }
            switch kind {
            case .quadrupole: kind = .quadrupole(k1: newValue)
            case .sextupole: kind = .sextupole(k2: newValue)
            case .bend(var bend):
                bend.k1 = newValue
                kind = .bend(bend)
            case .multipole(let k1l, _): kind = .multipole(k1l: k1l, k2l: newValue)
            default: break
            }
        }
    }
}
