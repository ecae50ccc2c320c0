import Frames

/// A regular grid of voxels with its axes along those of the DICOM patient frame.
///
/// Index order is `[z][y][x]`, x fastest. Index 0 is the most negative coordinate on each axis, and a value
/// stands for the centre of its voxel.
public struct VolumeGeometry: Hashable, Sendable {
    // Single numbers for the alignment, see `Point3`.
    @usableFromInline let columns: Int
    @usableFromInline let rows: Int
    @usableFromInline let planes: Int
    @usableFromInline let spacing: Vector3<DICOMPatient>

    /// Number of voxels along x, y, z; all at least 1.
    @inlinable public var dimensions: SIMD3<Int> { SIMD3(columns, rows, planes) }
    /// Centre of voxel (0, 0, 0), mm.
    public let origin: Point3<DICOMPatient>
    /// Distance of voxel centres along x, y, z, mm; all positive.
    @inlinable public var spacingMM: SIMD3<Double> { spacing.mm }
    /// DICOM Frame of Reference UID (0020,0052). Two volumes may be combined only if this is equal.
    public let frameOfReferenceUID: String

    /// - Precondition: dimensions at least 1, spacing positive and finite.
    public init(
        dimensions: SIMD3<Int>, origin: Point3<DICOMPatient>, spacingMM: SIMD3<Double>,
        frameOfReferenceUID: String
    ) {
        precondition(dimensions.x > 0 && dimensions.y > 0 && dimensions.z > 0, "empty volume")
        precondition(
            spacingMM.x > 0 && spacingMM.y > 0 && spacingMM.z > 0
                && (spacingMM.x * spacingMM.y * spacingMM.z).isFinite, "spacing not positive")
        (columns, rows, planes) = (dimensions.x, dimensions.y, dimensions.z)
        self.origin = origin
        spacing = Vector3(spacingMM)
        self.frameOfReferenceUID = frameOfReferenceUID
    }

    /// Number of voxels.
    @inlinable public var voxelCount: Int { dimensions.x * dimensions.y * dimensions.z }
    /// Volume of one voxel, mm³.
    @inlinable public var voxelVolumeMM3: Double { spacingMM.x * spacingMM.y * spacingMM.z }

    /// Position in storage of voxel (x, y, z).
    @inlinable public func index(_ x: Int, _ y: Int, _ z: Int) -> Int {
        (z * dimensions.y + y) * dimensions.x + x
    }

    /// Voxel (x, y, z) of a position in storage.
    @inlinable public func voxel(at index: Int) -> SIMD3<Int> {
        let plane = dimensions.x * dimensions.y
        let (z, rest) = index.quotientAndRemainder(dividingBy: plane)
        let (y, x) = rest.quotientAndRemainder(dividingBy: dimensions.x)
        return SIMD3(x, y, z)
    }

    /// Centre of voxel (x, y, z), mm.
    @inlinable public func centre(_ x: Int, _ y: Int, _ z: Int) -> Point3<DICOMPatient> {
        Point3(origin.mm + SIMD3(Double(x), Double(y), Double(z)) * spacingMM)
    }

    /// Continuous voxel coordinates of a point: integers at voxel centres.
    @inlinable public func continuousIndex(_ p: Point3<DICOMPatient>) -> SIMD3<Double> {
        (p.mm - origin.mm) / spacingMM
    }

    /// Lower corner of the grid (half a voxel before the first centre), mm.
    @inlinable public var lowerCorner: Point3<DICOMPatient> {
        Point3(origin.mm - 0.5 * spacingMM)
    }

    /// Upper corner of the grid (half a voxel after the last centre), mm.
    @inlinable public var upperCorner: Point3<DICOMPatient> {
        let n = SIMD3(Double(dimensions.x), Double(dimensions.y), Double(dimensions.z))
        return Point3(origin.mm + (n - 0.5) * spacingMM)
    }
}
