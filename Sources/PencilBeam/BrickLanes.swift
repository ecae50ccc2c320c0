import Frames
import Volumes

/// Where the eight voxels of a brick lie in the ray bundle of a field.
struct BrickLanes {
    /// Ray through each voxel at the isocentre plane, mm.
    var u = Lanes.zero
    var v = Lanes.zero
    /// Magnification of the bundle at each voxel, x and y.
    var magnificationX = Lanes.zero
    var magnificationY = Lanes.zero
    /// Depth of each voxel, mm.
    var depth = Lanes.zero
    /// Positions of the eight voxels on the depth samples.
    struct Along {
        /// Lower depth sample of each voxel, and the fraction above it.
        var sample = SIMD8<Int32>()
        var fraction = Lanes.zero
        /// Least of `sample`.
        var first: Int32 = .max
        /// The shallowest and the deepest voxel on the spread samples: sample and fraction above it.
        var shallow: (sample: Int, fraction: Float) = (0, 0)
        var deep: (sample: Int, fraction: Float) = (0, 0)
        /// Place of each voxel between these two, 0...1.
        var between = Lanes.zero
    }
    var along = Along()
    /// Least magnification of the voxels.
    var leastMagnification = Float.infinity
    /// Middle of the brick, and half its extent in u and v.
    var centreU: Float = 0
    var centreV: Float = 0
    var halfU: Float = 0
    var halfV: Float = 0

    /// Nil if a voxel lies before the first or behind the last depth sample.
    init?(brick: SIMD3<Int32>, grid: VolumeGeometry, rays: RayTables) {
        var (lowU, highU) = (Float.infinity, -Float.infinity)
        var (lowV, highV) = (Float.infinity, -Float.infinity)
        var positions = Lanes.zero
        for lane in 0..<8 {
            let p = grid.centre(
                2 * Int(brick.x) + (lane & 1), 2 * Int(brick.y) + (lane >> 1 & 1),
                2 * Int(brick.z) + (lane >> 2))
            let (uv, w) = rays.geometry.ray(through: p)
            let m = rays.geometry.magnification(depthMM: w)
            let position = (w - rays.startMM) / rays.stepMM
            // A brick may stick out of the image by a voxel: those lanes take the end of the ray.
            let bounded = min(max(position, 0), Double(rays.depthCount - 1))
            if abs(bounded - position) * rays.stepMM > 2 * grid.spacingMM.max() { return nil }
            let lower = min(Int(bounded), rays.depthCount - 2)
            u[lane] = Float(uv.x)
            v[lane] = Float(uv.y)
            magnificationX[lane] = Float(m.x)
            magnificationY[lane] = Float(m.y)
            depth[lane] = Float(w)
            positions[lane] = Float(bounded)
            along.sample[lane] = Int32(lower)
            along.fraction[lane] = Float(bounded - Double(lower))
            along.first = min(along.first, Int32(lower))
            leastMagnification = min(leastMagnification, Float(m.min()))
            lowU = min(lowU, u[lane])
            highU = max(highU, u[lane])
            lowV = min(lowV, v[lane])
            highV = max(highV, v[lane])
        }
        let (least, greatest) = (-maxLanes(-positions), maxLanes(positions))
        if greatest > least { along.between = (positions - least) / (greatest - least) }
        let last = (rays.depthCount - 1) / RayTables.spreadStride - 1
        func place(_ position: Float) -> (Int, Float) {
            let s = position / Float(RayTables.spreadStride)
            let lower = max(0, min(Int(s), last))
            return (lower, s - Float(lower))
        }
        along.shallow = place(least)
        along.deep = place(greatest)
        centreU = 0.5 * (lowU + highU)
        centreV = 0.5 * (lowV + highV)
        halfU = 0.5 * (highU - lowU)
        halfV = 0.5 * (highV - lowV)
    }

    /// Greatest of numbers given at the spread samples, from the brick's shallowest to its deepest voxel.
    @inline(__always)
    func greatest(_ values: [Float]) -> Float {
        var result: Float = 0
        for s in along.shallow.sample...min(along.deep.sample + 1, values.count - 1) {
            result = max(result, values[s])
        }
        return result
    }

    /// Square of a reach around every voxel, as a distance from the brick's middle.
    @inline(__always)
    func squaredReach(_ reach: Float) -> Float {
        let radius = reach + (halfU * halfU + halfV * halfV).squareRoot()
        return radius * radius
    }
}
