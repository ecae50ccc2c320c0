import AcceleratorModel
import FacilityModel
import Quantities
import TestSupport
import Testing

@Suite struct AcceleratorTests {
    static func synchrotron(_ circumference: Double) -> Synchrotron {
        Synchrotron(
            circumferenceM: circumference, cyclePeriodS: 2, ionsPerFill: 1e10,
            extractionRateIonsPerS: 1e7...1e9,
            energyChangeTimeS: 0.25, beamOffTimeS: 0.0005)
    }

    @Test func machinesFindTheirRing() throws {
        #expect(try Accelerator(synchrotron: Self.synchrotron(129.6), ion: .carbon12) == .himac)
        #expect(try Accelerator(synchrotron: Self.synchrotron(63), ion: .carbon12) == .standardRing)
        let near = try Accelerator(synchrotron: Self.synchrotron(61.5), ion: .carbon12)
        #expect(near.ring.circumferenceM == 61.5)
        #expect(throws: AcceleratorError.unknownRing(circumferenceM: 80)) {
            try Accelerator(synchrotron: Self.synchrotron(80), ion: .carbon12)
        }
    }

    @Test func otherIonsGetTheirCharges() throws {
        let helium = try Accelerator(synchrotron: Self.synchrotron(129.6), ion: .helium4)
        #expect(helium.injector.stages.map(\.exitChargeState) == [2, 2, 2, 2, 2])
        let neon = try Accelerator(synchrotron: Self.synchrotron(129.6), ion: .neon20)
        #expect(neon.injector.stages.map(\.exitChargeState) == [7, 7, 7, 10, 10])
        #expect(neon.assumptions.count == Accelerator.himac.assumptions.count + 1)
    }

    /// About 2·10¹⁰ carbon ions per pulse are told of HIMAC, 2·10⁹ pps at 1/2 Hz of the 63 m ring.
    @Test func ionsFromTheInjectorAreOfTheRightOrder() throws {
        for (accelerator, told) in [(Accelerator.himac, 2e10), (.standardRing, 4e9)] {
            let turns = try accelerator.injection.track(particlesPerTurn: 100, seed: 1).effectiveTurns
            let stored = try accelerator.ionsPerInjectedTurn() * turns
            #expect(stored > told / 2 && stored < told * 2, "\(accelerator.name) \(stored)")
        }
    }
}
