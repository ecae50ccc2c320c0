import Frames
import Volumes

/// The bins of one score as the stepping loop reads them, and how a straight way runs through them.
///
/// A way from a to b is cut at every border of bins exactly; `walk` gives the pieces as bin, start and end in parts of
/// the way, 0...1.
///
/// ## Checked by
/// `ScoreBinsTests`.
struct ScoreBins: BitwiseCopyable, Sendable {
    enum Kind: Int32, BitwiseCopyable, Sendable {
        /// Cartesian bins.
        case grid
        /// Depth bins within a cylinder.
        case tube
        /// Rings in a slab.
        case rings
        /// All of one place of the geometry.
        case place
    }

    let kind: Kind
    /// Whether the bins lie along the axes of the scores; meshes lie along those of the phantom.
    let turns: Bool
    /// Lower corner and bins per mm; of rings x is the rings per mm, z that of the slab.
    let lower: SIMD3<Double>
    let perMM: SIMD3<Double>
    let nx: Int
    let ny: Int
    let nz: Int
    /// Tube: radius². Rings: the outermost, squared.
    let radiusSquared: Double
    let place: Int32

    /// Half extent of bins that reach over everything, mm.
    private static let endless = 1e6

    /// `shift`: Where the frame of the geometry begins in the phantom, mm.
    init(_ bins: TransportScore.Bins, shift: SIMD3<Double> = SIMD3()) {
        var (lower, perMM) = (SIMD3<Double>(repeating: 0), SIMD3<Double>(repeating: 1))
        var (nx, ny, nz) = (1, 1, 1)
        var (radiusSquared, place) = (0.0, Int32(0))
        var turns = true
        let open = -Self.endless
        let openPerMM = 0.5 / Self.endless
        switch bins {
        case .depth(let from, let step, let count, let radius):
            kind = radius == nil ? .grid : .tube
            lower = SIMD3(open, open, from)
            perMM = SIMD3(openPerMM, openPerMM, 1 / step)
            nz = count
            radiusSquared = (radius ?? 0) * (radius ?? 0)
        case .lateral(let depth, let thickness, let bin, let count, let alongY):
            kind = .grid
            let start = -0.5 * bin * Double(count)
            lower =
                alongY
                ? SIMD3(open, start, depth - 0.5 * thickness) : SIMD3(start, open, depth - 0.5 * thickness)
            perMM =
                alongY ? SIMD3(openPerMM, 1 / bin, 1 / thickness) : SIMD3(1 / bin, openPerMM, 1 / thickness)
            (nx, ny) = alongY ? (1, count) : (count, 1)
        case .radial(let depth, let thickness, let ring, let count):
            kind = .rings
            lower = SIMD3(0, 0, depth - 0.5 * thickness)
            perMM = SIMD3(1 / ring, 1, 1 / thickness)
            nx = count
            radiusSquared = ring * Double(count) * ring * Double(count)
        case .mesh(let geometry):
            kind = .grid
            turns = false
            lower = geometry.lowerCorner.mm - shift
            perMM = 1 / geometry.spacingMM
            (nx, ny, nz) = (geometry.dimensions.x, geometry.dimensions.y, geometry.dimensions.z)
        case .place(let number):
            kind = .place
            place = Int32(number)
        }
        self.turns = turns
        (self.lower, self.perMM) = (lower, perMM)
        (self.nx, self.ny, self.nz) = (nx, ny, nz)
        self.radiusSquared = radiusSquared
        self.place = place
    }

    /// The bin of a point; −1 if it is in none.
    @inline(__always) func bin(at p: SIMD3<Double>, place here: Int32) -> Int {
        if kind == .place { return here == place ? 0 : -1 }
        let z = (p.z - lower.z) * perMM.z
        guard z >= 0, z < Double(nz) else { return -1 }
        if kind == .grid {
            let (x, y) = ((p.x - lower.x) * perMM.x, (p.y - lower.y) * perMM.y)
            guard x >= 0, y >= 0, x < Double(nx), y < Double(ny) else { return -1 }
            return (Int(z) * ny + Int(y)) * nx + Int(x)
        }
        let square = p.x * p.x + p.y * p.y
        guard square < radiusSquared else { return -1 }
        return kind == .tube ? Int(z) : min(Int(square.squareRoot() * perMM.x), nx - 1)
    }

