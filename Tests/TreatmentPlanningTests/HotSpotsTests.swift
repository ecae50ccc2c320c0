import Frames
import PatientModel
import PlanEvaluation
import PlanModel
import Quantities
import Radiobiology
import TestSupport
import Testing
import TreatmentPlanning
import Volumes

@Suite struct HotSpotsTests {
    let geometry = VolumeGeometry(
        dimensions: SIMD3(6, 1, 1), origin: Point3(0, 0, 0), spacingMM: SIMD3(repeating: 2),
        frameOfReferenceUID: "1.2.3")
    let prescription = Prescription(targetName: "CTV", totalDose: RBEWeightedDose(60), fractions: 10)

    private func spots(_ totals: [Float], seen: [Int32]) -> HotSpots {
        let dose = Volume<Float>(geometry: geometry, values: totals.map { $0 / 10 })
        let zero = Volume<Float>(geometry: geometry, repeating: 0)
        let total = PlanDose(
            distribution: DoseDistribution(dose: dose, doseZStar: zero, doseLET: zero),
            biologicalModel: .physical, fractions: 10)
        // The last voxel is air.
        let outline = StructureMask(geometry: geometry, indices: [0, 1, 2, 3, 4], shares: [1, 1, 1, 1, 0.5])
        return HotSpots(dose: total, seen: seen, outline: outline, prescription: prescription)
    }

    @Test func whatTheOptimiserSawIsItsOwnBusiness() {
        let found = spots([90, 60, 47, 10, 0, 0], seen: [0, 1])
        #expect(found.hottest == nil && found.greatestDose == 0 && found.relevant.isEmpty)
    }

    @Test func unseenVoxelsAboveTheLimitAreNamedWithTheirSurroundings() {
        let found = spots([60, 65, 70, 49, 47, 200], seen: [0])
        #expect(found.hottest == 2)
        expectClose(
            found.greatestDose, 70, relative: 1e-6, because: "the voxel of 200 Gy is outside the body")
        #expect(found.relevant == [1, 2, 3], "80 % of 60 Gy is 48 Gy")
        #expect(spots([60, 64, 60, 49, 47, 200], seen: [0]).hottest == nil, "107 % of 60 Gy is 64.2 Gy")
    }
}
