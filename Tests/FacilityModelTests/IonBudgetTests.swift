import FacilityModel
import Quantities
import TestSupport
import Testing

@Suite struct IonBudgetTests {
    @Test func ionsFromTheSourceToTheExtraction() throws {
        let budget = try #require(try IonBudget(FacilitySample.description()))
        // 200 µA of charge 4: 200e-6/(4 × 1.602e-19).
        expectClose(budget.sourceIonsPerS, 3.1208e14, relative: 1e-4, because: "I/(q e)")
        expectClose(budget.ringIonsPerS, 3.1208e14 * 0.36, relative: 1e-4, because: "0.8 × 0.5 × 0.9")
        // 24 turns of 1/0.4412 MHz, half of which count.
        expectClose(budget.injectionTimeUS, 54.4, relative: 1e-3, because: "24 turns")
        expectClose(budget.offered, 6.11e9, relative: 2e-3, because: "rate times time")
        expectClose(budget.injected, budget.offered / 2, relative: 1e-12, because: "injection")
        expectClose(budget.extracted, budget.injected * 0.8 * 0.95 * 0.9, relative: 1e-12, because: "ring")
    }

    @Test func withoutInjectorOrRingThereIsNone() throws {
        var description = FacilitySample.description()
        description.injector = nil
        #expect(try IonBudget(description) == nil)
        description = FacilitySample.description()
        description.synchrotron.ring = nil
        #expect(try IonBudget(description) == nil)
    }
}
