import FacilityModel
import Quantities
import Testing

@Suite struct MachineDescriptionTests {
    @Test func anotherModeGivesItsEnergiesToTheMachine() {
        var description = FacilitySample.description()
        #expect(description.energyModes.map(\.name) == [description.defaultEnergyMode])
        description.energyModes.append(
            EnergyMode(name: "two", energies: [EnergyPerNucleon(300), EnergyPerNucleon(200)]))
        #expect(description.machine(energyMode: "two")?.energies.map(\.value) == [300, 200])
        #expect(description.machine(energyMode: "two")?.name == "sample")
        #expect(description.machine(energyMode: "three") == nil)
        #expect(description.machine.energies.map(\.value) == [430])
    }

    @Test func overridesAreTheFiguresThatReplaceAnother() {
        var description = FacilitySample.description()
        let figure = AnnotatedFigure(path: "a", value: "1", unit: "m", source: "s", confidence: .high)
        var other = figure
        other.overridden = "2 m"
        description.figures = [figure, other]
        #expect(description.overrides == [other])
    }
}
