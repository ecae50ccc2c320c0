/// The heavy partner of a collision while nucleons are taken out of it.
struct TargetNucleus {
    var charge: Int
    var mass: Int
    var excitationMeV = 0.0

    init(charge: Int, mass: Int) {
        self.charge = charge
        self.mass = mass
    }

    /// Evaporated particles: charge, mass number, spin factor times mass number.
    static func evaporated(_ kind: Int) -> (charge: Int, mass: Int, weight: Double) {
        switch kind {
        case 0: (0, 1, 2)
        case 1: (1, 1, 2)
        case 2: (1, 2, 6)
        case 3: (1, 3, 6)
        case 4: (2, 3, 6)
        default: (2, 4, 4)
        }
    }
}

/// A unit vector.
struct Direction {
    var x: Double
    var y: Double
    var z: Double

    /// Direction of a momentum; along z if it vanishes.
    init(_ p: FourVector) {
        let length = p.momentumSquared.squareRoot()
        if length > 0 {
            (x, y, z) = (p.x / length, p.y / length, p.z / length)
        } else {
            (x, y, z) = (0, 0, 1)
        }
    }

    init(x: Double, y: Double, z: Double) {
        (self.x, self.y, self.z) = (x, y, z)
    }

    /// This direction turned by a polar angle and an azimuth about itself.
    @inline(__always) func turned(
        cosine: Double, sine: Double, cosAzimuth: Double, sinAzimuth: Double
    ) -> Direction {
        let transverse = x * x + y * y
        guard transverse > 1e-20 else {
            let sign: Double = z < 0 ? -1 : 1
            return Direction(x: sine * cosAzimuth, y: sine * sinAzimuth, z: sign * cosine)
        }
        let r = transverse.squareRoot()
        return Direction(
            x: cosine * x + sine * (x * z * cosAzimuth - y * sinAzimuth) / r,
            y: cosine * y + sine * (y * z * cosAzimuth + x * sinAzimuth) / r,
            z: cosine * z - sine * r * cosAzimuth)
    }
}
