import PlanModel
import Reporting
import Testing

@Suite struct GoalTextTests {
    @Test func writesMetricLimitAndUnit() {
        func goal(_ metric: DoseVolumeMetric, _ value: Double, _ quantity: DoseQuantity = .rbeWeighted)
            -> ClinicalGoal
        {
            ClinicalGoal(
                structureName: "a", metric: metric, comparison: .atMost, value: value, quantity: quantity)
        }
        #expect(GoalText.metric(goal(.doseAtVolume(0.95), 57.76)) == "D95")
        #expect(GoalText.metric(goal(.doseAtVolume(0.005), 57.76)) == "D0.5")
        #expect(GoalText.metric(goal(.doseAtAbsoluteVolume(cm3: 0.7), 30)) == "D0.7 cm³")
        #expect(GoalText.metric(goal(.volumeAtDose(30), 0.2, .physical)) == "V30 Gy")
        #expect(GoalText.limit(goal(.doseAtVolume(0.95), 57.76)) == "≤ 57.76 Gy (RBE)")
        #expect(GoalText.limit(goal(.volumeAtDose(30), 0.2)) == "≤ 20.0\u{00A0}%")
        #expect(GoalText.limit(goal(.meanLETd, 55)) == "≤ 55.0 keV/µm")
        #expect(GoalText.value(.nan, goal(.meanDose, 1)) == "–")
    }
}
