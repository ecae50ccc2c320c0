import Frames
import Volumes

#if canImport(Glibc)
    import Glibc
#endif

/// Grids for dose, made from images and structures.
public enum DoseGrid {
    /// A grid that covers a structure with a margin, cut at the edges of the CT.
    ///
    /// Voxel edges lie at whole multiples of the spacing from the lower corner of the CT, so that two grids of one
    /// spacing on one CT share their voxels.
    ///
    /// - Parameters:
    ///   - structure: What must be covered, usually the external contour.
    ///   - ct: The grid of the planning CT.
    ///   - spacingMM: Voxel size along x, y, z; positive.
    ///   - marginMM: Added on all sides.
    ///   - corner: A corner of voxels, in place of the CT's lower corner: with that of another dose and its spacing, the
    ///     grid shares that dose's voxels.
    /// - Throws: `StructureMaskError` if the structure has no contours or lies outside the CT.
    ///
    /// ## Checked by
    /// `DoseGridTests`.
    public static func covering(
        _ structure: Structure, in ct: VolumeGeometry, spacingMM: SIMD3<Double>, marginMM: Double,
        sharingCorner corner: Point3<DICOMPatient>? = nil
    ) throws(StructureMaskError) -> VolumeGeometry {
        let planes = try ContourPlane.planes(of: structure, singlePlaneMM: ct.spacingMM.z)
        var low = SIMD3<Double>(repeating: .infinity)
        var high = SIMD3<Double>(repeating: -.infinity)
        for plane in planes {
            low.z = min(low.z, plane.lowerMM)
            high.z = max(high.z, plane.upperMM)
            for p in plane.polygons.joined() {
                low = SIMD3(min(low.x, p.x), min(low.y, p.y), low.z)
                high = SIMD3(max(high.x, p.x), max(high.y, p.y), high.z)
            }
        }
        let start = ct.lowerCorner.mm
        let end = ct.upperCorner.mm
        let corner = corner?.mm ?? start
        var first = SIMD3<Double>.zero
        var dimensions = SIMD3<Int>(repeating: 1)
        for axis in 0..<3 {
            let lower = max(low[axis] - marginMM, start[axis])
            let upper = min(high[axis] + marginMM, end[axis])
            guard upper > lower else { throw .outsideGrid(structure: structure.name) }
            first[axis] = floor((lower - corner[axis]) / spacingMM[axis] + 1e-6)
            let last = ceil((upper - corner[axis]) / spacingMM[axis] - 1e-6)
            dimensions[axis] = max(Int(last - first[axis]), 1)
        }
        return VolumeGeometry(
            dimensions: dimensions, origin: Point3(corner + (first + 0.5) * spacingMM),
            spacingMM: spacingMM, frameOfReferenceUID: ct.frameOfReferenceUID)
    }
}
