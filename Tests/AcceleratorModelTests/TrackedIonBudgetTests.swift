import AcceleratorModel
import TestSupport
import Testing

@Suite struct TrackedIonBudgetTests {
    @Test func nothingAppearsOrVanishes() async throws {
        let accelerator = Accelerator.small
        let injection = try accelerator.injection.track(particlesPerTurn: 100, seed: 1)
        let longitudinal = try await LongitudinalTracking(
            program: accelerator.ramp(topMeVPerNucleon: 30), particles: 32, seed: 1
        ).run(threads: 2)
        let budget = try TrackedIonBudget(accelerator, injection: injection, longitudinal: longitudinal)
        for (before, after) in zip(budget.entries, budget.entries.dropFirst()) {
            #expect(before.ionsOut == after.ionsIn, "\(after.name)")
            #expect(after.lost >= 0, "\(after.name)")
        }
        let first = try #require(budget.entries.first)
        let lost = budget.entries.reduce(0) { $0 + $1.lost }
        expectClose(first.ionsIn, budget.extracted + lost, relative: 1e-12, because: "rounding")
        expectClose(
            budget.extracted, 0.9 * budget.accelerated, relative: 1e-12, because: "extraction efficiency")
    }

    @Test func aPulseThatIsTooShortIsRefused() async throws {
        var accelerator = Accelerator.small
        accelerator.injector.pulseLengthUS = 10
        let injection = try accelerator.injection.track(particlesPerTurn: 10, seed: 1)
        let longitudinal = try await LongitudinalTracking(
            program: accelerator.ramp(topMeVPerNucleon: 6), particles: 8, seed: 1
        ).run(threads: 1)
        #expect(throws: AcceleratorError.self) {
            try TrackedIonBudget(accelerator, injection: injection, longitudinal: longitudinal)
        }
    }
}
