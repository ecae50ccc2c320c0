import Frames

/// A convex body with plane, cylindrical or spherical faces, in the axes of the phantom.
///
/// ## Checked by
/// `SolidGeometryTests`.
public enum SolidShape: Hashable, Sendable {
    /// A box with faces normal to the axes.
    case box(lower: Point3<DICOMPatient>, upper: Point3<DICOMPatient>)
    /// All points p with from ≤ n·p ≤ to along the unit vector n, mm.
    case slab(normal: Vector3<DICOMPatient>, fromMM: Double, toMM: Double)
    /// A cylinder with flat ends, `lengthMM` long in all, about `centre`; `axis` is a unit vector.
    case cylinder(
        centre: Point3<DICOMPatient>, axis: Vector3<DICOMPatient>, radiusMM: Double, lengthMM: Double)
    /// A ball.
    case sphere(centre: Point3<DICOMPatient>, radiusMM: Double)

    /// The smallest box around the body, cut to `world`; nil if they do not meet.
    func bounds(
        in world: (lower: SIMD3<Double>, upper: SIMD3<Double>)
    ) -> (lower: SIMD3<Double>, upper: SIMD3<Double>)? {
        var (lower, upper) = world
        func cut(_ low: SIMD3<Double>, _ high: SIMD3<Double>) {
            for axis in 0..<3 {
                lower[axis] = max(lower[axis], low[axis])
                upper[axis] = min(upper[axis], high[axis])
            }
        }
        switch self {
        case .box(let low, let high): cut(low.mm, high.mm)
        case .slab(let normal, let from, let to):
            for axis in 0..<3 where abs(normal.mm[axis]) > 1 - 1e-12 {
                let (a, b) = (from / normal.mm[axis], to / normal.mm[axis])
                lower[axis] = max(lower[axis], min(a, b))
                upper[axis] = min(upper[axis], max(a, b))
            }
        case .cylinder(let centre, let axis, let radius, let length):
            let a = axis.mm
            var reach = SIMD3<Double>()
            for i in 0..<3 {
                reach[i] = 0.5 * length * abs(a[i]) + radius * max(0, 1 - a[i] * a[i]).squareRoot()
            }
            cut(centre.mm - reach, centre.mm + reach)
        case .sphere(let centre, let radius):
            cut(centre.mm - SIMD3(repeating: radius), centre.mm + SIMD3(repeating: radius))
        }
        return lower.x < upper.x && lower.y < upper.y && lower.z < upper.z ? (lower, upper) : nil
    }
}

/// A `SolidShape` as the stepping loop reads it: single numbers, no references.
struct SolidBody: BitwiseCopyable, Sendable {
    enum Kind: Int32, BitwiseCopyable, Sendable {
        case box, slab, cylinder, sphere
    }

    let kind: Kind
    /// Box: lower corner. Otherwise the centre (slab: any point of its middle plane).
    let cx: Double
    let cy: Double
    let cz: Double
    /// Box: upper corner. Slab and cylinder: unit vector along the axis.
    let ax: Double
    let ay: Double
    let az: Double
    let radiusSquared: Double
    /// Half of the thickness along the axis.
    let half: Double

    init(_ shape: SolidShape) {
        switch shape {
        case .box(let lower, let upper):
            kind = .box
            (cx, cy, cz) = (lower.x, lower.y, lower.z)
            (ax, ay, az) = (upper.x, upper.y, upper.z)
            (radiusSquared, half) = (0, 0)
        case .slab(let normal, let from, let to):
            kind = .slab
            let middle = 0.5 * (from + to)
            (cx, cy, cz) = (middle * normal.x, middle * normal.y, middle * normal.z)
            (ax, ay, az) = (normal.x, normal.y, normal.z)
            (radiusSquared, half) = (0, 0.5 * (to - from))
        case .cylinder(let centre, let axis, let radius, let length):
            kind = .cylinder
            (cx, cy, cz) = (centre.x, centre.y, centre.z)
            (ax, ay, az) = (axis.x, axis.y, axis.z)
            (radiusSquared, half) = (radius * radius, 0.5 * length)
        case .sphere(let centre, let radius):
            kind = .sphere
            (cx, cy, cz) = (centre.x, centre.y, centre.z)
            (ax, ay, az) = (0, 0, 0)
            (radiusSquared, half) = (radius * radius, 0)
        }
    }

