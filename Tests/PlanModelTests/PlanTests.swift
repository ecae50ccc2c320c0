import Frames
import PlanModel
import Quantities
import Testing

@Suite struct PlanTests {
    @Test func countsSpotsAndIons() {
        let layer = EnergyLayer(
            energy: EnergyPerNucleon(290),
            spots: [
                Spot(positionMM: SIMD2(0, 0), particles: 1e5), Spot(positionMM: SIMD2(2, 0), particles: 3e5),
            ])
        let field = Field(
            number: 1, name: "A", portID: "gantry", gantryAngle: AngleDegrees(90),
            patientSupportAngle: AngleDegrees(0), isocentre: Point3(0, 0, 0), layers: [layer, layer])
        #expect(layer.particles == 4e5)
        #expect(field.spotCount == 4)
        #expect(field.particles == 8e5)
    }

    @Test func dosePerFractionOfTheClinicalPrescription() {
        let prescription = Prescription(targetName: "CTV", totalDose: RBEWeightedDose(60.8), fractions: 16)
        #expect(abs(prescription.dosePerFraction.value - 3.8) < 1e-12)
    }

    @Test func findingsAreOrderedBySeverity() {
        #expect(Finding.Severity.information < .warning)
        #expect(Finding.Severity.warning < .failure)
        #expect(!(Finding.Severity.failure < .information))
    }
}
