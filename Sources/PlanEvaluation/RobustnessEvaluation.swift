import PatientModel
import PlanModel
import Quantities

/// What becomes of a plan under errors: figures of the target and of every goal in each scenario, and the worst of them.
///
/// The errors are those of all fractions (systematic); nothing is averaged over fractions.
///
/// ## Checked by
/// `RobustnessEvaluationTests`, `PlannerRobustnessTests`.
public struct RobustnessEvaluation: Sendable {
    /// Figures of one scenario.
    public struct Outcome: Sendable {
        public var scenario: ErrorScenario
        /// D95 of the target, Gy (RBE).
        public var targetD95: Double
        /// D2 of the target, Gy (RBE).
        public var targetD2: Double
        /// Results in the order of the goals.
        public var goals: [GoalResult]

        /// - Parameters:
        ///   - scenario: What went wrong.
        ///   - targetD95: D95 of the target, Gy (RBE).
        ///   - targetD2: D2 of the target, Gy (RBE).
        ///   - goals: Results in the order of the goals.
        public init(scenario: ErrorScenario, targetD95: Double, targetD2: Double, goals: [GoalResult]) {
            self.scenario = scenario
            self.targetD95 = targetD95
            self.targetD2 = targetD2
            self.goals = goals
        }

        /// The figures of a dose.
        ///
        /// - Parameters:
        ///   - scenario: What went wrong.
        ///   - dose: Dose of all fractions under it.
        ///   - goals: Goals to be judged.
        ///   - prescription: Target and dose.
        ///   - masks: Structures by name on the dose grid.
        /// - Returns: nil where the target has no voxel on the grid.
        public init?(
            scenario: ErrorScenario, dose: PlanDose, goals: [ClinicalGoal], prescription: Prescription,
            masks: [String: StructureMask]
        ) {
            guard let mask = masks[prescription.targetName],
                let histogram = DoseVolumeHistogram(dose: dose.rbeWeighted, mask: mask)
            else { return nil }
            self.init(
                scenario: scenario, targetD95: histogram.dose(atVolume: 0.95),
                targetD2: histogram.dose(atVolume: 0.02),
                goals: GoalEvaluation.evaluate(
                    goals, dose: dose, masks: masks, prescribedDose: prescription.totalDose.value))
        }
    }

    /// The plan as it was made.
    public var nominal: Outcome
    /// One for each scenario, in their order.
    public var outcomes: [Outcome]

    /// - Parameters:
    ///   - nominal: The plan as it was made.
    ///   - outcomes: One for each scenario.
    public init(nominal: Outcome, outcomes: [Outcome]) {
        self.nominal = nominal
        self.outcomes = outcomes
    }

    private var all: [Outcome] { [nominal] + outcomes }

    /// Lowest D95 of the target of all scenarios, the plan as made among them.
    public var worstTargetD95: Outcome { all.min { $0.targetD95 < $1.targetD95 } ?? nominal }

    /// Highest D2 of the target.
    public var worstTargetD2: Outcome { all.max { $0.targetD2 < $1.targetD2 } ?? nominal }

    /// The scenario in which a goal fares worst: lowest value of one that asks for at least, highest of one that asks for at most; one
    /// without a value is worse than all.
    ///
    /// - Parameter index: Number of the goal, from 0.
    public func worst(goal index: Int) -> (scenario: ErrorScenario, result: GoalResult) {
        let isAtLeast = nominal.goals[index].goal.comparison == .atLeast
        func badness(_ result: GoalResult) -> Double {
            result.value.map { isAtLeast ? -$0 : $0 } ?? .infinity
        }
        let worst = all.max { badness($0.goals[index]) < badness($1.goals[index]) } ?? nominal
        return (worst.scenario, worst.goals[index])
    }

    /// Goals that are met in every scenario.
    public var goalsAlwaysMet: Int {
        nominal.goals.indices.count { index in all.allSatisfy { $0.goals[index].isMet } }
    }
}
