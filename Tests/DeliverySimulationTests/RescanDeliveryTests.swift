import DeliveryControl
import DeliverySimulation
import Frames
import PlanModel
import Quantities
import Testing

/// Rescanned fields on the simulated machine.
struct RescanDeliveryTests {
    private static func field(_ rules: SequenceRules, diameterMM: Double, isGated: Bool = false)
        -> FieldSequence
    {
        let layers = SphereField.layers(diameterMM: diameterMM)
        var field = SphereField.field(layers, rules: rules, isGated: isGated)
        let plan = Field(
            number: 1, name: "A", portID: "p", gantryAngle: .init(90), patientSupportAngle: .init(0),
            isocentre: .init(0, 0, 0), layers: layers)
        field.layers = rules.layers(plan) { 5.27 - 0.01 * (290 - $0.value) }
        return field
    }

    /// What comes after beam off is taken off before: the field gets its ions, and so does every spot.
    @Test func leadOfBeamOffGivesTheFieldItsIons() {
        func run(_ lead: Double) -> (excess: Double, spread: Double) {
            let rules = SequenceRules(
                paintings: 4, beamOffLeadS: lead, ratesIonsPerS: SphereField.rates)
            let field = Self.field(rules, diameterMM: 24)
            var figures = SphereField.figures
            // A monitor's gain is a factor on everything.
            figures.monitors.gainError = 0
            var simulation = FieldSimulation(field: field, figures: figures, seed: 6, sink: NoSink())
            _ = simulation.run()
            var given: [SIMD2<Int>: Double] = [:]
            for (layer, ions) in zip(field.layers, simulation.outcome.ions) {
                for (visit, here) in zip(layer.visits, ions) {
                    given[SIMD2(layer.planLayer, Int(visit.spot)), default: 0] += here
                }
            }
            var (sum, planned, squares, count) = (0.0, 0.0, 0.0, 0.0)
            for (index, layer) in SphereField.layers(diameterMM: 24).enumerated() {
                for (spot, wanted) in layer.spots.enumerated() {
                    let ratio = (given[SIMD2(index, spot)] ?? 0) / wanted.particles - 1
                    sum += given[SIMD2(index, spot)] ?? 0
                    planned += wanted.particles
                    squares += ratio * ratio
                    count += 1
                }
            }
            return (sum / planned - 1, (squares / count).squareRoot())
        }
        let (without, with) = (run(0), run(SphereField.figures.overshootS))
        // Without it each layer ends 97 µs late, 0.6 of a stay in some 250.
        #expect(without.excess > 0.001)
        #expect(abs(with.excess) < 0.3 * without.excess, "\(with.excess), \(without.excess)")
        #expect(with.spread < without.spread)
    }

    /// Control, ring, log and ledger with each layer three times: each volume painting begins with a fill at the highest energy.
    @Test func volumeIsPaintedThreeTimes() throws {
        let rules = SequenceRules(volumePaintings: 3, ratesIonsPerS: SphereField.rates)
        let field = Self.field(rules, diameterMM: 18)
        #expect(field.layers.count == 18)
        var simulation = FieldSimulation(field: field, figures: SphereField.figures, seed: 4, sink: NoSink())
        _ = simulation.run()
        let outcome = simulation.outcome
        #expect(outcome.phase == .completed && outcome.fills == 3)
        var ledger = DeliveryLedger(field: field)
        for record in outcome.records { ledger.add(record.entry) }
        #expect(ledger.isComplete && ledger.total == (outcome.registers.primary, outcome.registers.secondary))
        let session = DeliveredSession(
            field: field, from: .beginning, records: outcome.records.map { ($0.entry, $0.time) },
            retained: nil)
        #expect(session.ending == .completed && session.layers.count == 18)
        // Every spot of the plan gets its ions over the three volume paintings.
        var given: [Int: Double] = [:]
        for (index, layer) in field.layers.enumerated() where layer.planLayer == 3 {
            for (visit, ions) in zip(layer.visits, outcome.ions[index]) {
                given[Int(visit.spot), default: 0] += ions
            }
        }
        let wanted = SphereField.layers(diameterMM: 18)[3].spots
        for (spot, planned) in wanted.enumerated() {
            let quantum = 3 * (field.layers[3].countsPerS * 200e-6 + 2) * 50
            #expect(abs((given[spot] ?? 0) - planned.particles) < 0.015 * planned.particles + quantum)
        }
        let time = try DeliveryTimeModel(SphereField.figures).time(of: field.layers)
        #expect(time.fills == 3 && abs(time.totalS / outcome.durationS - 1) < 0.05)
    }

