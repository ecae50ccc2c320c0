import DeliveryControl
import DeliverySimulation
import PlanModel
import Testing

/// True spots of a simulation, and their sorting by amplitude.
struct BreathingPhasesTests {
    @Test func outcomeGivesTrueIonsOfEverySpot() {
        let field = SphereField.field(
            SphereField.layers(diameterMM: 16, layerMM: 4),
            rules: .init(paintings: 2, ratesIonsPerS: SphereField.rates))
        var simulation = FieldSimulation(field: field, figures: SphereField.figures, seed: 3, sink: NoSink())
        _ = simulation.run()
        let outcome = simulation.outcome
        let spots = DeliveredSpots(outcome, field: field, offsetS: 10)
        #expect(abs(spots.ions / outcome.ions.joined().reduce(0, +) - 1) < 1e-12)
        #expect(spots.spots.count == field.visitCount)
        #expect(spots.spots.allSatisfy { $0.beginS >= 10 && $0.endS >= $0.beginS })
        for spot in spots.spots {
            let planned = SphereField.layers(diameterMM: 16, layerMM: 4)[spot.layer].spots[spot.spot]
            let off = spot.positionMM - planned.positionMM
            // The way to a neighbour with beam on belongs to it, at most half a step of 2 mm.
            #expect((off * off).sum().squareRoot() < 1.1)
        }
        // The log tells the same within its gain error and counts.
        let session = DeliveredSession(
            field: field, from: .beginning, records: outcome.records.map { ($0.entry, $0.time) },
            retained: nil)
        let logged = DeliveredSpots(session, ionsPerCount: 50)
        #expect(abs(logged.ions / spots.ions - 1) < 0.015)
        #expect(logged.spots.map(\.spot) == spots.spots.map(\.spot))
    }

    @Test func halvesGoToThePhasesOfTheirMoments() throws {
        // Amplitude t from 0 to 10.
        let trace = try #require(
            BreathingTrace(recorded: [.init(timeS: 0, amplitude: 0), .init(timeS: 20, amplitude: 20)]))
        func spot(_ index: Int, _ begin: Double, _ end: Double) -> DeliveredSpot {
            DeliveredSpot(
                layer: 0, spot: index, painting: 0, positionMM: .zero, ions: 100, beginS: begin, endS: end)
        }
        let delivered = [
            DeliveredSpots(fieldNumber: 1, spots: [spot(0, 0, 10), spot(1, 1, 1)]),
            DeliveredSpots(fieldNumber: 2, spots: [spot(0, 9, 9)]),
        ]
        let phases = BreathingPhases(delivered, trace: trace, count: 5).phases
        #expect(phases.map(\.ions) == [150, 150])
        #expect(abs(phases[0].amplitude - 2.0 / 3) < 1e-12)
        #expect(abs(phases[1].amplitude - (50 * 10 + 100 * 9) / 150) < 1e-12)
        #expect(phases[0].delivered.map(\.fieldNumber) == [1])
        #expect(phases[1].delivered.map(\.ions) == [50, 100])
        #expect(BreathingPhases(delivered, trace: trace, count: 1).phases.map(\.ions) == [300])
        #expect(BreathingPhases([], trace: trace, count: 5).phases.isEmpty)
    }
}
