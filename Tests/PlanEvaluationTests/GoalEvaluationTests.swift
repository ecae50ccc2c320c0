import PatientModel
import PlanEvaluation
import PlanModel
import Radiobiology
import TestSupport
import Testing
import Volumes

@Suite struct GoalEvaluationTests {
    /// Ten fractions of 3 and 1 Gy at RBE 2 in the two halves of a box of 8 cm³.
    private func box() -> (dose: PlanDose, masks: [String: StructureMask]) {
        let grid = Phantom.grid(SIMD3(20, 20, 20))
        let dose = Phantom.volume(grid) { $0.x < 10 ? 3 : 1 }
        let distribution = DoseDistribution(
            dose: dose, doseZStar: dose.map { 5 * $0 },
            doseLET: Phantom.volume(grid) { $0.x < 10 ? 3 * 40 : 1 * 80 })
        return (
            PlanDose(distribution: distribution, biologicalModel: .constantRBE(2), fractions: 10),
            ["Hot": Phantom.mask(grid) { $0.x < 10 ? 1 : 0 }, "All": Phantom.mask(grid) { _ in 1 }]
        )
    }

    private func value(_ name: String, _ metric: DoseVolumeMetric, _ quantity: DoseQuantity) -> Double? {
        let (dose, masks) = box()
        let goal = ClinicalGoal(
            structureName: name, metric: metric, comparison: .atMost, value: 1, quantity: quantity)
        return GoalEvaluation.evaluate([goal], dose: dose, masks: masks, prescribedDose: 60)[0].value
    }

    @Test func everyMetricByHand() throws {
        #expect(value("All", .maximumDose, .physical) == 30)
        #expect(value("All", .maximumDose, .rbeWeighted) == 60)
        #expect(value("All", .minimumDose, .rbeWeighted) == 20)
        expectClose(try #require(value("All", .meanDose, .rbeWeighted)), 40, relative: 1e-6, because: "half")
        #expect(value("All", .doseAtVolume(0.4), .rbeWeighted) == 60)
        #expect(value("All", .doseAtVolume(0.6), .rbeWeighted) == 20)
        #expect(value("All", .doseAtAbsoluteVolume(cm3: 3.9), .rbeWeighted) == 60)
        #expect(value("All", .doseAtAbsoluteVolume(cm3: 9), .rbeWeighted) == nil)
        expectClose(
            try #require(value("All", .volumeAtDose(50), .rbeWeighted)), 0.5, relative: 1e-9, because: "half")
        expectClose(
            try #require(value("All", .homogeneityIndex, .rbeWeighted)), 40.0 / 60, relative: 1e-6,
            because: "D50 is of the hot half")
        expectClose(
            try #require(value("Hot", .conformityIndex, .rbeWeighted)), 1, relative: 1e-6, because: "fits")
        expectClose(
            try #require(value("All", .conformityIndex, .rbeWeighted)), 0.5, relative: 1e-6,
            because: "4²/(8 · 4)")
        expectClose(
            try #require(value("All", .meanLETd, .rbeWeighted)), 60, relative: 1e-6,
            because: "volume mean of 40 and 80")
    }

    @Test func comparisonDecidesAndFindingsSayWhy() {
        let (dose, masks) = box()
        let goals = [
            ClinicalGoal(
                structureName: "Hot", metric: .doseAtVolume(0.95), comparison: .atLeast, value: 57.76),
            ClinicalGoal(structureName: "All", metric: .volumeAtDose(50), comparison: .atMost, value: 0.2),
            ClinicalGoal(structureName: "Chiasm", metric: .maximumDose, comparison: .atMost, value: 40),
            ClinicalGoal(
                structureName: "Hot", metric: .doseAtAbsoluteVolume(cm3: 50), comparison: .atMost, value: 40),
        ]
        let results = GoalEvaluation.evaluate(goals, dose: dose, masks: masks, prescribedDose: 60)
        #expect(results.map(\.isMet) == [true, false, false, false])
        #expect(results.map(\.finding.code) == ["EVAL-0001", "EVAL-0002", "EVAL-0003", "EVAL-0004"])
        #expect(results.map(\.finding.severity) == [.information, .failure, .failure, .failure])
        #expect(results[0].finding.message == "Hot D95% >= 57.76 Gy (RBE): met with 60 Gy (RBE)")
        #expect(results[1].finding.message == "All V50 Gy (RBE) <= 20 %: missed with 50 %")
        #expect(results[3].finding.path == "goals[3]")
    }

    @Test func clinicalDoseOfAFractionIsNotLinear() {
        let grid = Phantom.grid(SIMD3(1, 1, 1))
        let one = Volume<Float>(geometry: grid, values: [1])
        let model = ClinicalMKM.nirs2015
        let distribution = DoseDistribution(dose: one, doseZStar: one.map { 9.6 * $0 }, doseLET: one)
        let dose = PlanDose(distribution: distribution, biologicalModel: .clinicalMKM(model), fractions: 16)
        expectClose(
            Double(dose.rbeWeighted.values[0]), 16 * model.clinicalDose(dose: 1, doseZStar: 9.6).value,
            relative: 1e-6, because: "n times the dose of a fraction; single precision")
        #expect(dose.averagedLET().values == [1])
    }
}
