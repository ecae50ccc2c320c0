import IonPhysics
import TestSupport
import Testing

@Suite struct MaterialPropertiesTests {
    @Test func waterIsTheReference() throws {
        let water = MaterialProperties(.water)
        expectClose(water.stoppingPowerRatio, 1, relative: 1e-14, because: "definition")
        expectClose(water.scatteringRatio, 1, relative: 1e-14, because: "definition")
        expectClose(water.nuclearRatio, 1, relative: 1e-14, because: "definition")
        expectClose(water.meanExcitationEnergyEV, 75.3, absolute: 0.1, because: "ICRU 49 additivity")
    }

    /// PMMA's measured water-equivalent ratio is 1.16 (ICRU 44 density 1.19).
    @Test func pmma() {
        let pmma = MaterialProperties(.pmma)
        expectClose(pmma.stoppingPowerRatio, 1.16, relative: 0.01, because: "measured 1.155...1.165")
        expectClose(pmma.relativeElectronDensity, 1.157, relative: 0.003, because: "composition")
    }

    @Test func namesAndAliases() throws {
        #expect(try Material.named("Lucite") == Material.pmma)
        #expect(throws: IonPhysicsError.unknownMaterial("cheese")) { try Material.named("cheese") }
    }

    @Test func refusesCompositionsThatDoNotAddUp() {
        #expect(throws: IonPhysicsError.self) {
            try Material(name: "half", densityGPerCM3: 1, massFractions: [1: 0.1, 8: 0.4])
        }
        #expect(throws: IonPhysicsError.unknownElement(atomicNumber: 99)) {
            try Material(name: "odd", densityGPerCM3: 1, massFractions: [99: 1])
        }
        #expect(throws: IonPhysicsError.self) {
            try Material(name: "void", densityGPerCM3: 0, massFractions: [8: 1])
        }
    }

    /// Scattering lengths, not radiation lengths, which would give 64.3 for lead.
    @Test(arguments: [(Material.lead, 80.309), (.aluminium, 4.4013), (.pmma, 1.0376)])
    func scatteringIsThatOfTheScatteringLength(material: Material, ratio: Double) {
        expectClose(
            MaterialProperties(material).scatteringRatio, ratio, relative: 1e-3,
            because: "worked out outside this project")
    }

    /// A stated excitation energy is an absolute one: compared with water of 78 eV.
    @Test func aStatedExcitationEnergyIsComparedWithThatOfWater() throws {
        let same = try Material.water.withMeanExcitationEnergy(eV: 78)
        expectClose(
            MaterialProperties(same).stoppingPowerRatio, 1, relative: 1e-12,
            because: "water of 78 eV is water")
        let lower = MaterialProperties(try Material.water.withMeanExcitationEnergy(eV: 75))
        #expect(lower.meanExcitationEnergyEV == 75)
        expectClose(
            lower.stoppingPowerRatio, 1.0043, absolute: 5e-4,
            because: "ln(78/75) over a stopping number of 9.1")
        expectClose(
            MaterialProperties.stoppingPowerRatio(of: same, energyMeVPerNucleon: 50), 1, relative: 1e-12,
            because: "at any energy")
        #expect(try same.withDensity(gPerCM3: 0.5).statedExcitationEnergyEV == 78)
        #expect(throws: IonPhysicsError.invalidMaterial("water", value: -1)) {
            try Material.water.withMeanExcitationEnergy(eV: -1)
        }
    }
}
