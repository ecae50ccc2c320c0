import Frames
import PlanModel

/// Where a field's beams run in the patient: a bundle of straight rays that diverge from two virtual sources.
///
/// A ray is named by the point (u, v) where it crosses the isocentre plane (IEC gantry x, y, mm). At depth w
/// below that plane (w = −z of the gantry frame, mm, positive downstream) it is at
///
///     x = u (1 + w / S_x) ,   y = v (1 + w / S_y)                                          (1)
///
/// with the distances S of the two scanning centres from the isocentre.
///
/// ## Checked by
/// `FieldGeometryTests`.
public struct FieldGeometry: Hashable, Sendable {
    public let toGantry: RigidTransform<DICOMPatient, IECGantry>
    public let toPatient: RigidTransform<IECGantry, DICOMPatient>
    /// S_x, S_y, mm.
    public let sourceDistancesMM: SIMD2<Double>

    public init(field: Field, patientPosition: PatientPosition, sourceDistancesMM: SIMD2<Double>) {
        toGantry = IECChain.patientToGantry(
            isocentre: field.isocentre, position: patientPosition,
            patientSupportAngle: field.patientSupportAngle, gantryAngle: field.gantryAngle)
        toPatient = toGantry.inverse
        self.sourceDistancesMM = sourceDistancesMM
    }

    /// 1 + w/S: how much the bundle is wider at depth `w` than at the isocentre, x and y.
    public func magnification(depthMM w: Double) -> SIMD2<Double> { 1 + w / sourceDistancesMM }

    /// The ray (u, v) through a point and the point's depth w, mm.
    public func ray(through point: Point3<DICOMPatient>) -> (uv: SIMD2<Double>, depthMM: Double) {
        let p = toGantry.apply(point)
        let depth = -p.z
        return (SIMD2(p.x, p.y) / magnification(depthMM: depth), depth)
    }

    /// The point of ray (u, v) at depth `w`.
    public func point(uv: SIMD2<Double>, depthMM w: Double) -> Point3<DICOMPatient> {
        let xy = uv * magnification(depthMM: w)
        return toPatient.apply(Point3(xy.x, xy.y, -w))
    }

    /// Change of position per mm of depth along ray (u, v); its length is the path per depth (≥ 1).
    public func direction(uv: SIMD2<Double>) -> Vector3<DICOMPatient> {
        let slope = uv / sourceDistancesMM
        return toPatient.apply(Vector3(slope.x, slope.y, -1))
    }
}
