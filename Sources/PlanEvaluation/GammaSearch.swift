import Frames
import Volumes

/// The search of one gamma index: the lattice of offsets and the doses it is laid over.
///
/// Where both grids have the same spacing, an offset falls at the same place within a voxel for every reference
/// point: then its eight interpolation weights are tabulated once, which is several times as fast.
struct GammaSearch: Sendable {
    /// One point of the lattice around a reference point.
    private struct Offset {
        /// In voxels of the evaluated grid.
        var steps: SIMD3<Float>
        /// (distance/δ)².
        var distance2: Float
    }
    /// An offset with its place in the evaluated grid's storage, relative to the voxel at or before the
    /// reference point.
    private struct Stencil {
        /// Weights of the voxels (x, y, z) = 000, 100, 010, 110, 001, 101, 011, 111.
        var weights: SIMD8<Float>
        var distance2: Float
        var start: Int32
    }

    private let reference: Volume<Float>
    private let evaluated: Volume<Float>
    private let criteria: GammaCriteria
    /// 1/Δ for global normalisation; nil for local.
    private let inverseDifference: Float?
    /// From nearest to farthest.
    private let offsets: [Offset]
    /// Same order; empty if the grids' spacings differ.
    private let stencils: [Stencil]
    /// Voxels on each side that the stencils reach over.
    private var reach: SIMD3<Int> { SIMD3(reachAxes.x, reachAxes.y, reachAxes.z) }
    // Single numbers for the alignment, see `Point3`.
    private let reachAxes: (x: Int, y: Int, z: Int)
    private let shiftAxes: (x: Int, y: Int, z: Int)
    /// Evaluated voxel at or before reference voxel (0, 0, 0), where spacings agree.
    private var shift: SIMD3<Int> { SIMD3(shiftAxes.x, shiftAxes.y, shiftAxes.z) }

    init(
        reference: Volume<Float>, evaluated: Volume<Float>, criteria: GammaCriteria, normalisation: Double
    ) {
        self.reference = reference
        self.evaluated = evaluated
        self.criteria = criteria
        inverseDifference =
            criteria.normalisation == .local ? nil : Float(1 / (criteria.doseDifference * normalisation))
        let g = evaluated.geometry
        offsets = Self.lattice(geometry: g, criteria: criteria)

        let start = g.continuousIndex(reference.geometry.origin)
        // Grids written by different programs agree to rounding only: a 10⁻⁵ of a voxel is no shift.
        let snapped = start + 1e-5
        let base = SIMD3(
            Int(snapped.x.rounded(.down)), Int(snapped.y.rounded(.down)), Int(snapped.z.rounded(.down)))
        var phase = start - SIMD3(Double(base.x), Double(base.y), Double(base.z))
        for axis in 0..<3 where abs(phase[axis]) <= 1e-5 { phase[axis] = 0 }
        shiftAxes = (base.x, base.y, base.z)
        let n = SIMD3<Double>(
            Double(reference.geometry.dimensions.x), Double(reference.geometry.dimensions.y),
            Double(reference.geometry.dimensions.z))
        let drift = n * (reference.geometry.spacingMM - g.spacingMM) / g.spacingMM
        let isAligned = (0..<3).allSatisfy { abs(drift[$0]) <= 1e-5 && g.dimensions[$0] > 1 }
        stencils = isAligned ? Self.stencils(offsets, phase: phase, geometry: g) : []
        let range = criteria.maximumGamma * criteria.distanceMM / g.spacingMM
        reachAxes = (Int(range.x) + 2, Int(range.y) + 2, Int(range.z) + 2)
    }

    /// Lattice points within the search radius, from the nearest out.
    private static func lattice(geometry: VolumeGeometry, criteria: GammaCriteria) -> [Offset] {
        let perDistance = Double(criteria.stepsPerDistance)
        let reach = Int((criteria.maximumGamma * perDistance).rounded(.down))
        func range(_ axis: Int) -> ClosedRange<Int> {
            geometry.dimensions[axis] > 1 ? -reach...reach : 0...0
        }
        var points: [(squared: Int, place: SIMD3<Int>)] = []
        for z in range(2) {
            for y in range(1) {
                for x in range(0) {
                    let squared = x * x + y * y + z * z
                    if squared <= reach * reach { points.append((squared, SIMD3(x, y, z))) }
                }
            }
        }
        points.sort {
            ($0.squared, $0.place.z, $0.place.y, $0.place.x) < (
                $1.squared, $1.place.z, $1.place.y, $1.place.x
            )
        }
        let pitch = criteria.distanceMM / perDistance / geometry.spacingMM
        return points.map { squared, p in
            let steps = SIMD3(Double(p.x), Double(p.y), Double(p.z)) * pitch
            return Offset(
                steps: SIMD3<Float>(steps), distance2: Float(Double(squared) / (perDistance * perDistance)))
        }
    }

