import DeliveryControl
import Frames
import PlanModel
import Quantities
import Testing

/// Order, rate and volume paintings of a sequence.
struct RescanningTests {
    private static func layer(_ ions: [Double], stepMM: Double = 2, energy: Double = 200) -> EnergyLayer {
        EnergyLayer(
            energy: EnergyPerNucleon(energy),
            spots: ions.enumerated().map { Spot(positionMM: SIMD2(stepMM * Double($0), 0), particles: $1) })
    }

    private static func field(_ layers: [EnergyLayer]) -> Field {
        Field(
            number: 1, name: "A", portID: "p", gantryAngle: AngleDegrees(0),
            patientSupportAngle: AngleDegrees(0),
            isocentre: .init(0, 0, 0), layers: layers)
    }

    @Test func fixedRateIsKeptWithinTheRing() {
        func rate(_ ions: Double) -> Double {
            let rules = SequenceRules(rate: .fixed(ionsPerS: ions), ratesIonsPerS: 1e7...1e9)
            return rules.countsPerS(rules.visits(Self.layer([1e6, 1e6]))) * 50
        }
        #expect(rate(2e8) == 2e8 && rate(1e6) == 1e7 && rate(1e11) == 1e9)
    }

    @Test func paintingsFillOneGate() throws {
        // 8 paintings of 2 · 10⁶ counts in all; each painting but the first begins where the last ended.
        let filling = GateFilling(openS: 1, speedMMPerS: SIMD2(1e5, 5e4), pauseS: 1e-3)
        let rules = SequenceRules(paintings: 8, rate: .gate(filling), ratesIonsPerS: 1e7...1e9)
        let visits = rules.visits(Self.layer([5e7, 5e7]))
        let choice = try #require(rules.gateChoice(visits))
        #expect(choice.fits && choice.gates == 1 && choice.paintingsPerGate == 8)
        // One pause, at the start.
        #expect(abs(choice.countsPerS - 2e6 / (1 - 1e-3)) < 1e-3)
        #expect(rules.countsPerS(visits) == choice.countsPerS)
        // Far spots: a pause and 20 mm at 100 mm/ms before each second visit.
        let far = rules.visits(Self.layer([5e7, 5e7], stepMM: 20))
        #expect(abs(rules.countsPerS(far) - 2e6 / (1 - 9e-3 - 8 * 0.2e-3)) < 1e-3)
    }

    @Test func wholePaintingsOverSeveralGates() throws {
        let filling = GateFilling(openS: 1, speedMMPerS: SIMD2(1e5, 5e4), pauseS: 0)
        func choice(_ ions: Double, paintings: Int = 8) throws -> GateFilling.Choice {
            let rules = SequenceRules(paintings: paintings, rate: .gate(filling), ratesIonsPerS: 1e7...1e9)
            return try #require(rules.gateChoice(rules.visits(Self.layer([ions / 2, ions / 2]))))
        }
        // 2.5 · 10⁹ ions want three gates: 3, 3 and 2 paintings, the rate for three in one gate.
        let three = try choice(2.5e9)
        #expect(three.fits && three.gates == 3 && three.paintingsPerGate == 3)
        #expect(abs(three.countsPerS * 50 - 2.5e9 * 3 / 8) < 1e3)
        // One painting is more than a gate holds.
        let over = try choice(1e10)
        #expect(!over.fits && over.countsPerS * 50 == 1e9 && over.gates == 10)
        // Few ions: the least rate, and the gate is not filled.
        let few = try choice(1e6)
        #expect(few.fits && few.gates == 1 && few.countsPerS * 50 == 1e7)
    }

    /// 97 µs at 10⁶ counts per second are 97 counts, taken off where beam is switched off: before gaps and at the layer's end.
    @Test func leadShortensWhereBeamGoesOff() throws {
        var rules = SequenceRules(rate: .fixed(ionsPerS: 5e7), beamOffLeadS: 97e-6, ratesIonsPerS: 1e7...1e9)
        let spots = [0.0, 2, 20, 22].map { Spot(positionMM: SIMD2($0, 0), particles: 1e4) }
        let plan = Self.field([EnergyLayer(energy: EnergyPerNucleon(200), spots: spots)])
        let led = try #require(rules.layers(plan) { _ in 4.2 }.first)
        #expect(led.countsPerS == 1e6)
        #expect(led.visits.map(\.presetCounts) == [200, 303, 600, 703])
        // A visit keeps a count, whatever comes after it.
        rules.beamOffLeadS = 1e-3
        let long = try #require(rules.layers(plan) { _ in 4.2 }.first)
        #expect(long.visits.map(\.presetCounts) == [200, 201, 600, 601])
    }

    /// Spots with fewer counts than the shortest stay gives are visited less often; the mean stay is as it was wished.
    @Test func shortStaysAreMadeLongerByFewerVisits() throws {
        let rules = SequenceRules(paintings: 8, ratesIonsPerS: 1e6...1e9)
        let layer = Self.layer((0..<40).map { $0 % 4 == 0 ? 2e4 : 2e5 })
        let visits = rules.visits(layer)
        let rate = rules.countsPerS(visits)
        let shortest = zip(visits, [0] + visits.map(\.presetCounts)).map { $0.presetCounts - $1 }.min() ?? 0
        #expect(Double(shortest) / rate >= 40e-6)
        let mean = Double(visits.last?.presetCounts ?? 0) / rate / Double(visits.count)
        #expect(abs(mean / 154e-6 - 1) < 0.01, "\(mean)")
        #expect(visits.count { $0.spot == 0 } < 8 && visits.count { $0.spot == 1 } == 8)
    }