    /// Calls `body` with each bin on the way from `p` to `q` and the parts of the way where it begins and ends.
    @inline(__always) func walk(
        from p: SIMD3<Double>, to q: SIMD3<Double>, place here: Int32, _ body: (Int, Double, Double) -> Void
    ) {
        if kind == .place {
            if here == place { body(0, 0, 1) }
            return
        }
        // Most steps are beside most scores.
        let (a, b) = ((p.z - lower.z) * perMM.z, (q.z - lower.z) * perMM.z)
        guard max(a, b) >= 0, min(a, b) < Double(nz) else { return }
        switch kind {
        case .grid: walkGrid((p - lower) * perMM, (q - lower) * perMM, body)
        case .tube: walkTube(p, q, body)
        default: walkRings(p, q, body)
        }
    }

    /// Narrows start...end to where 0 ≤ x + t d ≤ n.
    @inline(__always) private static func clip(
        _ x: Double, _ d: Double, _ n: Double, _ start: inout Double, _ end: inout Double
    ) {
        if d == 0 {
            if x < 0 || x >= n { end = -1 }
            return
        }
        let (t1, t2) = (-x / d, (n - x) / d)
        start = max(start, min(t1, t2))
        end = min(end, max(t1, t2))
    }

    @inline(__always) private static func index(_ x: Double, _ n: Int) -> Int {
        min(max(Int(x), 0), n - 1)
    }

    /// Part of the way to the first border ahead, and between borders.
    @inline(__always) private static func borders(
        _ x: Double, _ d: Double, _ index: Int
    ) -> (next: Double, each: Double) {
        if d > 0 { return ((Double(index + 1) - x) / d, 1 / d) }
        if d < 0 { return ((Double(index) - x) / d, -1 / d) }
        return (.infinity, .infinity)
    }

    /// Cartesian bins; coordinates in units of bins.
    @inline(__always) private func walkGrid(
        _ a: SIMD3<Double>, _ b: SIMD3<Double>, _ body: (Int, Double, Double) -> Void
    ) {
        let n = SIMD3(Double(nx), Double(ny), Double(nz))
        if all((a .>= 0) .& (b .>= 0) .& (a .< n) .& (b .< n)) {
            let first = (Int(a.z) &* ny &+ Int(a.y)) &* nx &+ Int(a.x)
            if first == (Int(b.z) &* ny &+ Int(b.y)) &* nx &+ Int(b.x) {
                body(first, 0, 1)
                return
            }
        }
        let d = b - a
        var (t, end) = (0.0, 1.0)
        Self.clip(a.x, d.x, Double(nx), &t, &end)
        Self.clip(a.y, d.y, Double(ny), &t, &end)
        Self.clip(a.z, d.z, Double(nz), &t, &end)
        guard t < end else { return }
        var x = Self.index(a.x + t * d.x, nx)
        var y = Self.index(a.y + t * d.y, ny)
        var z = Self.index(a.z + t * d.z, nz)
        var (tx, stepX) = Self.borders(a.x, d.x, x)
        var (ty, stepY) = Self.borders(a.y, d.y, y)
        var (tz, stepZ) = Self.borders(a.z, d.z, z)
        while true {
            let next = min(tx, min(ty, tz))
            let bin = (z * ny + y) * nx + x
            guard next < end else {
                body(bin, t, end)
                return
            }
            if next > t {
                body(bin, t, next)
                t = next
            }
            if next == tx {
                x += d.x > 0 ? 1 : -1
                tx += stepX
                if x < 0 || x >= nx { return }
            } else if next == ty {
                y += d.y > 0 ? 1 : -1
                ty += stepY
                if y < 0 || y >= ny { return }
            } else {
                z += d.z > 0 ? 1 : -1
                tz += stepZ
                if z < 0 || z >= nz { return }
            }
        }
    }

