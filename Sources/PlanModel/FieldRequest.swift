import Frames
import Quantities

/// How absorbed dose becomes RBE-weighted dose.
public enum BiologyChoice: Hashable, Sendable {
    /// The clinical dose of NIRS/QST.
    case clinicalMKM
    case constantRBE(Double)
    /// RBE 1.
    case physical
}

/// Where a field's isocentre lies.
public enum IsocentreChoice: Hashable, Sendable {
    /// Centre of mass of the prescription's target.
    case targetCentre
    case point(Point3<DICOMPatient>)
}

/// One field as asked for: a direction without spots.
public struct FieldRequest: Hashable, Sendable {
    /// Unique in the plan.
    public var name: String
    /// Port of the machine.
    public var portID: String
    /// IEC 61217 gantry angle.
    public var gantryAngle: AngleDegrees
    /// IEC 61217 patient support angle.
    public var patientSupportAngle: AngleDegrees
    public var isocentre: IsocentreChoice
    /// Range shifter by its ID in the machine; nil for none.
    public var rangeShifterID: String?

    public init(
        name: String, portID: String, gantryAngle: AngleDegrees,
        patientSupportAngle: AngleDegrees, isocentre: IsocentreChoice,
        rangeShifterID: String? = nil
    ) {
        self.name = name
        self.portID = portID
        self.gantryAngle = gantryAngle
        self.patientSupportAngle = patientSupportAngle
        self.isocentre = isocentre
        self.rangeShifterID = rangeShifterID
    }
}