    /// Three gates for eight paintings: the first, fourth and seventh begin with an opening; a layer that fits no gate begins with one.
    @Test func groupsBeginAtOpenings() throws {
        let filling = GateFilling(openS: 1, speedMMPerS: SIMD2(1e5, 5e4), pauseS: 0)
        func layer(_ ions: Double) throws -> LayerSequence {
            let rules = SequenceRules(paintings: 8, rate: .gate(filling), ratesIonsPerS: 1e7...1e9)
            return try #require(
                rules.layers(Self.field([Self.layer([ions / 2, ions / 2])])) { _ in 4.2 }.first)
        }
        let three = try layer(2.5e9)
        let waiting = three.visits.indices.filter { three.visits[$0].beginsAtGateOpening }
        #expect(waiting == [0, 6, 12])
        #expect(waiting.allSatisfy { three.visits[$0].beamOffBefore })
        #expect(three.gateGroup(of: 5) == 0 && three.gateGroup(of: 6) == 6 && three.gateGroup(of: 15) == 12)
        let over = try layer(1e10)
        #expect(over.visits.indices.filter { over.visits[$0].beginsAtGateOpening } == [0])
        let free = SequenceRules(paintings: 8, ratesIonsPerS: 1e7...1e9).layers(
            Self.field([Self.layer([1e8, 1e8])])
        ) { _ in 4.2 }
        #expect(free[0].gateGroup(of: 3) == nil)
    }

    @Test func shortestStayLimitsTheRateOfAGate() throws {
        let filling = GateFilling(openS: 0.01, speedMMPerS: SIMD2(1e5, 5e4), pauseS: 0)
        let rules = SequenceRules(paintings: 4, rate: .gate(filling), ratesIonsPerS: 1e7...1e9)
        // Visits of 100 and of 10 000 counts: 100 in 40 µs is 2.5 · 10⁶ per second, and 40 400 counts want two gates of 10 ms.
        let choice = try #require(rules.gateChoice(rules.visits(Self.layer([2e4, 2e6]))))
        #expect(choice.gates == 2 && choice.countsPerS <= 100 / 40e-6)
        #expect(abs(choice.countsPerS - 20_200 / 0.01) < 1)
    }

    @Test func volumePaintingsHaveTheLayersCounts() {
        let plan = Self.field([
            Self.layer([10_030, 5_017, 40_000, 61]), Self.layer([8_000, 9_000], energy: 190),
        ])
        let rules = SequenceRules(paintings: 2, volumePaintings: 3, ratesIonsPerS: 1e7...1e9)
        let layers = rules.layers(plan) { _ in 4.2 }
        #expect(layers.map(\.planLayer) == [0, 1, 0, 1, 0, 1])
        #expect(layers.map(\.energy.value) == [200, 190, 200, 190, 200, 190])
        for index in 0..<2 {
            let parts = layers.filter { $0.planLayer == index }
            let whole = rules.visits(plan.layers[index])
            #expect(parts.reduce(0) { $0 + $1.counts } == whole.last?.presetCounts)
            #expect(parts.flatMap(\.visits).map(\.spot) == whole.map(\.spot))
            #expect(parts.flatMap(\.visits).map(\.painting) == whole.map(\.painting))
            let counts = parts.flatMap { part in part.visits.indices.map { part.counts(ofVisit: $0) } }
            #expect(counts.allSatisfy { $0 > 0 })
        }
        #expect(layers.allSatisfy { $0.visits[0].beamOffBefore && $0.checksum == $0.computedChecksum })
        // Two layer paintings in each volume painting.
        #expect(Set(layers[2].visits.map(\.painting)) == [2, 3])
        // A spot of one count is in one volume painting alone.
        #expect(layers.count { layer in layer.planLayer == 0 && layer.visits.contains { $0.spot == 3 } } == 1)
    }

    @Test func optimisedOrderIsPaintedForwardsAndBackwards() {
        // Given in the order 0, 20, 2, 22: 0, 2 and 20, 22 are neighbours.
        let spots = [0.0, 20, 2, 22].map { Spot(positionMM: SIMD2($0, 0), particles: 1e5) }
        let layer = EnergyLayer(energy: EnergyPerNucleon(200), spots: spots)
        let given = SequenceRules(paintings: 2, ratesIonsPerS: 1e7...1e9).visits(layer)
        let rules = SequenceRules(
            paintings: 2, order: .optimised(speedMMPerS: SIMD2(1e5, 5e4), pauseS: 1e-3),
            ratesIonsPerS: 1e7...1e9)
        let found = rules.visits(layer)
        #expect(given.count(where: \.beamOffBefore) == 7 && found.count(where: \.beamOffBefore) == 3)
        #expect(found.prefix(4).map(\.spot) == found.suffix(4).map(\.spot).reversed())
        #expect(found.last?.presetCounts == given.last?.presetCounts)
        #expect(found.allSatisfy { $0.positionMM == spots[Int($0.spot)].positionMM })
    }
}
