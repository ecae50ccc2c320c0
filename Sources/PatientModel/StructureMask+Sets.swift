import Volumes

/// Unions, differences and the like; both masks must be on one grid.
extension StructureMask {
    /// Voxels in either structure: the greater share counts.
    ///
    /// - Precondition: one grid.
    public func union(_ other: StructureMask) -> StructureMask {
        merged(with: other) { max($0, $1) }
    }

    /// Voxels in both structures: the smaller share counts.
    ///
    /// - Precondition: one grid.
    public func intersection(_ other: StructureMask) -> StructureMask {
        merged(with: other) { min($0, $1) }
    }

    /// What is left of this structure without `other`: max(0, share − share of the other).
    ///
    /// - Precondition: one grid.
    public func subtracting(_ other: StructureMask) -> StructureMask {
        merged(with: other) { max(0, $0 - $1) }
    }

    private func merged(
        with other: StructureMask, _ combine: (Float, Float) -> Float
    ) -> StructureMask {
        precondition(geometry == other.geometry, "masks on different grids")
        var indices: [Int32] = []
        var shares: [Float] = []
        indices.reserveCapacity(max(self.indices.count, other.indices.count))
        shares.reserveCapacity(indices.capacity)
        var (i, j) = (0, 0)
        while i < self.indices.count || j < other.indices.count {
            let a = i < self.indices.count ? self.indices[i] : Int32.max
            let b = j < other.indices.count ? other.indices[j] : Int32.max
            let share = combine(a <= b ? self.shares[i] : 0, b <= a ? other.shares[j] : 0)
            if share > 0 {
                indices.append(min(a, b))
                shares.append(share)
            }
            if a <= b { i += 1 }
            if b <= a { j += 1 }
        }
        return StructureMask(geometry: geometry, indices: indices, shares: shares)
    }
}

extension StructureMask {
    /// The structure with a margin all around; a negative margin shrinks it.
    ///
    /// The surface is taken half-way between the centres of inside (share ≥ 0.5) and outside voxels, so the margin
    /// is right to about half a voxel.
    ///
    /// ## Checked by
    /// `StructureMaskSetTests`.
    public func expanded(byMM margin: Double) -> StructureMask {
        guard margin != 0 else { return self }
        let field = DistanceField(from: self, reachMM: abs(margin) + 2 * geometry.spacingMM.max())
        return field.mask(within: margin)
    }

    /// The shell around the structure from `inner` to `outer` mm beyond its surface.
    ///
    /// - Precondition: `inner < outer`.
    public func ring(innerMM inner: Double, outerMM outer: Double) -> StructureMask {
        precondition(inner < outer)
        let reach = max(abs(inner), abs(outer)) + 2 * geometry.spacingMM.max()
        let field = DistanceField(from: self, reachMM: reach)
        return field.mask(within: outer).subtracting(field.mask(within: inner))
    }
}

/// Signed distance to the surface of a structure in a box around it, mm; negative inside.
///
/// Exact Euclidean distances between voxel centres by a lower envelope of parabolas along each axis in turn, then
/// half a voxel taken off to reach the surface.
///
/// ## Source
/// Felzenszwalb & Huttenlocher, Theory of Computing 8 (2012) 415, algorithm 1.
struct DistanceField {
    private let geometry: VolumeGeometry
    private let box: VoxelBox
    private var values: [Float]

    init(from mask: StructureMask, reachMM: Double) {
        geometry = mask.geometry
        box = VoxelBox(around: mask, reachMM: reachMM)
        let inside = box.isInside(mask)
        let far = Self.unreached
        let toInside = Self.squaredDistances(
            seeds: inside.map { $0 ? 0 : far }, box: box, spacingMM: geometry.spacingMM)
        let toOutside = Self.squaredDistances(
            seeds: inside.map { $0 ? far : 0 }, box: box, spacingMM: geometry.spacingMM)
        let half = 0.5 * (geometry.spacingMM.sum() / 3)
        values = inside.indices.map { i in
            Float(inside[i] ? half - toOutside[i].squareRoot() : toInside[i].squareRoot() - half)
        }
    }

    /// Voxels whose distance is at most `limit`, with a linear share across one voxel at the surface.
    func mask(within limit: Double) -> StructureMask {
        let width = geometry.spacingMM.sum() / 3
        let sums = values.map { Float(min(max(0.5 + (limit - Double($0)) / width, 0), 1)) }
        let found = box.sparse(sums, geometry: geometry)
        return StructureMask(geometry: geometry, indices: found.indices, shares: found.shares)
    }

    private static let unreached = 1e12

    private static func squaredDistances(
        seeds: [Double], box: VoxelBox, spacingMM: SIMD3<Double>
    ) -> [Double] {
        let size = SIMD3(box.columns, box.rows, box.upper.z - box.lower.z + 1)
        let strides = SIMD3(1, size.x, size.x * size.y)
        var field = seeds
        for axis in 0..<3 {
            let (other1, other2) = ((axis + 1) % 3, (axis + 2) % 3)
            var envelope = ParabolaEnvelope(count: size[axis], step: spacingMM[axis])
            for i in 0..<size[other1] {
                for j in 0..<size[other2] {
                    envelope.transform(
                        &field, start: i * strides[other1] + j * strides[other2],
                        stride: strides[axis])
                }
            }
        }
        return field
    }
}

/// Lower envelope of the parabolas (x − x_q)² + f(q) along one line of a grid.
struct ParabolaEnvelope {
    private let count: Int
    private let step: Double
    private var vertices: [Int]
    private var boundaries: [Double]
    private var line: [Double]

    init(count: Int, step: Double) {
        self.count = count
        self.step = step
        vertices = Array(repeating: 0, count: count)
        boundaries = Array(repeating: 0, count: count + 1)
        line = Array(repeating: 0, count: count)
    }

    /// Replaces the line by the minimum over q of (x − x_q)² + f(q).
    mutating func transform(_ field: inout [Double], start: Int, stride: Int) {
        for q in 0..<count { line[q] = field[start + q * stride] }
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

    /// Whether each voxel of the box has at least half its volume in the structure.
    func isInside(_ mask: StructureMask) -> [Bool] {
        var inside = [Bool](repeating: false, count: count)
        for (index, share) in zip(mask.indices, mask.shares) where share >= 0.5 {
            let v = mask.geometry.voxel(at: Int(index)) &- lower
            inside[(v.z * rows + v.y) * columns + v.x] = true
        }
        return inside
    }
}
