import Volumes

/// Signed distance to the surface of a structure in a box around it, mm; negative inside.
///
/// The nearest voxel of the other side comes from a lower envelope of parabolas along each axis in turn (exact between
/// voxel centres); the surface near that voxel is a plane, its direction from the gradient of the shares, its place from
/// the height of the column of three shares across it.
///
/// ## Source
/// Felzenszwalb & Huttenlocher, Theory of Computing 8 (2012) 415, algorithm 1; heights of columns as in the
/// volume-of-fluid method, Cummins, Francois & Kothe, Computers & Structures 83 (2005) 425.
struct DistanceField {
    private let geometry: VolumeGeometry
    private let box: VoxelBox
    private let shares: [Float]
    private var values: [Float] = []

    init(from mask: StructureMask, reachMM: Double) {
        geometry = mask.geometry
        box = VoxelBox(around: mask, reachMM: reachMM)
        shares = box.shares(of: mask)
        let toInside = nearest(shares.map { $0 >= 0.5 })
        let toOutside = nearest(shares.map { $0 < 0.5 })
        values = shares.indices.map { i in
            let seed = shares[i] >= 0.5 ? toOutside[i] : toInside[i]
            // Without any voxel of the other side, everything is inside or nothing is.
            guard seed >= 0 else {
                return shares[i] >= 0.5 ? -.greatestFiniteMagnitude : .greatestFiniteMagnitude
            }
            return Float(distance(from: i, seed: seed))
        }
    }

    /// Voxels whose distance is at most `limit`, with a linear share across one voxel at the surface.
    func mask(within limit: Double) -> StructureMask {
        let width = geometry.spacingMM.sum() / 3
        let sums = values.map {
            SIMD4(Float(min(max(0.5 + (limit - Double($0)) / width, 0), 1)), 0, 0, 0)
        }
        let found = box.sparse(sums, geometry: geometry)
        return StructureMask(geometry: geometry, indices: found.indices, shares: found.shares)
    }

    /// Signed distance of voxel `i` to the plane of the surface at `seed`, the nearest voxel of the other side.
    private func distance(from i: Int, seed: Int) -> Double {
        let spacing = geometry.spacingMM
        let (p, q) = (box.voxel(at: i), box.voxel(at: seed))
        let toVoxel = SIMD3<Double>(p &- q) * spacing
        let length = (toVoxel * toVoxel).sum().squareRoot()
        let sign = shares[i] >= 0.5 ? -1.0 : 1.0
        var slope = SIMD3<Double>.zero
        for axis in 0..<3 {
            slope[axis] = (share(q, axis, -1) - share(q, axis, 1)) / spacing[axis]
        }
        let steepness = (slope * slope).sum().squareRoot()
        guard steepness > 0 else { return sign * (length - 0.5 * spacing.sum() / 3) }
        let normal = slope / steepness
        var axis = 0
        for other in 1..<3 where abs(normal[other]) > abs(normal[axis]) { axis = other }
        let outward = normal[axis] > 0 ? 1 : -1
        let filled = share(q, axis, -outward) + share(q, axis, 0) + share(q, axis, outward)
        let height = (filled - 1.5) * spacing[axis] * abs(normal[axis])
        let fromSurface = toVoxel - height * normal
        let along = (fromSurface * normal).sum()
        // The plane stands for the surface across the seed's own voxel; beyond it the distance is to its edge.
        let facet = 0.5 * (spacing * spacing).sum().squareRoot()
        let aside = max((fromSurface * fromSurface).sum() - along * along, 0).squareRoot() - facet
        return aside <= 0 ? along : sign * (along * along + aside * aside).squareRoot()
    }

    /// Share of the voxel `step` beside `voxel` along an axis; the box's own edge repeats outwards.
    private func share(_ voxel: SIMD3<Int>, _ axis: Int, _ step: Int) -> Double {
        var v = voxel
        v[axis] = min(max(v[axis] + step, 0), box.size[axis] - 1)
        return Double(shares[(v.z * box.rows + v.y) * box.columns + v.x])
    }

