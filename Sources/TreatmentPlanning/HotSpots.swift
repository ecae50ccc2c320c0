import PatientModel
import PlanEvaluation
import PlanModel
import Quantities
import Volumes

/// High dose in places that the optimiser did not look at.
///
/// Large structures are thinned for the optimiser. A beam that runs on through air behind the target can leave a high
/// dose between the voxels that stay; only the final dose shows it. `Planner` adds such voxels and optimises again.
///
/// ## Checked by
/// `HotSpotsTests`.
public struct HotSpots: Sendable, Equatable {
    /// Voxels inside the outline, not seen by the optimiser, with `relevantShare` of the prescription or more.
    public var relevant: [Int32]
    /// The hottest voxel inside the outline that the optimiser did not see, if it is above `limitShare`.
    public var hottest: Int32?
    /// Its total RBE-weighted dose, Gy (RBE); 0 without such a voxel.
    public var greatestDose: Double

    /// Above this share of the prescription an unseen voxel is a hot spot: the upper end of the dose that
    /// ICRU 50 (1993) allows in the target itself.
    public static let limitShare = 1.07
    /// From this share on, unseen voxels are added with the hot ones, so that what is cut off one place does not
    /// appear beside it.
    public static let relevantShare = 0.8

    /// - Parameters:
    ///   - seen: Voxels of the optimiser, ascending.
    ///   - outline: The body.
    /// - Precondition: dose and outline on one grid.
    public init(dose: PlanDose, seen: [Int32], outline: StructureMask, prescription: Prescription) {
        precondition(dose.geometry == outline.geometry, "dose and outline are on different grids")
        var isSeen = [Bool](repeating: false, count: dose.geometry.voxelCount)
        for voxel in seen { isSeen[Int(voxel)] = true }
        let prescribed = prescription.totalDose.value
        let values = dose.rbeWeighted.values
        relevant = outline.indices.filter {
            !isSeen[Int($0)] && Double(values[Int($0)]) >= Self.relevantShare * prescribed
        }
        hottest = nil
        greatestDose = 0
        for voxel in relevant {
            let value = Double(values[Int(voxel)])
            if value > Self.limitShare * prescribed && value > greatestDose {
                (hottest, greatestDose) = (voxel, value)
            }
        }
    }
}
