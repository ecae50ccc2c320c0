/// A grid of voxels, each of one material and density. Positions are from the grid's lower corner, mm.
///
/// A straight flight goes from voxel to voxel by counting (Amanatides & Woo): positions are compared with borders only where
/// the particle turns, so no rounding can hold it at a border.
struct VoxelGeometry: TransportGeometry {
    /// A voxel, with the way to its next border on each axis of the present flight.
    struct Place {
        fileprivate(set) var voxel: Int
        fileprivate var index: SIMD3<Int32>
        /// Way to the next border per axis, mm; infinite along an axis that the flight does not move on.
        fileprivate var way: SIMD3<Double>
        /// Way from border to border per axis, mm.
        fileprivate var period: SIMD3<Double>
    }

    static var bordersEndSteps: Bool { false }

    let material: UnsafePointer<UInt8>
    let density: UnsafePointer<Float>
    let count: SIMD3<Int32>
    let spacing: SIMD3<Double>
    private let inverseSpacing: SIMD3<Double>
    private let strides: SIMD3<Int>
    private let longestStepMM: Double

    /// - Parameters:
    ///   - material: Index into the materials per voxel, x fastest.
    ///   - density: g/cm³.
    ///   - longestStepMM: Longest way of one step of scattering.
    init(
        material: UnsafePointer<UInt8>, density: UnsafePointer<Float>, count: SIMD3<Int>,
        spacing: SIMD3<Double>, longestStepMM: Double = 20
    ) {
        self.material = material
        self.density = density
        self.count = SIMD3(truncatingIfNeeded: count)
        self.spacing = spacing
        self.longestStepMM = longestStepMM
        inverseSpacing = SIMD3(repeating: 1) / spacing
        strides = SIMD3(1, count.x, count.x * count.y)
    }

    /// Sizes of the whole grid, mm.
    var extent: SIMD3<Double> { SIMD3<Double>(count) * spacing }

    @inline(__always) func place(of p: TrackState) -> Place? {
        let f = SIMD3(p.x, p.y, p.z) * inverseSpacing
        guard f.x >= 0, f.y >= 0, f.z >= 0, f.x < Double(count.x), f.y < Double(count.y),
            f.z < Double(count.z)
        else { return nil }
        let index = SIMD3<Int32>(Int32(f.x), Int32(f.y), Int32(f.z))
        var place = Place(
            voxel: (Int(index.z) &* Int(count.y) &+ Int(index.y)) &* Int(count.x) &+ Int(index.x),
            index: index, way: .zero, period: .zero)
        aim(&place, along: p)
        return place
    }

    @inline(__always) func aim(_ place: inout Place, along p: TrackState) {
        var d = SIMD3(p.direction.x, p.direction.y, p.direction.z)
        // Along an axis that it does not move on the flight finds no border.
        d.replace(with: 1e-300, where: d .== 0)
        let inverse = SIMD3(repeating: 1) / d
        var border = SIMD3<Double>(place.index)
        border.replace(with: border + 1, where: d .> 0)
        place.way = (border * spacing - SIMD3(p.x, p.y, p.z)) * inverse
        place.way.replace(with: 0, where: place.way .< 0)
        place.period = spacing * inverse
        place.period.replace(with: -place.period, where: d .< 0)
    }

    @inline(__always) func wayToBorder(_ place: Place) -> Double {
        min(place.way.x, min(place.way.y, place.way.z))
    }

    @inline(__always) func cross(_ place: inout Place, _ p: inout TrackState) -> Bool {
        let way = wayToBorder(place)
        place.way -= way
        if place.way.z <= 0 {
            place.way.z = place.period.z
            let step: Int32 = p.direction.z > 0 ? 1 : -1
            place.index.z &+= step
            place.voxel &+= Int(step) &* strides.z
            return place.index.z >= 0 && place.index.z < count.z
        }
        if place.way.y <= 0 {
            place.way.y = place.period.y
            let step: Int32 = p.direction.y > 0 ? 1 : -1
            place.index.y &+= step
            place.voxel &+= Int(step) &* strides.y
            return place.index.y >= 0 && place.index.y < count.y
        }
        place.way.x = place.period.x
        let step: Int32 = p.direction.x > 0 ? 1 : -1
        place.index.x &+= step
        place.voxel &+= Int(step)
        return place.index.x >= 0 && place.index.x < count.x
    }

    @inline(__always) func material(_ place: Place) -> Int { Int(material[place.voxel]) }
    @inline(__always) func densityGPerCM3(_ place: Place) -> Double { Double(density[place.voxel]) }
    @inline(__always) func longestStepMM(_ place: Place) -> Double { longestStepMM }

    @inline(__always) func clearanceMM(_ place: Place, _ p: TrackState) -> Double {
        let low = SIMD3(p.x, p.y, p.z) - SIMD3<Double>(place.index) * spacing
        let high = spacing - low
        return min(min(low.x, high.x), min(min(low.y, high.y), min(low.z, high.z)))
    }

    /// Moves a particle outside the voxels along its way to where it enters them; nil if it misses them.
    func entering(_ p: TrackState) -> TrackState? {
        var (near, far) = (-Double.infinity, Double.infinity)
        let (position, direction) = (
            SIMD3(p.x, p.y, p.z), SIMD3(p.direction.x, p.direction.y, p.direction.z)
        )
        for axis in 0..<3 {
            let (x, d, end) = (position[axis], direction[axis], extent[axis])
            if d == 0 {
                if x < 0 || x >= end { return nil }
                continue
            }
            let (a, b) = (-x / d, (end - x) / d)
            near = max(near, min(a, b))
            far = min(far, max(a, b))
        }
        guard near < far, far > 0 else { return nil }
        var result = p
        // A point this far beyond the border is in the voxel, whatever the rounding.
        let nudge = 1e-6
        if near > -nudge { result.advance(max(near, 0) + nudge) }
        return result
    }
}
