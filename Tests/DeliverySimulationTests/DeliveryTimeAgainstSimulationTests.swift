import DeliveryControl
import DeliverySimulation
import PlanModel
import Testing

/// The sums against the simulation of every event.
struct DeliveryTimeAgainstSimulationTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var diameterMM: Double
        var spotMM = 2.0
        var paintings = 1
        var rasterStepMM = 6.0
        var ionsPerFill = 2e10
        var longestFlatTopS = 60.0
    }

    static let cases = [
        Case(testDescription: "sphere of 60 mm, 8 paintings", diameterMM: 60, paintings: 8),
        Case(testDescription: "spot scanning", diameterMM: 40, rasterStepMM: 0),
        Case(testDescription: "wide spots, beam off between all", diameterMM: 60, spotMM: 8, paintings: 2),
        Case(testDescription: "small fills", diameterMM: 40, paintings: 2, ionsPerFill: 4e7),
        Case(testDescription: "short flat tops", diameterMM: 50, paintings: 4, longestFlatTopS: 1.7),
        Case(testDescription: "small field", diameterMM: 16),
    ]

    static func plant(_ given: Case) -> (field: FieldSequence, figures: PlantFigures) {
        var figures = SphereField.figures
        figures.supply.ionsPerFill = given.ionsPerFill
        figures.supply.longestFlatTopS = given.longestFlatTopS
        let rules = SequenceRules(
            paintings: given.paintings, rasterStepMM: given.rasterStepMM, ratesIonsPerS: SphereField.rates)
        let layers = SphereField.layers(diameterMM: given.diameterMM, spotMM: given.spotMM)
        return (SphereField.field(layers, rules: rules), figures)
    }

    @Test(arguments: cases) func withoutGate(_ given: Case) throws {
        let (field, figures) = Self.plant(given)
        var simulation = FieldSimulation(field: field, figures: figures, seed: 3, sink: NoSink())
        _ = simulation.run()
        let truth = simulation.outcome
        #expect(truth.phase == .completed)
        let time = try DeliveryTimeModel(figures).time(of: field.layers)
        #expect(
            abs(time.totalS / truth.durationS - 1) < 0.05, "\(time.totalS) s, simulated \(truth.durationS) s")
        #expect(abs(time.fills - Double(truth.fills)) <= 1, "\(time.fills), simulated \(truth.fills)")
        #expect(time.spreadS == 0 && time.shares.gate == 0)
        let (a, b) = (time.shares, truth.times)
        #expect(abs(a.fills - b.fills) < 0.05 * truth.durationS)
        #expect(abs(a.energySteps - b.energySteps) < 0.01 * truth.durationS)
        #expect(abs(a.beam + a.scanning + a.other - b.beam - b.scanning - b.other) < 0.05 * truth.durationS)
    }

    @Test(arguments: [cases[0], cases[1], cases[4]]) func withGate(_ given: Case) throws {
        var (field, figures) = Self.plant(given)
        field.isGated = true
        let gate = BreathingGate(trace: BreathingTrace(periodS: 3.5, exponent: 2, irregularity: 0.1))
        // The mean over starts within a breath and over different breaths.
        var durations: [Double] = []
        for seed in 1...8 as ClosedRange<UInt64> {
            let other = BreathingGate(
                trace: BreathingTrace(periodS: 3.5, exponent: 2, irregularity: 0.1, seed: seed))
            var simulation = FieldSimulation(
                field: field, figures: figures, gate: other,
                people: OperatorPolicy(startNS: Int64(seed) * 437_500_000), seed: seed, sink: NoSink())
            _ = simulation.run()
            #expect(simulation.outcome.phase == .completed)
            durations.append(simulation.outcome.durationS)
        }
        let truth = durations.reduce(0, +) / Double(durations.count)
        let intervals = try #require(GateIntervals(gate))
        let time = try DeliveryTimeModel(figures).time(of: field.layers, gate: intervals)
        #expect(
            abs(time.totalS / truth - 1) < 0.1, "\(time.totalS) ± \(time.spreadS) s, simulated \(durations)")
        #expect(time.shares.gate > 0 && time.spreadS > 0)
    }
}
