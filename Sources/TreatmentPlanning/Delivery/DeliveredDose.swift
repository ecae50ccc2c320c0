import CaseFiles
import Frames
import PatientModel
import PencilBeam
import PlanEvaluation
import PlanModel
import Quantities
import Radiobiology
import Volumes

/// The fraction that was delivered beside the one that was planned: gamma, dose-volume figures and goals.
///
/// Totals are those of a course of fractions like this one, so that goals and prescription apply.
///
/// ## Checked by
/// `DeliveredDoseTests`.
public struct DeliveredDose: Sendable {
    /// One delivered fraction by field number.
    public var fieldDoses: [Int: DoseDistribution]
    public var planned: TreatmentEvaluation
    public var delivered: TreatmentEvaluation
    /// Planned (reference) against delivered RBE-weighted and absorbed dose.
    public var rbeWeighted: DoseComparison
    public var physical: DoseComparison

    /// Goals that the plan meets and the delivered dose does not.
    public var lostGoals: [GoalResult] {
        zip(planned.goals, delivered.goals).filter { $0.isMet && !$1.isMet }.map(\.1)
    }
}

extension Planner {
    /// The patient's outline on the dose grid.
    ///
    /// - Throws: `PlanningError.emptyStructures` if it is not there.
    public var bodyMask: StructureMask {
        get throws {
            let name = input.request.patient.externalName
            guard let body = masks.byName[name] else { throw PlanningError.emptyStructures([name]) }
            return body
        }
    }

    /// Centre of a structure, by the parts of the voxels that lie in it.
    ///
    /// - Parameter name: Of the structure.
    /// - Returns: nil if it is not on the dose grid.
    public func centre(of name: String) -> Point3<DICOMPatient>? {
        masks.byName[name].flatMap { try? SpotPlacement.centroid(of: $0, name: name) }
    }

    /// Compares the dose of a delivered fraction with the planned one.
    ///
    /// - Parameters:
    ///   - delivered: Dose of the delivered fraction by field number.
    ///   - planned: Dose of the planned fraction by field number.
    ///   - plan: Its prescription and fields.
    ///   - criteria: Of gamma.
    ///   - progress: Called with the finished share, 0...1.
    /// - Throws: `GammaError`, `CancellationError`, `PlanningError.emptyStructures` if the outline is not on the dose grid.
    public func compare(
        delivered: [Int: DoseDistribution], planned: [Int: DoseDistribution], plan: Plan,
        criteria: GammaCriteria = GammaCriteria(doseDifference: 0.01, distanceMM: 1),
        progress: (Double) -> Void = { _ in }
    ) async throws -> DeliveredDose {
        let names = input.patient.structures.structures.map(\.name)
        func evaluation(_ doses: [Int: DoseDistribution]) -> TreatmentEvaluation {
            self.evaluation(
                of: DoseDistribution.sum(plan.fields.compactMap { doses[$0.number] }) ?? zeroDose,
                prescription: plan.prescription, goals: input.request.goals)
        }
        let (before, after) = (evaluation(planned), evaluation(delivered))
        let body = try bodyMask
        let structures = names.compactMap { name in masks.byName[name].map { (name: name, mask: $0) } }
        func comparison(_ quantity: DoseQuantity, from start: Double) async throws -> DoseComparison {
            try await DoseComparison.compute(
                reference: before.dose.volume(quantity), evaluated: after.dose.volume(quantity),
                criteria: criteria, body: body, structures: structures, threads: input.threads
            ) { progress(start + 0.5 * $0) }
        }
        return DeliveredDose(
            fieldDoses: delivered, planned: before, delivered: after,
            rbeWeighted: try await comparison(.rbeWeighted, from: 0),
            physical: try await comparison(.physical, from: 0.5))
    }
}
