import PatientModel
import PlanEvaluation
import PlanModel
import Quantities
import Radiobiology
import Reporting
import Volumes

/// What a plan's dose amounts to: totals, dose-volume figures of every structure, goals.
public struct TreatmentEvaluation: Sendable {
    public var dose: PlanDose
    /// In the order of the structure set; structures without volume on the dose grid are missing.
    public var structures: [StructureEvaluation]
    public var goals: [GoalResult]

    /// Evaluates the dose of one fraction.
    ///
    /// - Parameters:
    ///   - masks: Structures by name on the dose grid.
    ///   - order: Names in the order in which they are to be listed.
    public init(
        fractionDose: DoseDistribution, biology: BiologicalModel, prescription: Prescription,
        masks: [String: StructureMask], order: [String], goals: [ClinicalGoal]
    ) {
        let dose = PlanDose(
            distribution: fractionDose, biologicalModel: biology, fractions: prescription.fractions)
        let letd = dose.averagedLET()
        self.dose = dose
        let prescribed = prescription.totalDose.value
        structures = order.compactMap { name in
            guard let mask = masks[name] else { return nil }
            return StructureEvaluation(
                structureName: name, dose: dose, letD: letd, mask: mask, prescribedDose: prescribed,
                isTarget: name == prescription.targetName)
        }
        self.goals = GoalEvaluation.evaluate(goals, dose: dose, masks: masks, prescribedDose: prescribed)
    }
}
