import FacilityModel
import IonPhysics
import PencilBeam
import TestSupport
import Testing

@Suite struct ShifterPlateTests {
    private func plate(_ material: String) throws -> ShifterPlate {
        try ShifterPlate(
            RangeShifter(
                id: "RS", waterEquivalentThicknessMM: 30, isocentreDistanceMM: 300, material: material))
    }

    /// Ratios of 1/X_S per length worked out outside this project from composition and density.
    @Test(arguments: [
        ("PMMA", 1.16, 1.0376), ("acrylic", 1.16, 1.0376), ("polycarbonate", 1.151, 1.0219),
        ("polyethylene", 0.998, 0.7132), ("aluminium", 2.112, 4.4013), ("water", 1, 1),
    ])
    func usualMaterials(name: String, stopping: Double, scattering: Double) throws {
        let plate = try plate(name)
        expectClose(
            plate.properties.stoppingPowerRatio, stopping, relative: 0.01, because: "measured, or PSTAR")
        expectClose(
            plate.properties.scatteringRatio, scattering, relative: 1e-3, because: "scattering length")
        expectClose(
            plate.thicknessMM * plate.properties.stoppingPowerRatio, 30, relative: 1e-12,
            because: "its water-equivalent thickness")
    }

    /// Whatever has a name in the transport can be a range shifter of planning, with the same numbers.
    @Test(arguments: Material.named)
    func everyNamedMaterialIsThatOfTheTransport(material: Material) throws {
        let plate = try plate(material.name)
        #expect(plate.material == material)
        #expect(plate.properties == MaterialProperties(material))
    }

    @Test func refusesAnUnknownMaterialAndNamesTheKnown() {
        #expect(
            throws: PencilBeamError.unknownShifterMaterial(
                material: "cheese", known: Material.named.map(\.name))
        ) { _ = try plate("cheese") }
    }
}