    private static func stencils(
        _ offsets: [Offset], phase: SIMD3<Double>, geometry: VolumeGeometry
    ) -> [Stencil] {
        let n = geometry.dimensions
        return offsets.map { offset in
            let p = SIMD3<Float>(phase) + offset.steps
            let cell = p.rounded(.down)
            let f = p - cell
            let (x, y, z) = (SIMD2(1 - f.x, f.x), SIMD2(1 - f.y, f.y), SIMD2(1 - f.z, f.z))
            let weights = SIMD8<Float>(
                lowHalf: SIMD4(lowHalf: x * y[0], highHalf: x * y[1]) * z[0],
                highHalf: SIMD4(lowHalf: x * y[0], highHalf: x * y[1]) * z[1])
            let start = (Int(cell.z) * n.y + Int(cell.y)) * n.x + Int(cell.x)
            return Stencil(weights: weights, distance2: offset.distance2, start: Int32(start))
        }
    }

    /// γ at the given reference voxels.
    func gamma(_ voxels: ArraySlice<Int32>) -> [Float] {
        evaluated.values.withUnsafeBufferPointer { doses in
            voxels.map { voxel in
                let dose = reference.values[Int(voxel)]
                let scale = inverseDifference ?? Float(1 / (criteria.doseDifference * Double(dose)))
                let place = reference.geometry.voxel(at: Int(voxel))
                if !stencils.isEmpty, let start = interiorStart(place) {
                    return tabulated(dose: dose, scale: scale, start: start, doses)
                }
                return general(dose: dose, scale: scale, place: place, doses)
            }
        }
    }

    /// Storage index of the evaluated voxel at or before a reference voxel, if all stencils stay inside.
    private func interiorStart(_ place: SIMD3<Int>) -> Int? {
        let at = place &+ shift
        let n = evaluated.geometry.dimensions
        for axis in 0..<3 where at[axis] < reach[axis] || at[axis] >= n[axis] - reach[axis] - 1 { return nil }
        return evaluated.geometry.index(at.x, at.y, at.z)
    }

    private func tabulated(
        dose: Float, scale: Float, start: Int, _ doses: UnsafeBufferPointer<Float>
    ) -> Float {
        let (row, plane) = (
            evaluated.geometry.dimensions.x,
            evaluated.geometry.dimensions.x * evaluated.geometry.dimensions.y
        )
        var best = Float(criteria.maximumGamma * criteria.maximumGamma)
        stencils.withUnsafeBufferPointer { stencils in
            for stencil in stencils {
                if stencil.distance2 >= best { break }
                let i = start + Int(stencil.start)
                let values = SIMD8<Float>(
                    doses[i], doses[i + 1], doses[i + row], doses[i + row + 1], doses[i + plane],
                    doses[i + plane + 1], doses[i + plane + row], doses[i + plane + row + 1])
                let products = values * stencil.weights
                let four = products.lowHalf + products.highHalf
                let two = four.lowHalf + four.highHalf
                let difference = (two.x + two.y - dose) * scale
                best = min(best, stencil.distance2 + difference * difference)
            }
        }
        return best.squareRoot()
    }

    /// Any grids, any place: offsets outside the evaluated grid are passed over.
    private func general(
        dose: Float, scale: Float, place: SIMD3<Int>, _ doses: UnsafeBufferPointer<Float>
    ) -> Float {
        let g = evaluated.geometry
        let n = g.dimensions
        let last = SIMD3<Float>(Float(n.x - 1), Float(n.y - 1), Float(n.z - 1))
        let strides = SIMD3(n.x > 1 ? 1 : 0, n.y > 1 ? n.x : 0, n.z > 1 ? n.x * n.y : 0)
        let at = SIMD3<Float>(g.continuousIndex(reference.geometry.centre(place.x, place.y, place.z)))
        let tolerance: Float = 1e-4
        var best = Float(criteria.maximumGamma * criteria.maximumGamma)
        for offset in offsets {
            if offset.distance2 >= best { break }
            let p = at + offset.steps
            guard p.x >= -tolerance, p.y >= -tolerance, p.z >= -tolerance, p.x <= last.x + tolerance,
                p.y <= last.y + tolerance, p.z <= last.z + tolerance
            else { continue }
            let cell = SIMD3(
                min(max(Int(p.x), 0), max(n.x - 2, 0)), min(max(Int(p.y), 0), max(n.y - 2, 0)),
                min(max(Int(p.z), 0), max(n.z - 2, 0)))
            let f = p - SIMD3<Float>(Float(cell.x), Float(cell.y), Float(cell.z))
            let i = (cell.z * n.y + cell.y) * n.x + cell.x
            func row(_ i: Int) -> Float {
                let (a, b) = (doses[i], doses[i + strides.x])
                return strides.x == 0 ? a : a + f.x * (b - a)
            }
            func plane(_ i: Int) -> Float {
                let a = row(i)
                return strides.y == 0 ? a : a + f.y * (row(i + strides.y) - a)
            }
            let near = plane(i)
            let value = strides.z == 0 ? near : near + f.z * (plane(i + strides.z) - near)
            let difference = (value - dose) * scale
            best = min(best, offset.distance2 + difference * difference)
        }
        return best.squareRoot()
    }
}