    /// For each voxel of the box the nearest voxel where `isSeed` holds; −1 if there is none.
    private func nearest(_ isSeed: [Bool]) -> [Int] {
        let size = box.size
        let strides = SIMD3(1, size.x, size.x * size.y)
        var squares = isSeed.map { $0 ? 0 : ParabolaEnvelope.unreached }
        var seeds = isSeed.indices.map { isSeed[$0] ? $0 : -1 }
        for axis in 0..<3 {
            let (other1, other2) = ((axis + 1) % 3, (axis + 2) % 3)
            var envelope = ParabolaEnvelope(count: size[axis], step: geometry.spacingMM[axis])
            for i in 0..<size[other1] {
                for j in 0..<size[other2] {
                    envelope.transform(
                        &squares, &seeds, start: i * strides[other1] + j * strides[other2],
                        stride: strides[axis])
                }
            }
        }
        return seeds
    }
}

/// Lower envelope of the parabolas (x − x_q)² + f(q) along one line of a grid.
struct ParabolaEnvelope {
    /// Stands for the square of a distance to nothing.
    static let unreached = 1e12

    private let count: Int
    private let step: Double
    private var lineSeeds: [Int]
    private var vertices: [Int]
    private var boundaries: [Double]
    private var line: [Double]

    init(count: Int, step: Double) {
        self.count = count
        self.step = step
        vertices = Array(repeating: 0, count: count)
        boundaries = Array(repeating: 0, count: count + 1)
        line = Array(repeating: 0, count: count)
        lineSeeds = Array(repeating: -1, count: count)
    }

    /// Replaces the line by the minimum over q of (x − x_q)² + f(q), and its seeds by those of the minimum.
    mutating func transform(_ field: inout [Double], _ seeds: inout [Int], start: Int, stride: Int) {
        for q in 0..<count {
            line[q] = field[start + q * stride]
            lineSeeds[q] = seeds[start + q * stride]
        }
        var k = 0
        vertices[0] = 0
        boundaries[0] = -.infinity
        boundaries[1] = .infinity
        for q in 1..<max(count, 1) {
            var s = intersection(q, vertices[k])
            while s <= boundaries[k] {
                k -= 1
                s = intersection(q, vertices[k])
            }
            k += 1
            vertices[k] = q
            boundaries[k] = s
            boundaries[k + 1] = .infinity
        }
        k = 0
        for q in 0..<count {
            let x = Double(q) * step
            while boundaries[k + 1] < x { k += 1 }
            let d = x - Double(vertices[k]) * step
            field[start + q * stride] = d * d + line[vertices[k]]
            seeds[start + q * stride] = lineSeeds[vertices[k]]
        }
    }

    /// Where the parabolas of q and p cross, mm.
    private func intersection(_ q: Int, _ p: Int) -> Double {
        let (x, y) = (Double(q) * step, Double(p) * step)
        return (line[q] + x * x - line[p] - y * y) / (2 * (x - y))
    }
}

extension VoxelBox {
    /// The voxels of a mask with `reachMM` around them, cut at the grid.
    init(around mask: StructureMask, reachMM: Double) {
        let geometry = mask.geometry
        var low = geometry.dimensions
        var high = SIMD3<Int>.zero
        for index in mask.indices {
            let v = geometry.voxel(at: Int(index))
            low = pointwiseMin(low, v)
            high = pointwiseMax(high, v)
        }
        for axis in 0..<3 {
            let reach = Int(reachMM / geometry.spacingMM[axis]) + 1
            low[axis] = max(min(low[axis], high[axis]) - reach, 0)
            high[axis] = min(high[axis] + reach, geometry.dimensions[axis] - 1)
        }
        (lower, upper) = (low, high)
    }

    /// Number of voxels along x, y, z.
    var size: SIMD3<Int> { SIMD3(columns, rows, upper.z - lower.z + 1) }

    /// Place in the box of a storage index of the box.
    func voxel(at index: Int) -> SIMD3<Int> {
        let (z, rest) = index.quotientAndRemainder(dividingBy: columns * rows)
        let (y, x) = rest.quotientAndRemainder(dividingBy: columns)
        return SIMD3(x, y, z)
    }

    /// The shares of a mask over the box, x fastest.
    func shares(of mask: StructureMask) -> [Float] {
        var shares = [Float](repeating: 0, count: count)
        for (index, share) in zip(mask.indices, mask.shares) {
            let v = mask.geometry.voxel(at: Int(index)) &- lower
            shares[(v.z * rows + v.y) * columns + v.x] = share
        }
        return shares
    }
}
