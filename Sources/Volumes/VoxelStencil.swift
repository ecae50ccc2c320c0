/// The eight voxels around a point close to the centre of a voxel, with their weights in trilinear interpolation.
///
/// Beyond the outermost voxel centres the value of the outermost voxel holds.
///
/// ## Checked by
/// `VoxelStencilTests`: exact for linear functions, constant beyond the outermost centres.
public struct VoxelStencil: Sendable, Equatable {
    /// Storage indices; those of weight zero repeat the voxel itself.
    public let voxels: SIMD8<Int32>
    /// Not negative, sum 1.
    public let weights: SIMD8<Float>

    /// - Parameters:
    ///   - voxel: Storage index of a voxel.
    ///   - offset: The point from that voxel's centre, in voxel widths along x, y, z, −½...½.
    /// - Precondition: the voxel lies on the grid.
    public init(around voxel: Int, offset: SIMD3<Float>, in geometry: VolumeGeometry) {
        let position = geometry.voxel(at: voxel)
        let strides = SIMD3(1, geometry.dimensions.x, geometry.dimensions.x * geometry.dimensions.y)
        var steps = SIMD3<Int>.zero
        var share = SIMD3<Float>.zero
        for axis in 0..<3 where offset[axis] != 0 {
            let direction = offset[axis] > 0 ? 1 : -1
            guard (0..<geometry.dimensions[axis]).contains(position[axis] + direction) else { continue }
            steps[axis] = direction * strides[axis]
            share[axis] = abs(offset[axis])
        }
        var voxels = SIMD8<Int32>(repeating: Int32(voxel))
        var weights = SIMD8<Float>.zero
        for corner in 0..<8 {
            var (index, weight) = (voxel, Float(1))
            for axis in 0..<3 {
                let isFar = corner >> axis & 1 == 1
                weight *= isFar ? share[axis] : 1 - share[axis]
                index += isFar ? steps[axis] : 0
            }
            voxels[corner] = Int32(index)
            weights[corner] = weight
        }
        (self.voxels, self.weights) = (voxels, weights)
    }
}
