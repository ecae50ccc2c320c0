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

    /// Two unit vectors perpendicular to this one and each other.
    ///
    /// ## Source
    /// Duff et al., J. Computer Graphics Techniques 6 (2017) 1.
    @inline(__always) var perpendicular: (Direction, Direction) {
        let sign: Double = z >= 0 ? 1 : -1
        let a = -1 / (sign + z)
        let b = x * y * a
        return (
            Direction(x: 1 + sign * x * x * a, y: sign * b, z: -sign * x),
            Direction(x: b, y: sign + y * y * a, z: -y)
        )
    }

    /// Turned by two small projected angles.
    @inline(__always) func kicked(_ first: Double, _ second: Double) -> Direction {
        let (u, v) = perpendicular
        let nx = x + first * u.x + second * v.x
        let ny = y + first * u.y + second * v.y
        let nz = z + first * u.z + second * v.z
        let scale = 1 / (nx * nx + ny * ny + nz * nz).squareRoot()
        return Direction(x: nx * scale, y: ny * scale, z: nz * scale)
    }

    /// This direction turned by a polar angle and an azimuth about itself.
    @inline(__always) func turned(
        cosine: Double, sine: Double, cosAzimuth: Double, sinAzimuth: Double
    ) -> Direction {
        let (u, v) = perpendicular
        let (a, b) = (sine * cosAzimuth, sine * sinAzimuth)
        return Direction(
            x: cosine * x + a * u.x + b * v.x, y: cosine * y + a * u.y + b * v.y,
            z: cosine * z + a * u.z + b * v.z)
    }
}
