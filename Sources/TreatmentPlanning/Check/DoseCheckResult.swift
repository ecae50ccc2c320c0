import PlanEvaluation
import PlanModel
import Reporting
import Volumes

/// What an independent dose check found.
public struct DoseCheckResult: Sendable {
    /// One dose of the plan or of a field beside the recomputed one.
    public struct Subject: Sendable {
        public var dose: DoseUnderCheck
        /// For example `RBE-weighted dose of the plan`.
        public var title: String
        public var comparison: DoseComparison
        /// Figures in the patient.
        public var patient: GammaResult.Summary
        /// Figures in the target; nil if no point of it is above the threshold.
        public var target: GammaResult.Summary?
    }

    /// How far the two doses reach along one field.
    public struct FieldRange: Sendable {
        public var field: Field
        /// Whether it is the range of this field: its own dose, or the plan has one field. If not, it is the edge of the plan's dose
        /// along this field.
        public var isOfField: Bool
        /// For example `absorbed dose of the field`.
        public var doseName: String
        public var quantity: DoseQuantity
        /// The dose under check and the recomputed one, each on its own grid.
        public var reference: Volume<Float>
        public var evaluated: Volume<Float>
        public var comparison: RangeComparison
        /// Part of the fall at the edge that is this field's, median over the rays; nil for a field's own dose.
        public var ownShare: Double?
    }

    /// One line of the verdict.
    public struct Criterion: Sendable {
        public enum Kind: String, Sendable {
            /// Share of points with γ ≤ 1, at least the limit.
            case gamma
            /// Departure from 1 of mean recomputed over mean planned dose where the dose is high, at most the limit.
            case meanDose = "mean-dose"
            /// Standard error over dose of a voxel, at most the limit: beyond it, the others mean nothing.
            case noise
            /// Magnitude of the median range difference, mm, at most the limit.
            case range
        }
        public var kind: Kind
        public var name: String
        public var value: Double
        public var limit: Double
        public var isMet: Bool
    }

    public var subjects: [Subject]
    public var ranges: [FieldRange]
    public var criteria: [Criterion]
    /// Recomputed dose of one fraction by field number, on the grid of the engine.
    public var fieldDoses: [Int: DoseDistribution]
    /// Recomputed dose of one fraction of the whole plan.
    public var fractionDose: DoseDistribution
    /// Mean relative standard error of the plan's dose in the target; nil without Monte Carlo.
    public var uncertainty: Double?
    /// What a report says about the engine.
    public var engineFacts: [ReportFact]
    /// What the comparison found; those of the objects are in the setup.
    public var findings: [Finding]

    /// Whether every criterion is met.
    public var isPassed: Bool { criteria.allSatisfy(\.isMet) }
}
