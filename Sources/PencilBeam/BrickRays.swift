/// What a brick's voxels have met on the rays around them: worked out once for a brick, read by all layers.
///
/// The pointers live as long as the call of `body` in `forEachBlock`.
struct BrickRays {
    let lanes: BrickLanes
    /// The rays that were looked up.
    let window: RayWindow
    /// `[j][i]` within `window`, three numbers for each ray: depth in water, factor of the primaries and of the
    /// fragments at the eight voxels.
    let met: UnsafeMutablePointer<Lanes>
    /// Square of the distance from each voxel, by column and by row.
    let squareX: UnsafeMutablePointer<Lanes>
    let squareY: UnsafeMutablePointer<Lanes>
    /// Depth in water at the shallowest voxel of each ray; infinite for rays that were left out.
    let leastDepth: UnsafeMutablePointer<Float>
    /// Square of the distance from the brick's middle, by column and by row.
    let offU: UnsafeMutablePointer<Float>
    let offV: UnsafeMutablePointer<Float>
    /// Eight rows, for lookups voxel by voxel; shared by all bricks of a block.
    let rows: UnsafeMutablePointer<SIMD4<Float>>

    /// Bricks that are looked up together: what they need stays in the second-level cache while one layer after the
    /// other reads it.
    static let blockSize = 64

    /// Looks up the rays of bricks, block by block, and calls `body` with each block.
    ///
    /// - Parameter active: If given, only these rays of the bundle are looked up.
    static func forEachBlock(
        of bricks: [(lanes: BrickLanes, window: RayWindow)], bundle: RayBundle,
        active: UnsafePointer<Bool>? = nil, _ body: (_ first: Int, _ block: [BrickRays]) -> Void
    ) {
        var first = 0
        while first < bricks.count {
            let block = bricks[first..<min(first + blockSize, bricks.count)]
            // A ray has three vectors of eight and a float; a column or row a vector and a float. Rows take four vectors.
            let vectors = block.reduce(4) {
                $0 + 3 * $1.window.rayCount + $1.window.countU + $1.window.countV
            }
            let floats = block.reduce(0) { $0 + $1.window.rayCount + $1.window.countU + $1.window.countV }
            withUnsafeTemporaryAllocation(of: Lanes.self, capacity: vectors) { vectors in
                withUnsafeTemporaryAllocation(of: Float.self, capacity: floats) { floats in
                    vectors.initialize(repeating: .zero)
                    floats.initialize(repeating: 0)
                    // Both have at least one element, so they have addresses.
                    var vector = vectors.baseAddress.unsafelyUnwrapped + 4
                    var float = floats.baseAddress.unsafelyUnwrapped
                    let rows = UnsafeMutableRawPointer(vectors.baseAddress.unsafelyUnwrapped)
                        .assumingMemoryBound(to: SIMD4<Float>.self)
                    let filled = block.map { brick -> BrickRays in
                        let w = brick.window
                        let rays = BrickRays(
                            lanes: brick.lanes, window: w, met: vector, squareX: vector + 3 * w.rayCount,
                            squareY: vector + 3 * w.rayCount + w.countU, leastDepth: float,
                            offU: float + w.rayCount, offV: float + w.rayCount + w.countU, rows: rows)
                        vector += 3 * w.rayCount + w.countU + w.countV
                        float += w.rayCount + w.countU + w.countV
                        rays.fill(bundle: bundle, active: active)
                        return rays
                    }
                    body(first, filled)
                }
            }
            first += blockSize
        }
    }

    private func fill(bundle: RayBundle, active: UnsafePointer<Bool>?) {
        for i in 0..<window.countU {
            let u = Float(bundle.latticeU.position(window.firstU + i))
            let d = (lanes.u - u) * lanes.magnificationX
            squareX[i] = d * d
            offU[i] = (u - lanes.centreU) * (u - lanes.centreU)
        }
        for j in 0..<window.countV {
            let v = Float(bundle.latticeV.position(window.firstV + j))
            let d = (lanes.v - v) * lanes.magnificationY
            squareY[j] = d * d
            offV[j] = (v - lanes.centreV) * (v - lanes.centreV)
        }
        let count = bundle.rayCount
        let first = Int(lanes.along.first) * count
        var index = 0
        for j in 0..<window.countV {
            let row = (window.firstV + j) * bundle.latticeU.count + window.firstU
            for i in 0..<window.countU {
                defer { index += 1 }
                if offU[i] + offV[j] > window.reachSquared || active.map({ !$0[row + i] }) == true {
                    leastDepth[index] = .infinity
                    continue
                }
                let samples = bundle.samples.pointer + row + i
                leastDepth[index] = samples[first][0]
                for lane in 0..<8 {
                    let at = samples + Int(lanes.along.sample[lane]) * count
                    rows[lane] = at[0] + lanes.along.fraction[lane] * (at[count] - at[0])
                }
                met[3 * index] = columnLanes(0, of: rows)
                met[3 * index + 1] = columnLanes(1, of: rows)
                met[3 * index + 2] = columnLanes(2, of: rows)
            }
        }
    }
}
