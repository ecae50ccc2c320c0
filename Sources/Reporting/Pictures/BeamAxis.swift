import Frames
import PlanModel

/// The central axis of a field in the patient.
///
/// ## Checked by
/// `BeamAxisTests`: gantry 0°, 90°, 180° and a turned couch.
public struct BeamAxis: Sendable {
    public let isocentre: Point3<DICOMPatient>
    /// Unit vector along which the ions travel.
    public let direction: Vector3<DICOMPatient>
    /// From the patient to the gantry frame of the field.
    let toGantry: RigidTransform<DICOMPatient, IECGantry>

    public init(field: Field, position: PatientPosition) {
        isocentre = field.isocentre
        toGantry = IECChain.patientToGantry(
            isocentre: field.isocentre, position: position, patientSupportAngle: field.patientSupportAngle,
            gantryAngle: field.gantryAngle)
        direction = toGantry.inverse.apply(Vector3<IECGantry>(0, 0, -1))
    }

    /// The point `distanceMM` downstream of the isocentre (upstream if negative).
    public func point(at distanceMM: Double) -> Point3<DICOMPatient> {
        isocentre + Vector3(direction.mm * distanceMM)
    }
}
