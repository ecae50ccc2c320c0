import CaseFiles
import FacilityModel
import IonPhysics
import Quantities
import TestSupport
import Testing

/// The machine files that come with the project.
enum Machines {
    static let names = ["himac", "irock", "nmrrc-planned", "yamagata", "yonsei"]

    static func read(_ name: String) throws -> MachineDescription {
        try MachineFile.read(path: DataStore.find().machinePath(name))
    }
}

@Suite struct MachineFileTests {
    @Test func himacHas201EnergiesInTwoPitches() throws {
        let machine = try Machines.read("himac").machine
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

    @Test(arguments: Machines.names)
    func everyFigureHasSourceAndConfidence(name: String) throws {
        let description = try Machines.read(name)
        #expect(description.machine.name == name)
        #expect(description.figures.count > 100)
        #expect(description.figures.allSatisfy { !$0.source.isEmpty && !$0.value.isEmpty })
        #expect(Set(description.figures.map(\.path)).count == description.figures.count)
        #expect(!description.assumptions.isEmpty)
        // What is assumed says why, and what is chosen by us may not pass for knowledge.
        #expect(description.assumptions.filter { $0.note == nil }.map(\.path) == [])
        for figure in description.figures where figure.source.hasPrefix("Chosen") {
            #expect(figure.confidence == .assumed, "\(figure.path)")
        }
        for port in description.machine.ports {
            for energy in description.energyModes.flatMap(\.energies) {
                #expect(port.nozzle.spotSize(at: energy) != nil)
            }
        }
    }

    @Test(arguments: Machines.names)
    func everyMachineIsComplete(name: String) throws {
        let description = try Machines.read(name)
        #expect(description.injector != nil && description.synchrotron.ring != nil)
        #expect(description.operation != nil)
        #expect(Set(description.beamLines.keys) == Set(description.machine.portIDs))
        #expect(description.rooms.flatMap(\.ports).sorted() == description.machine.portIDs.sorted())
        #expect(description.machine(energyMode: description.defaultEnergyMode) == description.machine)
    }

    @Test func himacHasElevenFlatTopsToo() throws {
        let description = try Machines.read("himac")
        let eleven = try #require(description.energyMode("flat-tops-11"))
        #expect(eleven.energies.map(\.value) == [430, 400, 380, 350, 320, 290, 260, 230, 200, 170, 140])
        #expect(description.defaultEnergyMode == "full-201")
        #expect(description.energyMode("passive-3")?.energies.map(\.value) == [400, 350, 290])
    }

    @Test func roomsAndPortsAsPublished() throws {
        func angles(_ name: String) throws -> [String] {
            try Machines.read(name).machine.ports.map { "\($0.room) \($0.directionText)" }
        }
        #expect(try angles("irock") == ["1 90°", "2 90°", "2 0°", "3 90°", "3 0°", "4 90°"])
        #expect(try angles("yamagata") == ["1 90°", "2 -180° to 180°"])
        #expect(try angles("yonsei") == ["1 90°", "2 -180° to 180°", "3 -180° to 180°"])
        #expect(try angles("nmrrc-planned") == angles("yamagata"))
        let irock = try Machines.read("irock")
        #expect(irock.rooms.filter { $0.imaging.contains(.fluoroscopy) }.map(\.id) == ["2", "3"])
        #expect(irock.rooms.allSatisfy { $0.imaging.contains(.ctOnRails) })
    }

    @Test func thePlannedSystemSaysThatItIsNotContracted() throws {
        let planned = try Machines.read("nmrrc-planned")
        #expect(planned.notice?.contains("not contracted") == true)
        #expect(planned.summary.contains("Not contracted"))
        #expect(planned.machine.facility.contains("not contracted"))
        // Only what was announced is known; the machine itself is assumed throughout.
        #expect(
            planned.figures.filter { $0.confidence != .assumed }.allSatisfy { $0.path.hasPrefix("facts.") })
    }

    /// MHz at injection and at 430 MeV/u against the published band of the 63 m ring and of HIMAC (4 × 0.2613 and
    /// 4 × 1.6871).
    @Test(arguments: [
        ("himac", 1.045, 6.75), ("irock", 0.90, 6.97), ("yamagata", 0.90, 6.97), ("yonsei", 0.90, 6.97),
    ])
    func radioFrequencies(name: String, low: Double, high: Double) throws {
        let synchrotron = try Machines.read(name).synchrotron
        let ring = try #require(synchrotron.ring)
        let carbon = try ChargedIon(.carbon12)
        func megahertz(_ energy: Double) -> Double {
            Double(ring.rfHarmonic) * 1e-6
                * carbon.motion(energyMeVPerNucleon: energy)
                .revolutionFrequencyHz(circumferenceM: synchrotron.circumferenceM)
        }
        expectClose(
            megahertz(ring.injectionEnergyMeVPerNucleon), low, relative: 0.03, because: "at injection")
        expectClose(megahertz(430), high, relative: 0.03, because: "at 430 MeV/u")
    }

    /// The stages from the source on give what the file states per fill, within a quarter.
    @Test(arguments: Machines.names)
    func injectorAndRingGiveTheStatedFill(name: String) throws {
        let description = try Machines.read(name)
        let budget = try #require(try IonBudget(description))
        expectClose(
            budget.extracted, description.synchrotron.ionsPerFill, relative: 0.25, because: "ions per fill")
        let pulse = try #require(description.injector?.pulseLengthUS)
        #expect(budget.injectionTimeUS <= pulse, "the pulse must last for all turns")
    }

    @Test func energiesCanBeAList() throws {
        let machine = try MachineFile.read(text: OldMachineText.text, file: "m.yaml").machine
        #expect(machine.energies.map(\.value) == [400, 300.5, 200])
    }

    @Test func versionOneIsReadWithoutWhatItDoesNotTell() throws {
        let description = try MachineFile.read(text: OldMachineText.text, file: "m.yaml")
        #expect(description.synchrotron.circumferenceM == 63 && description.synchrotron.ring == nil)
        #expect(description.injector == nil && description.operation == nil)
        #expect(description.rooms.isEmpty && description.beamLines.isEmpty)
        #expect(description.energyModes.map(\.name) == ["standard"])
        #expect(description.figures.count == 17)
        #expect(description.machine.port("fixed")?.direction == .fixed(AngleDegrees(90)))
    }
}
