import CaseFiles
import FacilityModel
import IonPhysics
import Quantities
import TestSupport
import Testing

/// The machine files that come with the project.
enum Machines {
    static func read(_ name: String) throws -> MachineDescription {
        try MachineFile.read(path: DataStore.find().machinePath(name))
    }
}

@Suite struct MachineFileTests {
    @Test func nirsHas201EnergiesInTwoPitches() throws {
        let machine = try Machines.read("nirs-scanning").machine
        #expect(machine.energies.count == 201)
        #expect(machine.energies.first == EnergyPerNucleon(430))
        #expect(machine.energies.last == EnergyPerNucleon(55.6))
        let table = try RangeTable(.carbon12)
        let ranges = machine.energies.map { table.rangeMM(energyMeVPerNucleon: $0.value) }
        let steps = zip(ranges, ranges.dropFirst()).map { $0 - $1 }
        for step in steps.prefix(100) {
            expectClose(step, 2, relative: 0.02, because: "2 mm steps, scaled to end at 55.6 MeV/u")
        }
        for step in steps.suffix(100) {
            expectClose(step, 1, relative: 0.02, because: "1 mm steps, scaled to end at 55.6 MeV/u")
        }
        #expect(
            machine.ports.map(\.id) == [
                "e-horizontal", "e-vertical", "f-horizontal", "f-vertical", "g-gantry",
            ])
        #expect(machine.port("e-vertical")?.direction == .fixed(AngleDegrees(0)))
        #expect(machine.port("g-gantry")?.nozzle.fieldHalfWidthMM == SIMD2(100, 100))
        #expect(machine.port("e-vertical")?.nozzle.rangeShifters.first?.id == "RS30")
    }

    @Test func yamagataHasSixHundredStepsOfHalfAMillimetre() throws {
        let machine = try Machines.read("yamagata").machine
        #expect(machine.energies.count == 601)
        let table = try RangeTable(.carbon12)
        let ranges = machine.energies.map { table.rangeMM(energyMeVPerNucleon: $0.value) }
        for (a, b) in zip(ranges, ranges.dropFirst()) {
            expectClose(a - b, 0.5, absolute: 1e-6, because: "exact range steps")
        }
        #expect(machine.port("gantry")?.allows(gantryAngle: AngleDegrees(270)) == true)
    }

    @Test(arguments: ["nirs-scanning", "yamagata"])
    func everyFigureHasSourceAndConfidence(name: String) throws {
        let description = try Machines.read(name)
        #expect(description.machine.name == name)
        #expect(description.figures.count > 30)
        #expect(description.figures.allSatisfy { !$0.source.isEmpty && !$0.value.isEmpty })
        #expect(!description.assumptions.isEmpty)
        // What is chosen by us may not pass for knowledge.
        for figure in description.figures where figure.source.hasPrefix("Chosen") {
            #expect(figure.confidence == .assumed, "\(figure.path)")
        }
        for port in description.machine.ports {
            for energy in description.machine.energies {
                #expect(port.nozzle.spotSize(at: energy) != nil)
            }
        }
    }

    @Test func energiesCanBeAList() throws {
        let text = try machineText()
        let start = try #require(text.firstRange(of: "  highest:"))
        let end = try #require(text.firstRange(of: "nozzles:"))
        let list =
            "  list: {value: [400, 300.5, 200], unit: MeV/u, source: iwata2010, confidence: low}\n\n"
        var changed = text
        changed.replaceSubrange(start.lowerBound..<end.lowerBound, with: list)
        changed = changed.replacing(
            "  range-arithmetic: Arithmetic on 201 energies between 430 and 55.6 MeV/u, 1 mm steps shallow and 2 mm steps deep\n",
            with: "")
        let machine = try MachineFile.read(text: changed, file: "m.yaml").machine
        #expect(machine.energies.map(\.value) == [400, 300.5, 200])
    }
}
