import PlanEvaluation
import PlanModel
import Testing

@Suite struct RobustnessEvaluationTests {
    @Test func scenariosAreBothSidesOfEveryError() {
        let all = ErrorScenario.each(setUpErrorMM: [3, 3, 3], rangeError: 0.035)
        #expect(all.count == 8)
        #expect(
            all.map(\.name) == [
                "left 3 mm", "right 3 mm", "back 3 mm", "front 3 mm", "head 3 mm", "feet 3 mm",
                "stopping +3.5 %", "stopping −3.5 %",
            ])
        #expect(all.reduce(SIMD3<Double>.zero) { $0 + $1.shiftMM } == .zero)
        #expect(
            ErrorScenario.each(setUpErrorMM: [0, 2, 0], rangeError: 0).map(\.name) == [
                "back 2 mm", "front 2 mm",
            ])
        #expect(ErrorScenario.each(setUpErrorMM: .zero, rangeError: 0).isEmpty)
        #expect(ErrorScenario.nominal.name == "as planned")
    }

    private static func result(_ goal: ClinicalGoal, _ value: Double?) -> GoalResult {
        let isMet = value.map { goal.comparison == .atLeast ? $0 >= goal.value : $0 <= goal.value } ?? false
        return GoalResult(
            goal: goal, value: value, isMet: isMet,
            finding: Finding(severity: .information, code: "EVAL-0001", message: ""))
    }

    private static func robustness(_ values: [(Double, Double?, Double?)]) -> RobustnessEvaluation {
        let least = ClinicalGoal(
            structureName: "CTV", metric: .doseAtVolume(0.95), comparison: .atLeast, value: 57)
        let most = ClinicalGoal(structureName: "Cord", metric: .maximumDose, comparison: .atMost, value: 30)
        let outcomes = zip(
            [.nominal] + ErrorScenario.each(setUpErrorMM: [3, 0, 0], rangeError: 0.03), values
        ).map { scenario, value in
            RobustnessEvaluation.Outcome(
                scenario: scenario, targetD95: value.0, targetD2: 120 - value.0,
                goals: [result(least, value.1), result(most, value.2)])
        }
        return RobustnessEvaluation(nominal: outcomes[0], outcomes: Array(outcomes.dropFirst()))
    }

    @Test func theWorstIsTheLowestOrTheHighestAsTheGoalAsks() {
        let robustness = Self.robustness([(58, 58, 20), (55, 55, 25), (57, 57, 31), (59, 59, 10)])
        #expect(robustness.worstTargetD95.targetD95 == 55)
        #expect(robustness.worstTargetD95.scenario.name == "left 3 mm")
        #expect(robustness.worstTargetD2.targetD2 == 65)
        #expect(robustness.worst(goal: 0).result.value == 55)
        #expect(robustness.worst(goal: 1).result.value == 31)
        #expect(robustness.worst(goal: 1).scenario.name == "right 3 mm")
        #expect(robustness.goalsAlwaysMet == 0)
    }

    @Test func thePlanAsMadeMayBeTheWorst() {
        let robustness = Self.robustness([(57, 57, 29), (58, 58, 25), (58, 58, 28), (59, 59, 10)])
        #expect(robustness.worstTargetD95.scenario == .nominal)
        #expect(robustness.worst(goal: 1).scenario == .nominal)
        #expect(robustness.goalsAlwaysMet == 2)
    }

    @Test func aGoalWithoutAValueIsWorseThanAll() {
        let robustness = Self.robustness([(57, 57, 29), (58, nil, 25), (58, 58, nil), (59, 59, 10)])
        #expect(robustness.worst(goal: 0).result.value == nil)
        #expect(robustness.worst(goal: 1).result.value == nil)
        #expect(robustness.goalsAlwaysMet == 0)
    }
}
