import Volumes

extension StructureMask {
    /// The value of `volume` in the part of each listed voxel that lies inside: at the voxel's centre for a whole
    /// voxel, otherwise trilinear at the centroid of the part. Same order as `indices`.
    ///
    /// A voxel that the surface cuts has its centre up to half a voxel off the structure; where the value is steep,
    /// the centre says more about the neighbour than about the structure.
    ///
    /// - Precondition: one grid.
    ///
    /// ## Checked by
    /// `StructureMaskSamplingTests`.
    public func samples(of volume: Volume<Float>) -> [Float] {
        precondition(volume.geometry == geometry, "values and structure are on different grids")
        return zip(indices, centroids).map { index, centroid in
            guard centroid != .zero else { return volume.values[Int(index)] }
            let stencil = VoxelStencil(around: Int(index), offset: centroid, in: geometry)
            var sum: Float = 0
            for corner in 0..<8 {
                sum += stencil.weights[corner] * volume.values[Int(stencil.voxels[corner])]
            }
            return sum
        }
    }
}
