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
    /// The surface is found within the voxels from their shares, so the margin is right to about a tenth of a voxel
    /// where the surface is smooth, and to half a voxel at edges and on details thinner than three voxels.
    ///
    /// ## Checked by
    /// `StructureMaskSetTests`.
    public func expanded(byMM margin: Double) -> StructureMask {
        guard margin != 0, !isEmpty else { return self }
        let field = DistanceField(from: self, reachMM: abs(margin) + 2 * geometry.spacingMM.max())
        return field.mask(within: margin)
    }

    /// The shell around the structure from `inner` to `outer` mm beyond its surface.
    ///
    /// - Precondition: `inner < outer`.
    public func ring(innerMM inner: Double, outerMM outer: Double) -> StructureMask {
        precondition(inner < outer)
        guard !isEmpty else { return self }
        let reach = max(abs(inner), abs(outer)) + 2 * geometry.spacingMM.max()
        let field = DistanceField(from: self, reachMM: reach)
        return field.mask(within: outer).subtracting(field.mask(within: inner))
    }
}
