import Frames

/// The part of a plane that a picture shows, and the way between patient and picture coordinates.
///
/// Picture coordinates are mm from the upper left corner, the first to the right, the second down.
///
/// ## Checked by
/// `SliceViewTests`: golden points of the three planes, and patient left on the right of an axial picture.
public struct SliceView: Hashable, Sendable {
    public let plane: AnatomicalPlane
    /// Position of the plane along its normal, DICOM patient, mm.
    public let normalMM: Double
    /// Patient coordinate along the across axis at the left edge, mm.
    let leftMM: Double
    /// Patient coordinate along the down axis at the top edge, mm.
    let topMM: Double
    /// Width and height, mm.
    public let sizeMM: SIMD2<Double>

    /// A view of `plane` through `point` that shows the box from `lower` to `upper` (DICOM patient, mm).
    ///
    /// - Precondition: `upper` beyond `lower` on the two axes of the picture.
    public init(
        plane: AnatomicalPlane, through point: Point3<DICOMPatient>, lower: SIMD3<Double>,
        upper: SIMD3<Double>
    ) {
        self.plane = plane
        normalMM = point.mm[plane.normalAxis]
        let (across, down) = (plane.acrossAxis, plane.downAxis)
        leftMM = lower[across]
        topMM = plane.downSign > 0 ? lower[down] : upper[down]
        sizeMM = SIMD2(upper[across] - lower[across], upper[down] - lower[down])
        precondition(sizeMM.x > 0 && sizeMM.y > 0, "empty view")
    }

    /// Where a patient point falls in the picture, mm; its distance from the plane is dropped.
    public func position(of point: Point3<DICOMPatient>) -> SIMD2<Double> {
        SIMD2(
            point.mm[plane.acrossAxis] - leftMM, plane.downSign * (point.mm[plane.downAxis] - topMM))
    }

    /// The direction of a patient vector in the picture, mm.
    func direction(of vector: Vector3<DICOMPatient>) -> SIMD2<Double> {
        SIMD2(vector.mm[plane.acrossAxis], plane.downSign * vector.mm[plane.downAxis])
    }

    /// The patient point in the plane at a picture position (mm).
    public func point(at position: SIMD2<Double>) -> Point3<DICOMPatient> {
        var mm = SIMD3<Double>()
        mm[plane.normalAxis] = normalMM
        mm[plane.acrossAxis] = leftMM + position.x
        mm[plane.downAxis] = topMM + plane.downSign * position.y
        return Point3(mm)
    }
}