    /// Where the way is within `radiusSquared` of the axis, narrowed by start...end.
    @inline(__always) private func insideRadius(
        _ p: SIMD3<Double>, _ d: SIMD3<Double>, _ start: inout Double, _ end: inout Double
    ) {
        let (t1, t2) = SolidBody.roots(
            d.x * d.x + d.y * d.y, p.x * d.x + p.y * d.y, p.x * p.x + p.y * p.y - radiusSquared)
        start = max(start, t1)
        end = min(end, t2)
    }

    @inline(__always) private func walkTube(
        _ p: SIMD3<Double>, _ q: SIMD3<Double>, _ body: (Int, Double, Double) -> Void
    ) {
        let d = q - p
        let (a, dz) = ((p.z - lower.z) * perMM.z, d.z * perMM.z)
        var (t, end) = (0.0, 1.0)
        Self.clip(a, dz, Double(nz), &t, &end)
        insideRadius(p, d, &t, &end)
        guard t < end else { return }
        var z = Self.index(a + t * dz, nz)
        var (next, each) = Self.borders(a, dz, z)
        while next < end {
            if next > t {
                body(z, t, next)
                t = next
            }
            z += dz > 0 ? 1 : -1
            if z < 0 || z >= nz { return }
            next += each
        }
        body(z, t, end)
    }

    @inline(__always) private func walkRings(
        _ p: SIMD3<Double>, _ q: SIMD3<Double>, _ body: (Int, Double, Double) -> Void
    ) {
        let d = q - p
        var (t, end) = (0.0, 1.0)
        Self.clip((p.z - lower.z) * perMM.z, d.z * perMM.z, 1, &t, &end)
        insideRadius(p, d, &t, &end)
        guard t < end else { return }
        let (a, b, c) = (d.x * d.x + d.y * d.y, p.x * d.x + p.y * d.y, p.x * p.x + p.y * p.y)
        let width = 1 / perMM.x
        var ring = min(Int(max(0, c + t * (2 * b + t * a)).squareRoot() * perMM.x), nx - 1)
        // Whether the way still leads towards the axis.
        var inwards = b + t * a < 0
        while true {
            var next = Double.infinity
            if inwards {
                let inner = Double(ring) * width
                let discriminant = b * b - a * (c - inner * inner)
                if ring > 0 && discriminant > 0 {
                    next = (-b - discriminant.squareRoot()) / a
                } else {
                    inwards = false
                }
            }
            if !inwards {
                let outer = Double(ring + 1) * width
                let discriminant = b * b - a * (c - outer * outer)
                next = a > 0 && discriminant > 0 ? (-b + discriminant.squareRoot()) / a : .infinity
            }
            guard next < end else {
                body(ring, t, end)
                return
            }
            if next > t {
                body(ring, t, next)
                t = next
            }
            ring += inwards ? -1 : 1
            if ring >= nx { return }
        }
    }
}

extension TransportScore.Bins {
    /// The bins on a straight way from `a` to `b`, and the parts of the way where each begins and ends.
    package func pieces(
        from a: Point3<DICOMPatient>, to b: Point3<DICOMPatient>, axes: ScoreAxes
    ) -> [(bin: Int, start: Double, end: Double)] {
        let bins = ScoreBins(self)
        var pieces: [(bin: Int, start: Double, end: Double)] = []
        bins.walk(
            from: bins.turns ? axes.local(a) : a.mm, to: bins.turns ? axes.local(b) : b.mm, place: 0
        ) { pieces.append(($0, $1, $2)) }
        return pieces
    }

    /// The bin of a point; nil if it is in none.
    package func bin(of point: Point3<DICOMPatient>, axes: ScoreAxes) -> Int? {
        let bins = ScoreBins(self)
        let bin = bins.bin(at: bins.turns ? axes.local(point) : point.mm, place: 0)
        return bin < 0 ? nil : bin
    }
}
