import AcceleratorModel
import IonPhysics
import Quantities
import TestSupport
import Testing

@Suite struct InjectorChainTests {
    @Test func currentsOfTheStandardInjectorByHand() throws {
        let states = try Accelerator.small.injector.states(of: .carbon12)
        let source = 230e-6 / (4 * 1.602176634e-19)
        expectClose(states[0].ionsPerS, source, relative: 1e-12, because: "I/(q e)")
        expectClose(states[0].currentUA, 230, relative: 1e-12, because: "the current itself")
        let last = try #require(states.last)
        expectClose(
            last.ionsPerS, source * 0.9 * 0.88 * 0.9 * 0.9, relative: 1e-12,
            because: "product of transmissions")
        expectClose(
            last.currentUA, 230 * 1.5 * 0.9 * 0.88 * 0.9 * 0.9, relative: 1e-12,
            because: "six charges for four")
        expectClose(last.ionsPerPulse, last.ionsPerS * 200e-6, relative: 1e-12, because: "200 µs")
        // βλ at 4.03 MeV/u and 200 MHz: 0.0927 · 1499 mm.
        expectClose(
            try #require(last.bunchDistanceMM), 0.0927 * 1498.96, relative: 1e-3, because: "β to three digits"
        )
        expectClose(
            try #require(last.ionsPerBunch), last.ionsPerS / 200e6, relative: 1e-12, because: "definition")
        #expect(states[0].bunchDistanceMM == nil)
    }

    @Test func rigidityFallsAtTheStripper() throws {
        let states = try Accelerator.large.injector.states(of: .carbon12)
        expectClose(
            states[2].motion.rigidityTM / states[3].motion.rigidityTM, 1.5, relative: 2e-4,
            because: "C4+ to C6+, two electrons")
        expectClose(states[1].motion.energyMeVPerNucleon, 0.8, relative: 1e-12, because: "documented energy")
    }

    @Test func impossibleFiguresAreRefused() {
        var injector = Accelerator.large.injector
        injector.stages[1].transmission = 1.2
        #expect(
            throws: AcceleratorError.figure(
                "transmission of RFQ", 1.2, mustBe: "above 0 and at most 1")
        ) {
            try injector.states(of: .carbon12)
        }
        injector = Accelerator.large.injector
        injector.stages[2].exitEnergyMeVPerNucleon = 0.5
        #expect(throws: AcceleratorError.self) { try injector.states(of: .carbon12) }
        injector = Accelerator.large.injector
        injector.stages[2].exitChargeState = 5
        #expect(throws: AcceleratorError.self) { try injector.states(of: .carbon12) }
        injector.stages = []
        #expect(throws: AcceleratorError.self) { try injector.states(of: .carbon12) }
    }
}
