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

@Suite struct HotSpotTests {
    let geometry = VolumeGeometry(
        dimensions: SIMD3(6, 1, 1), origin: Point3(0, 0, 0), spacingMM: SIMD3(repeating: 2),
        frameOfReferenceUID: "1.2.3")
    let prescription = Prescription(targetName: "CTV", totalDose: RBEWeightedDose(60), fractions: 10)

    /// The first voxel is target in part, the last one air.
    private func hotSpot(_ totals: [Float]) -> HotSpot? {
        let dose = Volume<Float>(geometry: geometry, values: totals.map { $0 / 10 })
        let zero = Volume<Float>(geometry: geometry, repeating: 0)
        let total = PlanDose(
            distribution: DoseDistribution(dose: dose, doseZStar: zero, doseLET: zero),
            biologicalModel: .physical, fractions: 10)
        return HotSpot(
            dose: total, target: StructureMask(geometry: geometry, indices: [0], shares: [0.2]),
            outline: StructureMask(geometry: geometry, indices: [0, 1, 2, 3, 4], shares: [1, 1, 1, 1, 0.5]),
            prescription: prescription)
    }

    @Test func theTargetAndTheAirAroundTheBodyDoNotCount() {
        #expect(hotSpot([90, 60, 47, 10, 0, 200]) == nil)
        #expect(hotSpot([60, 64, 60, 49, 47, 0]) == nil, "107 % of 60 Gy is 64.2 Gy")
    }

    @Test func theHottestVoxelOutsideTheTargetIsNamed() throws {
        let found = try #require(hotSpot([90, 65, 70, 49, 66, 200]))
        #expect(found.voxel == 2)
        expectClose(found.dose, 70, relative: 1e-6, because: "not the target's 90, not the 200 in air")
    }
}
