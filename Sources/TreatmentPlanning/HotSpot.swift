import Frames
import PatientModel
import PlanEvaluation
import PlanModel
import Quantities
import Volumes

/// The highest dose of the body outside the target, if it is more than a target may receive.
///
/// A beam that runs on through air behind the target can leave such a dose far from it, in few voxels: no structure's
/// figures show it, and an objective for the whole body hardly feels it.
///
/// ## Checked by
/// `HotSpotTests`.
public struct HotSpot: Sendable, Equatable {
    /// Storage index of the voxel.
    public var voxel: Int
    /// Its total RBE-weighted dose, Gy (RBE).
    public var dose: Double

    /// Above this share of the prescription: the upper end of the dose that ICRU 50 (1993) allows in the target.
    public static let limitShare = 1.07

    /// The hottest voxel inside `outline` and wholly outside `target`; nil if none is above the limit.
    ///
    /// - Precondition: one grid.
    public init?(
        dose: PlanDose, target: StructureMask, outline: StructureMask, prescription: Prescription
    ) {
        precondition(dose.geometry == outline.geometry && dose.geometry == target.geometry)
        var isTarget = [Bool](repeating: false, count: dose.geometry.voxelCount)
        for voxel in target.indices { isTarget[Int(voxel)] = true }
        let values = dose.rbeWeighted.values
        var found: (voxel: Int, dose: Double)?
        let limit = Self.limitShare * prescription.totalDose.value
        for index in outline.indices where !isTarget[Int(index)] {
            let value = Double(values[Int(index)])
            if value > limit && value > found?.dose ?? 0 { found = (Int(index), value) }
        }
        guard let found else { return nil }
        (voxel, self.dose) = found
    }

    /// The warning for people.
    func finding(on grid: VolumeGeometry, targetName: String) -> Finding {
        let v = grid.voxel(at: voxel)
        let p = grid.centre(v.x, v.y, v.z)
        func rounded(_ value: Double) -> Double { (value * 10).rounded() / 10 }
        return Finding(
            severity: .warning, code: "PLAN-0100",
            message:
                "\(rounded(dose)) Gy (RBE) outside \(targetName) at (\(rounded(p.x)), \(rounded(p.y)), \(rounded(p.z))) mm "
                + "(more than 107 % of the prescription; a beam may run on through air) raise the priority of an "
                + "objective for the body there, or turn the field")
    }
}