    /// Whether a point lies in the body; faces belong to it.
    @inline(__always) func contains(_ x: Double, _ y: Double, _ z: Double) -> Bool {
        switch kind {
        case .box: return x >= cx && x <= ax && y >= cy && y <= ay && z >= cz && z <= az
        case .slab:
            let s = (x - cx) * ax + (y - cy) * ay + (z - cz) * az
            return abs(s) <= half
        case .cylinder:
            let (px, py, pz) = (x - cx, y - cy, z - cz)
            let s = px * ax + py * ay + pz * az
            let (qx, qy, qz) = (px - s * ax, py - s * ay, pz - s * az)
            return abs(s) <= half && qx * qx + qy * qy + qz * qz <= radiusSquared
        case .sphere:
            let (px, py, pz) = (x - cx, y - cy, z - cz)
            return px * px + py * py + pz * pz <= radiusSquared
        }
    }

    /// Where the straight line p + t d is inside the body; empty (enter > leave) if it misses.
    ///
    /// - Precondition: (dx, dy, dz) is a unit vector.
    @inline(__always) func interval(
        _ x: Double, _ y: Double, _ z: Double, _ dx: Double, _ dy: Double, _ dz: Double
    ) -> (enter: Double, leave: Double) {
        let miss = (Double.infinity, -Double.infinity)
        switch kind {
        case .box:
            let (x1, x2) = Self.between(x, dx, cx, ax)
            let (y1, y2) = Self.between(y, dy, cy, ay)
            let (z1, z2) = Self.between(z, dz, cz, az)
            return (max(x1, max(y1, z1)), min(x2, min(y2, z2)))
        case .slab:
            let s = (x - cx) * ax + (y - cy) * ay + (z - cz) * az
            return Self.between(s, dx * ax + dy * ay + dz * az, -half, half)
        case .cylinder:
            let (px, py, pz) = (x - cx, y - cy, z - cz)
            let s = px * ax + py * ay + pz * az
            let v = dx * ax + dy * ay + dz * az
            let (s1, s2) = Self.between(s, v, -half, half)
            guard s1 <= s2 else { return miss }
            // Components across the axis.
            let (qx, qy, qz) = (px - s * ax, py - s * ay, pz - s * az)
            let (ex, ey, ez) = (dx - v * ax, dy - v * ay, dz - v * az)
            let (r1, r2) = Self.roots(
                ex * ex + ey * ey + ez * ez, qx * ex + qy * ey + qz * ez,
                qx * qx + qy * qy + qz * qz - radiusSquared)
            return (max(s1, r1), min(s2, r2))
        case .sphere:
            let (px, py, pz) = (x - cx, y - cy, z - cz)
            return Self.roots(
                1, px * dx + py * dy + pz * dz, px * px + py * py + pz * pz - radiusSquared)
        }
    }

    /// Where low ≤ x + t d ≤ high.
    @inline(__always) private static func between(
        _ x: Double, _ d: Double, _ low: Double, _ high: Double
    ) -> (Double, Double) {
        if d == 0 {
            return x >= low && x <= high ? (-.infinity, .infinity) : (.infinity, -.infinity)
        }
        let (a, b) = ((low - x) / d, (high - x) / d)
        return a < b ? (a, b) : (b, a)
    }

    /// Where a t² + 2 b t + c ≤ 0, without cancellation of the nearer root.
    @inline(__always) static func roots(_ a: Double, _ b: Double, _ c: Double) -> (Double, Double) {
        // Along the axis of a cylinder the distance does not change.
        guard a > 1e-24 else { return c <= 0 ? (-.infinity, .infinity) : (.infinity, -.infinity) }
        let discriminant = b * b - a * c
        guard discriminant > 0 else { return (.infinity, -.infinity) }
        let q = -(b + (b >= 0 ? discriminant.squareRoot() : -discriminant.squareRoot()))
        let (first, second) = (q / a, q == 0 ? 0 : c / q)
        return first < second ? (first, second) : (second, first)
    }
}
