import AcceleratorModel
import CaseFiles
import DeliverySimulation
import FacilityModel
import Frames
import PlanModel
import Quantities
import TestSupport
import Testing

/// The plant and the delivery time of the machine files.
@Suite struct MachineDeliveryTests {
    private static func field(_ port: String) -> Field {
        let spots = (0..<100).map {
            Spot(positionMM: SIMD2(2 * Double($0 % 10), 2 * Double($0 / 10)), particles: 2e4)
        }
        return Field(
            number: 1, name: "A", portID: port, gantryAngle: AngleDegrees(90),
            patientSupportAngle: AngleDegrees(0),
            isocentre: .init(0, 0, 0),
            layers: [300.0, 290, 280].map { EnergyLayer(energy: EnergyPerNucleon($0), spots: spots) })
    }

    @Test func plantIsThatOfTheFile() throws {
        let machine = try Machines.read("himac")
        let figures = try PlantFigures(
            machine, portID: "e-horizontal", highestEnergy: EnergyPerNucleon(300))
        #expect(figures.supply.ionsPerFill == machine.synchrotron.ionsPerFill)
        #expect(figures.supply.energyStepS == machine.synchrotron.energyChangeTimeS)
        #expect(figures.scanning.speedMMPerS == SIMD2(100_000, 50_000))
        // C6+ at 430 MeV/u: 6.62 T m.
        expectClose(
            figures.scanning.highestRigidityTM, 6.62, relative: 0.002, because: "the file's highest energy")
        #expect(
            Double(figures.spill.offDelayNS + figures.spill.fallNS) * 1e-9 == machine.synchrotron.beamOffTimeS
        )
        let cycle = try CycleFigures(machine, mode: .extendedFlatTop)
        let ramp = try cycle.rampS(from: cycle.injectionEnergy, to: EnergyPerNucleon(300))
        expectClose(
            figures.supply.refillS, 2 * ramp + cycle.injectionS + cycle.settlingS, relative: 1e-9,
            because: "there and back")
    }

    @Test func timeOfAField() throws {
        let machine = try Machines.read("himac")
        let time = try DeliveryTimeModel.time(of: Self.field("e-horizontal"), on: machine)
        #expect(time.fills == 1)
        expectClose(
            time.shares.energySteps, 2 * machine.synchrotron.energyChangeTimeS, relative: 1e-9,
            because: "3 layers")
        // 300 stays of 154 µs; each row of ten begins with beam off: 30 times on and off, 0.3 to 0.4 ms each.
        #expect(time.pulses == 30)
        #expect(
            time.shares.beam > 300 * 154e-6 + 30 * 0.25e-3 && time.shares.beam < 300 * 154e-6 + 30 * 0.45e-3)
        #expect(throws: AcceleratorError.missing("ports.nowhere", machine: "himac")) {
            try DeliveryTimeModel.time(of: Self.field("nowhere"), on: machine)
        }
    }
}
