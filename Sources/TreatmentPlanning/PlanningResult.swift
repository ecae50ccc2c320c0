import PlanModel
import PlanOptimization
import Volumes

/// A finished plan with its dose.
public struct PlanningResult: Sendable {
    /// Size and cost of the influence matrix.
    public struct InfluenceSummary: Sendable {
        public var nonzeros: Int
        public var bytes: Int
        public var voxels: Int
        /// Share of the dose that small entries left out.
        public var droppedDoseFraction: Double
    }
    /// The optimisation and the matrix it went over.
    public struct Optimisation: Sendable {
        public var result: OptimisationResult
        public var influence: InfluenceSummary
    }
    public var plan: Plan
    /// Dose of one fraction by field number.
    public var fieldDoses: [Int: DoseDistribution]
    /// How the spot weights were found; nil for passive fields, which have none.
    public var optimisation: Optimisation?
    /// Ions of passive fields, in the order of the plan; empty for scanned ones.
    public var passive: [PassiveFieldFigures] = []
    public var findings: [Finding]

    /// Dose of one fraction of all fields, summed in the order of the plan's fields.
    public var fractionDose: DoseDistribution? {
        DoseDistribution.sum(plan.fields.compactMap { fieldDoses[$0.number] })
    }
}

extension DoseDistribution {
    /// The sum of doses on one grid in their order; nil for none.
    public static func sum(_ parts: [DoseDistribution]) -> DoseDistribution? {
        guard var total = parts.first else { return nil }
        for part in parts.dropFirst() {
            precondition(part.geometry == total.geometry, "doses on different grids")
            for i in total.dose.values.indices {
                total.dose.values[i] += part.dose.values[i]
                total.doseZStar.values[i] += part.doseZStar.values[i]
                total.doseLET.values[i] += part.doseLET.values[i]
            }
        }
        return total
    }
}
