import Frames
import Volumes

/// A coarser grid under a fine one, with cubic interpolation to voxels of the fine grid.
///
/// Light fragments spread over centimetres: their dose is computed on this grid and interpolated. Every
/// `factor`-th voxel centre of the fine grid is a voxel centre of the coarse one, which has one more point before
/// and two behind on each axis. Keys' kernel reproduces quadratics, so the integral and the width of what is
/// interpolated are kept (linear interpolation would widen it by h²/6).
///
/// ## Source
/// Keys, IEEE Trans. Acoust. Speech Signal Process. 29 (1981) 1153, equation 15 with a = −1/2.
/// ## Checked by
/// `SingleSpotTests` (integral and width), `InfluenceMatrixTests` (transpose).
struct CoarseGrid: Sendable {
    let fine: VolumeGeometry
    let coarse: VolumeGeometry
    let factor: (x: Int, y: Int, z: Int)
    /// Weights of four neighbouring points, by axis and position between them.
    private let phases: (x: [SIMD4<Float>], y: [SIMD4<Float>], z: [SIMD4<Float>])

    init(fine: VolumeGeometry, greatestSpacingMM: Double) {
        func coarsening(_ spacing: Double, _ count: Int) -> Int {
            count == 1 ? 1 : max(1, Int(greatestSpacingMM / spacing + 1e-9))
        }
        let (n, s) = (fine.dimensions, fine.spacingMM)
        let f = SIMD3(coarsening(s.x, n.x), coarsening(s.y, n.y), coarsening(s.z, n.z))
        let step = s * SIMD3(Double(f.x), Double(f.y), Double(f.z))
        self.fine = fine
        factor = (f.x, f.y, f.z)
        coarse = VolumeGeometry(
            dimensions: SIMD3((n.x - 1) / f.x + 4, (n.y - 1) / f.y + 4, (n.z - 1) / f.z + 4),
            origin: Point3(fine.origin.mm - step), spacingMM: step,
            frameOfReferenceUID: fine.frameOfReferenceUID)
        func weights(_ factor: Int) -> [SIMD4<Float>] {
            (0..<factor).map { phase in
                let t = Float(phase) / Float(factor)
                return SIMD4(
                    t * (-0.5 + t * (1 - 0.5 * t)), 1 + t * t * (1.5 * t - 2.5),
                    t * (0.5 + t * (2 - 1.5 * t)), t * t * (0.5 * t - 0.5))
            }
        }
        phases = (weights(f.x), weights(f.y), weights(f.z))
    }

    /// Calls `body` with the first of four coarse points along x and their weights, for the 16 rows around a
    /// voxel; rows of weight 0 are left out.
    @inline(__always)
    private func forEachRow(
        around voxel: SIMD3<Int>, _ body: (_ first: Int, _ weights: SIMD4<Float>) -> Void
    ) {
        let (qx, rx) = voxel.x.quotientAndRemainder(dividingBy: factor.x)
        let (qy, ry) = voxel.y.quotientAndRemainder(dividingBy: factor.y)
        let (qz, rz) = voxel.z.quotientAndRemainder(dividingBy: factor.z)
        let (wx, wy, wz) = (phases.x[rx], phases.y[ry], phases.z[rz])
        for c in 0..<4 where wz[c] != 0 {
            for b in 0..<4 where wy[b] != 0 {
                body(coarse.index(qx, qy + b, qz + c), wx * (wy[b] * wz[c]))
            }
        }
    }

    /// Value at a voxel of the fine grid from values of the whole coarse grid.
    @inline(__always)
    func value(at voxel: SIMD3<Int>, of values: UnsafeBufferPointer<Float>) -> Float {
        var sum = SIMD4<Float>.zero
        forEachRow(around: voxel) { first, weights in
            sum +=
                weights
                * SIMD4(values[first], values[first + 1], values[first + 2], values[first + 3])
        }
        return (sum.x + sum.y) + (sum.z + sum.w)
    }

    /// The transpose of `value(at:of:)`: adds a fine voxel's number to the coarse points it was made of.
    @inline(__always)
    func addTransposed(
        _ number: Float, at voxel: SIMD3<Int>, to values: UnsafeMutableBufferPointer<Float>
    ) {
        forEachRow(around: voxel) { first, weights in
            for lane in 0..<4 { values[first + lane] += number * weights[lane] }
        }
    }

    /// Coarse voxels that interpolation to the listed fine voxels needs, ascending.
    func voxelsNeeded(for voxels: [Int32]) -> [Int32] {
        var used = [Bool](repeating: false, count: coarse.voxelCount)
        for voxel in voxels {
            forEachRow(around: fine.voxel(at: Int(voxel))) { first, weights in
                for lane in 0..<4 where weights[lane] != 0 { used[first + lane] = true }
            }
        }
        return used.indices.filter { used[$0] }.map { Int32($0) }
    }

    /// Adds values of the coarse grid, interpolated, to values of the fine grid; undershoots below zero at the
    /// edge of what was computed are left out.
    func interpolate(_ values: [Float], to result: inout [Float]) {
        let n = fine.dimensions
        values.withUnsafeBufferPointer { values in
            for z in 0..<n.z {
                for y in 0..<n.y {
                    for x in 0..<n.x {
                        let sum = value(at: SIMD3(x, y, z), of: values)
                        if sum > 0 { result[fine.index(x, y, z)] += sum }
                    }
                }
            }
        }
    }
}
