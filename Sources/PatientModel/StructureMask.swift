import Volumes

/// How much of each voxel of a grid belongs to a structure; only voxels with a share are listed.
public struct StructureMask: Sendable, Equatable {
    public let geometry: VolumeGeometry
    /// Storage indices of the voxels, ascending.
    public let indices: [Int32]
    /// Share of each listed voxel inside the structure, 0 < share ≤ 1; same order as `indices`.
    public let shares: [Float]

    /// - Precondition: equal counts, ascending indices inside the grid.
    public init(geometry: VolumeGeometry, indices: [Int32], shares: [Float]) {
        precondition(indices.count == shares.count)
        self.geometry = geometry
        self.indices = indices
        self.shares = shares
    }

    /// Volume of the structure, cm³.
    public var volumeCM3: Double {
        shares.reduce(0.0) { $0 + Double($1) } * geometry.voxelVolumeMM3 / 1000
    }
}
