import Frames
import Volumes

/// The search of one gamma index: the lattice of offsets and the dose it is laid over.
///
/// A cell is the box between eight neighbouring voxel centres of the evaluated dose, within which the dose is trilinear. Cells are visited
/// from the nearest out. A cell is passed over whole where its nearest lattice point, together with how far its least and greatest corner
/// lie from the reference dose, cannot do better than the best γ so far; so is a plane of lattice points in z within it. The first γ is that
/// at the reference point, or of a point down the gradient (`descended`), which matters where doses disagree. Along a row of lattice points
/// in x the dose is linear, so γ² is a parabola and its least point of the row one of the two beside the vertex. Nothing is left out: the
/// result is that of the complete search.
///
/// ## Checked by
/// `GammaIndexTests`: against a plain full search; `GammaAgreementTests`: against pymedphys.
struct GammaSearch: Sendable {
    /// A cell relative to the one that holds the reference point.
    private struct Step: Sendable {
        var x: Int
        var y: Int
        var z: Int
        /// (distance/δ)² that no point of the cell can be nearer than.
        var bound: Float
    }
    /// Lattice points of one axis within a cell: indices, and the least distance among them in lattice steps.
    struct Span: Sendable {
        var low = 0
        var high = -1
        var near: Float = 0
    }

    private let reference: Volume<Float>
    let evaluated: Volume<Float>
    private let criteria: GammaCriteria
    /// 1/Δ for global normalisation; nil for local.
    private let inverseDifference: Float?
    /// Least and greatest corner of the cell that begins at each voxel.
    private let least: [Float]
    private let greatest: [Float]
    /// From the nearest to the farthest.
    private let steps: [Step]
    /// (δ/steps per distance) in δ, squared.
    let unit: Float
    let axes: [Axis]
    private let spans: [Span]

    init(
        reference: Volume<Float>, evaluated: Volume<Float>, criteria: GammaCriteria, normalisation: Double
    ) {
        self.reference = reference
        self.evaluated = evaluated
        self.criteria = criteria
        inverseDifference =
            criteria.normalisation == .local ? nil : Float(1 / (criteria.doseDifference * normalisation))
        let perDistance = Double(criteria.stepsPerDistance)
        let reach = Int((criteria.maximumGamma * perDistance).rounded(.down))
        unit = Float(1 / (perDistance * perDistance))
        let geometry = evaluated.geometry
        let pitch = criteria.distanceMM / perDistance / geometry.spacingMM
        var cells = SIMD3<Int>.zero
        for axis in 0..<3 where geometry.dimensions[axis] > 1 {
            cells[axis] = Int(Double(reach) * pitch[axis]) + 1
        }
        var spans: [Span] = []
        var axes: [Axis] = []
        for axis in 0..<3 {
            axes.append(
                Self.axis(
                    axis, reference: reference.geometry, evaluated: geometry, pitch: pitch[axis],
                    cells: cells[axis], reach: reach, spans: &spans))
        }
        self.axes = axes
        self.spans = spans
        steps = Self.steps(cells: cells, voxelInDistance: geometry.spacingMM / criteria.distanceMM)
        (least, greatest) = Self.corners(evaluated)
    }

    private static func steps(cells: SIMD3<Int>, voxelInDistance: SIMD3<Double>) -> [Step] {
        var steps: [Step] = []
        for z in -cells.z...cells.z {
            for y in -cells.y...cells.y {
                for x in -cells.x...cells.x {
                    let free = SIMD3(abs(x), abs(y), abs(z)) &- 1
                    let way = SIMD3<Double>(free).clamped(
                        lowerBound: .zero, upperBound: SIMD3(repeating: .infinity))
                    let distance = way * voxelInDistance
                    steps.append(Step(x: x, y: y, z: z, bound: Float((distance * distance).sum())))
                }
            }
        }
        // Of equal bounds, the cells beside the point first.
        return steps.sorted {
            ($0.bound, abs($0.x) + abs($0.y) + abs($0.z), $0.z, $0.y, $0.x) < (
                $1.bound, abs($1.x) + abs($1.y) + abs($1.z), $1.z, $1.y, $1.x
            )
        }
    }

    /// Least and greatest value of the voxel and its neighbours above along each axis.
    private static func corners(_ volume: Volume<Float>) -> (least: [Float], greatest: [Float]) {
        let n = volume.geometry.dimensions
        var (least, greatest) = (volume.values, volume.values)
        for (axis, stride) in [1, n.x, n.x * n.y].enumerated() where n[axis] > 1 {
            // Rising, so that the neighbour above has not been widened along this axis yet. Voxels at the end of the axis begin no cell.
            for i in 0..<(least.count - stride) {
                least[i] = min(least[i], least[i + stride])
                greatest[i] = max(greatest[i], greatest[i + stride])
            }
        }
        return (least, greatest)
    }

