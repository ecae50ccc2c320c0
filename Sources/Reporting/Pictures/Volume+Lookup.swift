import Frames
import Volumes

extension VolumeGeometry {
    /// Length of the diagonal of the grid, mm.
    var diagonalMM: Double { (upperCorner - lowerCorner).lengthMM }
}

extension Volume {
    /// The value of the voxel that holds the point; nil outside the grid.
    func nearest(to point: Point3<DICOMPatient>) -> Element? {
        let c = geometry.continuousIndex(point)
        let n = geometry.dimensions
        let (x, y, z) = (c.x.rounded(), c.y.rounded(), c.z.rounded())
        guard x >= 0, y >= 0, z >= 0, x < Double(n.x), y < Double(n.y), z < Double(n.z) else { return nil }
        return self[Int(x), Int(y), Int(z)]
    }
}

extension Volume where Element == Float {
    /// Box around the voxels of at least `threshold`, DICOM patient, mm; nil if there is none.
    func bounds(atLeast threshold: Float) -> (lower: SIMD3<Double>, upper: SIMD3<Double>)? {
        var lower = SIMD3(Int.max, Int.max, Int.max)
        var upper = SIMD3(-1, -1, -1)
        var index = 0
        for z in 0..<geometry.dimensions.z {
            for y in 0..<geometry.dimensions.y {
                for x in 0..<geometry.dimensions.x {
                    if values[index] >= threshold {
                        lower = pointwiseMin(lower, SIMD3(x, y, z))
                        upper = pointwiseMax(upper, SIMD3(x, y, z))
                    }
                    index += 1
                }
            }
        }
        guard upper.x >= 0 else { return nil }
        return (
            geometry.centre(lower.x, lower.y, lower.z).mm - 0.5 * geometry.spacingMM,
            geometry.centre(upper.x, upper.y, upper.z).mm + 0.5 * geometry.spacingMM
        )
    }
}