    /// Phase-controlled rescanning: eight paintings of each layer in one breath.
    @Test func eachLayerTakesOneGate() throws {
        let period = 4.0
        let gate = BreathingGate(trace: BreathingTrace(periodS: period, exponent: 2))
        let open = try #require(GateIntervals(gate)).openS.mean
        let filling = try #require(GateFilling(gate, figures: SphereField.figures))
        let rules = SequenceRules(paintings: 8, rate: .gate(filling), ratesIonsPerS: 1e6...1e9)
        let field = Self.field(rules, diameterMM: 36, isGated: true)
        let choices = field.layers.compactMap { rules.gateChoice($0.visits) }
        #expect(choices.count == 12 && choices.allSatisfy { $0.gates == 1 && $0.paintingsPerGate == 8 })
        var simulation = FieldSimulation(
            field: field, figures: SphereField.figures, gate: gate, seed: 2, sink: NoSink())
        _ = simulation.run()
        let outcome = simulation.outcome
        #expect(outcome.phase == .completed)
        for (first, last) in zip(outcome.firstIonS, outcome.lastIonS).dropFirst() {
            let seconds = (last.max() ?? 0) - (first.min() ?? 0)
            #expect(seconds < open && seconds > 0.85 * open, "\(seconds) s of \(open) s")
        }
        // One breath a layer, and the first one more to come to a gate.
        #expect(abs(outcome.durationS / period - 12) <= 1, "\(outcome.durationS) s")
        let intervals = try #require(GateIntervals(gate))
        let time = try DeliveryTimeModel(SphereField.figures).time(of: field.layers, gate: intervals)
        #expect(abs(time.totalS - outcome.durationS) < period, "\(time.totalS) s, \(outcome.durationS) s")
    }

    /// Two groups of paintings a layer: every one begins with an opening, and no ion of it comes before or in the opening after.
    @Test func groupsOfPaintingsTakeAGateEach() throws {
        let gate = BreathingGate(trace: BreathingTrace(periodS: 4, exponent: 2))
        let intervals = try #require(GateIntervals(gate))
        let filling = try #require(GateFilling(gate, figures: SphereField.figures))
        let rules = SequenceRules(paintings: 8, rate: .gate(filling), ratesIonsPerS: 1e6...1.2e7)
        let field = Self.field(rules, diameterMM: 36, isGated: true)
        #expect(field.layers.contains { layer in layer.visits.count { $0.beginsAtGateOpening } >= 2 })
        var simulation = FieldSimulation(
            field: field, figures: SphereField.figures, gate: gate, seed: 5, sink: NoSink())
        _ = simulation.run()
        let outcome = simulation.outcome
        #expect(outcome.phase == .completed)
        let latency = Double(gate.latencyNS) * 1e-9
        var waited = 0
        for (index, layer) in field.layers.enumerated() {
            let groups = Dictionary(grouping: layer.visits.indices) { layer.gateGroup(of: $0) }
            for visits in groups.values {
                let begin = visits.map { outcome.firstIonS[index][$0] }.min() ?? 0
                let end = visits.map { outcome.lastIonS[index][$0] }.max() ?? 0
                // Moment of the last opening at the group's first ion.
                let opening = try #require(
                    intervals.intervals.last { $0.beginS + latency <= begin }.map { $0.beginS + latency })
                #expect(begin - opening < 0.03 + 0.002, "layer \(index): \(begin - opening) s late")
                #expect(end - begin < intervals.openS.mean + 0.01)
                waited += 1
            }
        }
        #expect(waited >= 12)
        // A signal of two thirds' length breaks every group, and all of it is given in the end.
        var shorter = gate
        shorter.threshold = 0.15
        var broken = FieldSimulation(
            field: field, figures: SphereField.figures, gate: shorter, seed: 5, sink: NoSink())
        _ = broken.run()
        #expect(broken.outcome.phase == .completed && broken.outcome.durationS > outcome.durationS)
    }
}
