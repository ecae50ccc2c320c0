import Volumes

/// How much of each voxel of a grid belongs to a structure; only voxels with a share are listed.
public struct StructureMask: Sendable, Equatable {
    public let geometry: VolumeGeometry
    /// Storage indices of the voxels, ascending.
    public let indices: [Int32]
    /// Share of each listed voxel inside the structure, 0 < share ≤ 1; same order as `indices`.
    public let shares: [Float]
    /// Centroid of the part of each listed voxel that is inside, from the voxel's centre, in voxel widths along x, y
    /// and z (−½...½); zero for a whole voxel, and where only shares are known.
    public let centroids: [SIMD3<Float>]
    /// Volume of the structure that lies outside the grid and is therefore not in the mask, cm³.
    public let volumeOutsideGridCM3: Double

    /// - Parameter centroids: Left out, every part counts as centred in its voxel.
    /// - Precondition: equal counts, ascending indices inside the grid.
    public init(
        geometry: VolumeGeometry, indices: [Int32], shares: [Float], centroids: [SIMD3<Float>]? = nil,
        volumeOutsideGridCM3: Double = 0
    ) {
        precondition(indices.count == shares.count && indices.count == centroids?.count ?? indices.count)
        self.centroids = centroids ?? Array(repeating: .zero, count: indices.count)
        self.geometry = geometry
        self.indices = indices
        self.shares = shares
        self.volumeOutsideGridCM3 = volumeOutsideGridCM3
    }

    /// Volume of the structure inside the grid, cm³.
    public var volumeCM3: Double {
        shares.reduce(0.0) { $0 + Double($1) } * geometry.voxelVolumeMM3 / 1000
    }

    /// Whether no voxel has a share.
    public var isEmpty: Bool { indices.isEmpty }

    /// The shares as a full volume, 0 outside the structure.
    public func volume() -> Volume<Float> {
        var volume = Volume<Float>(geometry: geometry, repeating: 0)
        for (index, share) in zip(indices, shares) { volume.values[Int(index)] = share }
        return volume
    }
}
