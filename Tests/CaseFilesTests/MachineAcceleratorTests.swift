import AcceleratorModel
import CaseFiles
import FacilityModel
import FacilityThroughput
import Quantities
import TestSupport
import Testing

/// What the machine files give when they are simulated, against published figures.
@Suite struct MachineAcceleratorTests {
    static func accelerator(_ name: String) throws -> Accelerator {
        let description = try Machines.read(name)
        return try Accelerator(description, optics: description.ringOptics(store: DataStore.find()))
    }

    /// Lattice and file agree in length and tunes, or this would throw.
    @Test(arguments: Machines.names)
    func everyMachineRampsToItsHighestEnergy(name: String) throws {
        let description = try Machines.read(name)
        let accelerator = try Self.accelerator(name)
        let top = try #require(description.machine.energies.first).value
        let program = try accelerator.ramp(topMeVPerNucleon: top)
        #expect(program.durationS < description.synchrotron.cyclePeriodS)
    }

    /// 1.045 to 7.80 MHz at 6 and 800 MeV/u, 1.5 T.
    @Test func himacReachesItsPublishedEnergy() throws {
        let program = try Self.accelerator("himac").ramp(topMeVPerNucleon: 800)
        expectClose(
            try program.bucket(at: program.durationS).frequencyHz * 1e-6, 7.80, relative: 0.003,
            because: "harmonic 4")
        expectClose(program.field(at: program.durationS), 1.5, relative: 0.003, because: "9.75 T m at 6.5 m")
    }

    /// The files state 20 effective turns for HIMAC (20 to 26 are remembered) and 12.5 for the 63 m ring (11 to 14 are
    /// published); the painting is assumed.
    @Test(arguments: ["himac", "irock", "yamagata"])
    func paintingGivesAboutTheStatedTurns(name: String) throws {
        let accelerator = try Self.accelerator(name)
        let turns = try accelerator.injection.track(particlesPerTurn: 500, seed: 1).effectiveTurns
        let description = try Machines.read(name)
        let stated = try #require(description.synchrotron.ring).injectionTurns
        expectClose(turns, stated, relative: 0.2, because: "acceptance and beam are assumed")
        let ions = try accelerator.ionsPerInjectedTurn() * turns
        let fill = description.synchrotron.ionsPerFill
        #expect(ions > fill / 2 && ions < fill * 2, "\(name) \(ions)")
    }

    /// HIMAC, 60 mm sphere, 1 Gy, 8 rescans of 9425 spots with a mean dwell of 154 µs, 20 layers: 20 s are published.
    @Test func rescannedSphere() throws {
        let figures = try CycleFigures(Machines.read("himac"), mode: .extendedFlatTop)
        let layers = (0..<20).map { index in
            CycleLayer(
                energy: EnergyPerNucleon(300 - 4 * Double(index)), ions: 8e8 / 20, visits: 9425 * 8 / 20,
                meanDwellS: 154e-6, rates: figures.ratesIonsPerS)
        }
        let cycle = try MachineCycle(layers: layers, figures: figures)
        #expect(cycle.fills.count == 1)
        expectClose(cycle.durationS, 20, relative: 0.2, because: "published to two digits")
    }

    /// 662 patients in fiscal year 2023, about 12 fractions each on 190 days: 42 fractions a day.
    @Test func twoRoomDayAtYamagata() throws {
        let description = try Machines.read("yamagata")
        let days = try #require(description.operation).treatmentDaysPerYear
        let year = try AnnualThroughput(
            rules: DayRules(description, openMin: 540), days: 100, seed: 1, daysPerYear: days)
        expectClose(
            year.fractionsPerDay, 42, relative: 0.2,
            because: "working hours and times of sites are not published")
        let published = try #require(description.publishedPatientsPerYear?.value)
        expectClose(
            year.patientsPerYear, try #require(Double(published)), relative: 0.2,
            because: "the same in patients")
    }

    @Test func theOldRoomsOfHimacHaveNoPartInItsDay() throws {
        let rules = try DayRules(Machines.read("himac"), openMin: 540)
        #expect(rules.rooms.map(\.name) == ["E", "F", "G"])
    }
}
