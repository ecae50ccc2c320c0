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
            return Self.evaluation(
                of: name, mask: mask, dose: dose, letd: letd, prescribed: prescribed,
                isTarget: name == prescription.targetName)
        }
        self.goals = GoalEvaluation.evaluate(goals, dose: dose, masks: masks, prescribedDose: prescribed)
    }

    private static func evaluation(
        of name: String, mask: StructureMask, dose: PlanDose, letd: Volume<Float>, prescribed: Double,
        isTarget: Bool
    ) -> StructureEvaluation? {
        let width = prescribed / 1000
        guard let histogram = DoseVolumeHistogram(dose: dose.rbeWeighted, mask: mask, binWidth: width)
        else { return nil }
        let conformity =
            isTarget
            ? Conformity(dose: dose.rbeWeighted, target: mask, prescribedDose: 0.95 * prescribed) : nil
        let curve = histogram.cumulative.enumerated().map { SIMD2(Double($0.offset) * width, $0.element) }
        return StructureEvaluation(
            structureName: name, volumeCM3: mask.volumeCM3, curve: curve,
            d98: histogram.dose(atVolume: 0.98), d95: histogram.dose(atVolume: 0.95),
            d50: histogram.dose(atVolume: 0.5), d2: histogram.dose(atVolume: 0.02),
            meanDose: histogram.mean, maximumDose: histogram.maximum,
            v95: histogram.volume(atDose: 0.95 * prescribed),
            meanLETd: DoseVolumeHistogram(dose: letd, mask: mask)?.mean,
            homogeneityIndex: isTarget ? histogram.homogeneityIndex : nil,
            conformityIndex: conformity?.paddickIndex)
    }
}