    /// γ at the given reference voxels.
    func gamma(_ voxels: ArraySlice<Int32>) -> [Float] {
        evaluated.values.withUnsafeBufferPointer { doses in
            spans.withUnsafeBufferPointer { spans in
                voxels.map { voxel in
                    let dose = reference.values[Int(voxel)]
                    let scale = inverseDifference ?? Float(1 / (criteria.doseDifference * Double(dose)))
                    let place = reference.geometry.voxel(at: Int(voxel))
                    return gamma(dose: dose, scale: scale, place: place, doses, spans: spans)
                }
            }
        }
    }

    private func gamma(
        dose: Float, scale: Float, place: SIMD3<Int>, _ doses: UnsafeBufferPointer<Float>,
        spans: UnsafeBufferPointer<Span>
    ) -> Float {
        let n = evaluated.geometry.dimensions
        let (xs, ys, zs) = (axes[0], axes[1], axes[2])
        let (atX, atY, atZ) = (xs.places[place.x], ys.places[place.y], zs.places[place.z])
        let (firstX, firstY, firstZ) = (
            xs.first + place.x * xs.width + xs.cells, ys.first + place.y * ys.width + ys.cells,
            zs.first + place.z * zs.width + zs.cells
        )
        let (row, plane, column) = (n.y > 1 ? n.x : 0, n.z > 1 ? n.x * n.y : 0, n.x > 1 ? 1 : 0)
        var best = Float(criteria.maximumGamma * criteria.maximumGamma)
        if let here = Self.value(doses, n, at: (atX, atY, atZ), on: spans, (firstX, firstY, firstZ)) {
            let difference = (here - dose) * scale
            best = min(best, difference * difference)
        }
        // A point that the search will meet, found by going down the gradient: cells that cannot beat it are passed over from the start.
        var limit = best
        if best > 0.25 * unit {
            limit = min(
                best,
                descended(dose: dose, scale: scale, (atX, atY, atZ), (firstX, firstY, firstZ), doses, spans))
        }
        for step in steps {
            if step.bound >= limit { break }
            let (sx, sy, sz) = (spans[firstX + step.x], spans[firstY + step.y], spans[firstZ + step.z])
            guard sx.low <= sx.high, sy.low <= sy.high, sz.low <= sz.high else { continue }
            let near = (sx.near * sx.near + sy.near * sy.near + sz.near * sz.near) * unit
            guard near < limit else { continue }
            let i = evaluated.geometry.index(
                atX.cell + step.x, atY.cell + step.y, atZ.cell + step.z)
            let gap = max(least[i] - dose, dose - greatest[i], 0) * scale
            guard near + gap * gap < limit else { continue }
            let lower = SIMD4(doses[i], doses[i + column], doses[i + row], doses[i + row + column]) - dose
            let j = i + plane
            let upper = SIMD4(doses[j], doses[j + column], doses[j + row], doses[j + row + column]) - dose
            let start = SIMD3(
                atX.rest - Float(step.x), atY.rest - Float(step.y), atZ.rest - Float(step.z))
            let nearX = sx.near * sx.near * unit
            let nearXY = nearX + sy.near * sy.near * unit
            // Rows beyond the best γ so far need no look.
            let (zLow, zHigh) = Self.narrowed(sz, to: limit - nearXY, unit)
            for kz in zLow..<(zHigh + 1) {
                let z = Float(kz)
                let high = z * z * unit
                let face = lower + (start.z + z * zs.pitch) * (upper - lower)
                let off = max(face.min(), -face.max(), 0) * scale
                guard nearXY + high + off * off < limit else { continue }
                let (yLow, yHigh) = Self.narrowed(sy, to: limit - nearX - high, unit)
                for ky in yLow..<(yHigh + 1) {
                    let y = Float(ky)
                    let across = high + y * y * unit
                    let ends = face.lowHalf + (start.y + y * ys.pitch) * (face.highHalf - face.lowHalf)
                    // (dose − reference)/Δ at lattice point x of the row is offset + x slope.
                    let rise = (ends.y - ends.x) * scale
                    let offset = ends.x * scale + start.x * rise
                    let slope = xs.pitch * rise
                    let vertex = -offset * slope / (unit + slope * slope)
                    let first = min(max(vertex.rounded(.down), Float(sx.low)), Float(sx.high))
                    let second = min(first + 1, Float(sx.high))
                    let (a, b) = (offset + first * slope, offset + second * slope)
                    best = min(
                        best, across + first * first * unit + a * a, across + second * second * unit + b * b)
                }
                limit = min(limit, best)
            }
        }
        return best.squareRoot()
    }

