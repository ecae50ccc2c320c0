import Frames
import PlanEvaluation
import PlanModel
import Radiobiology
import TestSupport
import Testing
import TreatmentPlanning
import Volumes

/// Fractions add up in D and D z*, not in RBE-weighted dose.
@Suite struct CumulativeDoseTests {
    static func fraction(_ dose: Float, zStar: Float) -> DoseDistribution {
        let grid = VolumeGeometry(
            dimensions: SIMD3(2, 1, 1), origin: Point3(0, 0, 0), spacingMM: SIMD3(1, 1, 1),
            frameOfReferenceUID: "1")
        func volume(_ value: Float) -> Volume<Float> { Volume(geometry: grid, values: [value, 2 * value]) }
        return DoseDistribution(
            dose: volume(dose), doseZStar: volume(dose * zStar), doseLET: volume(dose * 50))
    }

    @Test func equalFractionsAreTheCourse() throws {
        let model = BiologicalModel.clinicalMKM(.nirs2015)
        let fraction = Self.fraction(1.2, zStar: 3)
        var sum = CumulativeDose()
        #expect(sum.planDose(model) == nil)
        for _ in 0..<4 { sum.add(fraction) }
        let course = PlanDose(distribution: fraction, biologicalModel: model, fractions: 4)
        let total = try #require(sum.planDose(model))
        for i in 0..<2 {
            expectClose(
                Double(total.rbeWeighted.values[i]), Double(course.rbeWeighted.values[i]), relative: 1e-5,
                because: "the same fractions")
            expectClose(
                Double(total.physical.values[i]), Double(course.physical.values[i]), relative: 1e-6,
                because: "the same fractions")
        }
        expectClose(Double(total.averagedLET().values[1]), 50, relative: 1e-5, because: "the LET of each")
    }

    @Test func unequalFractionsTakeTheRBEOfTheirMean() throws {
        let model = BiologicalModel.clinicalMKM(.nirs2015)
        var sum = CumulativeDose()
        sum.add(Self.fraction(1.5, zStar: 2))
        sum.add(Self.fraction(0.5, zStar: 6))
        #expect(sum.fractions == 2)
        let total = try #require(sum.planDose(model))
        let mean = model.rbeWeightedDose(dose: 1, doseZStar: 3).value
        expectClose(
            Double(total.rbeWeighted.values[0]), 2 * mean, relative: 1e-5, because: "mean fraction, twice")
        let single =
            model.rbeWeightedDose(dose: 1.5, doseZStar: 3).value
            + model.rbeWeightedDose(dose: 0.5, doseZStar: 3).value
        #expect(abs(2 * mean / single - 1) > 1e-3)
    }
}
