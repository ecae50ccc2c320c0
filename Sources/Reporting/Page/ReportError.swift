import Frames
import PatientModel
import PlanModel
import Quantities
import Volumes

/// Why a report cannot be made.
public enum ReportError: Error, Equatable, CustomStringConvertible {
    /// The plan has no field, so there is no isocentre to show.
    case noField(plan: String)
    /// Images of different frames of reference may not be laid over each other.
    case otherFrameOfReference(what: String, found: String, expected: String)
    /// The isocentre is outside the CT.
    case isocentreOutsideCT(Point3<DICOMPatient>)
    /// The prescribed dose is not a positive number.
    case prescription(Double)

    public var description: String {
        switch self {
        case .noField(let plan):
            "plan \(plan) has no field (the pictures are centred on the isocentre) add a field"
        case .otherFrameOfReference(let what, let found, let expected):
            "\(what) has frame of reference \(found) (the CT has \(expected)) give images of one frame of reference"
        case .isocentreOutsideCT(let point):
            "the isocentre (\(point.x), \(point.y), \(point.z)) mm is outside the CT (there is nothing to show) "
                + "correct the isocentre of the first field"
        case .prescription(let dose):
            "the prescribed dose is \(dose) Gy (RBE) (doses are shown in per cent of it) give a positive dose"
        }
    }
}

extension TreatmentReport {
    /// Refuses what cannot be drawn.
    func check() throws(ReportError) {
        guard let field = plan.fields.first else { throw .noField(plan: plan.label) }
        let expected = ct.geometry.frameOfReferenceUID
        let others = [
            ("the dose", fractionDose.geometry.frameOfReferenceUID),
            ("the structure set", structures.frameOfReferenceUID),
        ]
        for (what, found) in others where found != expected {
            throw .otherFrameOfReference(what: what, found: found, expected: expected)
        }
        guard ct.hounsfield.nearest(to: field.isocentre) != nil else {
            throw .isocentreOutsideCT(field.isocentre)
        }
        let dose = plan.prescription.totalDose.value
        guard dose > 0, dose.isFinite else { throw .prescription(dose) }
    }
}