    /// The evaluated dose at the reference point itself, a first γ that ends most of the search; nil beyond the evaluated grid.
    private static func value(
        _ doses: UnsafeBufferPointer<Float>, _ n: SIMD3<Int>, at place: (Place, Place, Place),
        on spans: UnsafeBufferPointer<Span>, _ first: (Int, Int, Int)
    ) -> Float? {
        func holds(_ span: Span) -> Bool { span.low <= 0 && span.high >= 0 }
        guard holds(spans[first.0]), holds(spans[first.1]), holds(spans[first.2]) else { return nil }
        let (x, y, z) = place
        let i = (z.cell * n.y + y.cell) * n.x + x.cell
        let (row, plane, column) = (n.y > 1 ? n.x : 0, n.z > 1 ? n.x * n.y : 0, n.x > 1 ? 1 : 0)
        func line(_ i: Int) -> Float { doses[i] + x.rest * (doses[i + column] - doses[i]) }
        func face(_ i: Int) -> Float { line(i) + y.rest * (line(i + row) - line(i)) }
        let near = face(i)
        return near + z.rest * (face(i + plane) - near)
    }

    /// The lattice points of a span whose (distance/δ)² is below a limit; none if the limit is not positive.
    private static func narrowed(_ span: Span, to limit: Float, _ unit: Float) -> (low: Int, high: Int) {
        guard limit > 0 else { return (0, -1) }
        let reach = Int((limit / unit).squareRoot())
        let (low, high) = (max(span.low, -reach), min(span.high, reach))
        return low <= high ? (low, high) : (0, -1)
    }

    /// Of a reference voxel along an axis: the evaluated cell that holds it (the nearest one beyond the grid), and its place from there.
    struct Place: Sendable {
        var cell: Int
        var rest: Float
    }

    /// What one axis of the two grids has to do with the other.
    struct Axis: Sendable {
        /// Cells on each side, and 2 · cells + 1.
        var cells: Int
        var width: Int
        /// Distance of lattice points in voxels of the evaluated grid.
        var pitch: Float
        /// Of each reference voxel.
        var places: [Place] = []
        /// Where the spans of the axis begin: `width` for each reference voxel.
        var first: Int
    }

    /// Lattice points of an axis in each cell around each reference voxel, within reach and on the evaluated grid.
    private static func axis(
        _ axis: Int, reference: VolumeGeometry, evaluated: VolumeGeometry, pitch: Double, cells: Int,
        reach: Int, spans: inout [Span]
    ) -> Axis {
        let count = evaluated.dimensions[axis]
        var result = Axis(cells: cells, width: 2 * cells + 1, pitch: Float(pitch), first: spans.count)
        // Grids written by different programs agree to rounding only: a 10⁻⁴ of a voxel is no distance.
        let tolerance = 1e-4
        for voxel in 0..<reference.dimensions[axis] {
            let place =
                (reference.origin.mm[axis] + Double(voxel) * reference.spacingMM[axis]
                    - evaluated.origin.mm[axis]) / evaluated.spacingMM[axis]
            guard count > 1 else {
                // A plane or profile is not searched across; a reference point beside it has nothing to compare with.
                spans.append(abs(place) <= tolerance ? Span(low: 0, high: 0, near: 0) : Span())
                result.places.append(Place(cell: 0, rest: 0))
                continue
            }
            let base = min(max(Int((place + 1e-5).rounded(.down)), 0), count - 2)
            for cell in (base - cells)...(base + cells) {
                var span = Span()
                if cell >= 0, cell <= count - 2 {
                    // A point on the border of two cells belongs to the upper one.
                    let end = cell == count - 2 ? tolerance : -tolerance
                    let (low, high) = (
                        ((Double(cell) - tolerance - place) / pitch).rounded(.up),
                        ((Double(cell + 1) + end - place) / pitch).rounded(.down)
                    )
                    let limit = Double(reach)
                    span.low = Int(min(max(low, -limit), limit + 1))
                    span.high = Int(max(min(high, limit), -limit - 1))
                    span.near = span.low > 0 ? Float(span.low) : span.high < 0 ? Float(-span.high) : 0
                }
                spans.append(span)
            }
            result.places.append(Place(cell: base, rest: Float(place - Double(base))))
        }
        return result
    }
}
