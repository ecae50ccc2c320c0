import AcceleratorModel
import TestSupport
import Testing

@Suite struct MultiTurnInjectionTests {
    @Test(arguments: [Accelerator.large, .small])
    func everyParticleIsStoredOrLost(_ accelerator: Accelerator) throws {
        let result = try accelerator.injection.track(particlesPerTurn: 200, seed: 4)
        #expect(result.injected == 200 * accelerator.injection.injectedTurns)
        #expect(
            result.injected
                == result.lostEntering + result.lostOnSeptum + result.lostOnAperture + result.stored.count)
        #expect(
            result.stored.allSatisfy {
                $0.x * $0.x + $0.y * $0.y <= accelerator.injection.acceptanceUM * (1 + 1e-9)
            })
        #expect(result.effectiveTurns < accelerator.injection.liouvilleTurns)
        let again = try accelerator.injection.track(particlesPerTurn: 200, seed: 4)
        #expect(again == result)
    }

    /// 11 to 14 effective turns are published for the 63 m ring, 20 to 26 are remembered of HIMAC.
    @Test func effectiveTurnsOfTheRings() throws {
        let standard = try Accelerator.small.injection.track(particlesPerTurn: 500, seed: 1)
        #expect((11.0...14.0).contains(standard.effectiveTurns), "\(standard.effectiveTurns)")
        let himac = try Accelerator.large.injection.track(particlesPerTurn: 500, seed: 1)
        #expect((20.0...26.0).contains(himac.effectiveTurns), "\(himac.effectiveTurns)")
    }

    /// A single turn keeps its distance from the orbit: mean of X² + P² = distance² + both variances.
    @Test func oneTurnHasTheAmplitudeItWasInjectedWith() throws {
        let injection = MultiTurnInjection(
            acceptanceUM: 400, betaAtSeptumM: 4, tune: 2.5, septumThicknessMM: 2, injectedEmittanceUM: 4,
            betaRatio: 0.25,
            clearanceSigmas: 5, injectedTurns: 1, bumpTurns: 2, startSigmas: 8)
        // σ of X is √(4/4 · 0.25) = 0.5, of P 2; the septum is 2 mm/√(4 m) = 1 thick: distance 5 · 0.5 + 1 + 8 · 0.5 = 7.5.
        let result = try injection.track(particlesPerTurn: 20_000, seed: 2)
        #expect(result.lostEntering == 0)
        let all = result.stored
        #expect(all.count == 20_000)
        let mean = all.reduce(0) { $0 + $1.x * $1.x + $1.y * $1.y } / Double(all.count)
        expectClose(mean, 7.5 * 7.5 + 0.25 + 4, relative: 0.01, because: "sampling; cut at 4 σ")
    }

    @Test func integerTuneMeetsTheSeptumAgain() throws {
        var injection = Accelerator.small.injection
        let usual = try injection.track(particlesPerTurn: 100, seed: 1)
        injection.tune = 2
        let result = try injection.track(particlesPerTurn: 100, seed: 1)
        // What the bump leaves behind in one turn, and the last turns, survive.
        #expect(result.efficiency < 0.3 * usual.efficiency)
    }

    @Test func impossibleFiguresAreRefused() {
        var injection = Accelerator.small.injection
        injection.acceptanceUM = -1
        #expect(throws: AcceleratorError.figure("horizontal acceptance (µm)", -1, mustBe: "positive")) {
            try injection.track(particlesPerTurn: 1, seed: 1)
        }
        injection = Accelerator.small.injection
        injection.injectedTurns = 0
        #expect(throws: AcceleratorError.self) { try injection.track(particlesPerTurn: 1, seed: 1) }
        #expect(throws: AcceleratorError.self) {
            try Accelerator.large.injection.track(particlesPerTurn: 0, seed: 1)
        }
    }
}
