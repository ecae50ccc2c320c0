import DeliveryControl
import Frames
import PlanModel
import Quantities
import Testing

struct SequenceRulesTests {
    private static func layer(_ ions: [Double]) -> EnergyLayer {
        EnergyLayer(
            energy: EnergyPerNucleon(200),
            spots: ions.enumerated().map { Spot(positionMM: SIMD2(2 * Double($0), 0), particles: $1) })
    }

    @Test func countsAddUpOverSpotsAndPaintings() {
        let layer = Self.layer([10_030, 5_017, 40_000, 61])
        let rules = SequenceRules(
            ionsPerCount: 50, paintings: 4, leastVisitCounts: 20, ratesIonsPerS: 1e7...1e9)
        let visits = rules.visits(layer)
        var counts = [Int64](repeating: 0, count: 4)
        var times = [Int](repeating: 0, count: 4)
        var last: Int64 = 0
        for visit in visits {
            counts[Int(visit.spot)] += visit.presetCounts - last
            times[Int(visit.spot)] += 1
            last = visit.presetCounts
        }
        #expect(last == Int64((55_108.0 / 50).rounded()))
        // A spot of one count is visited once, others in every painting they have counts for.
        #expect(times == [4, 4, 4, 1])
        for (spot, wanted) in zip(counts, [200.6, 100.34, 800, 1.22]) {
            #expect(abs(Double(spot) - wanted) <= 4)
        }
        #expect(visits.map(\.presetCounts) == visits.map(\.presetCounts).sorted())
    }

    @Test func farSpotsAreReachedWithoutBeam() {
        let spots = [0.0, 2, 20, 22].map { Spot(positionMM: SIMD2($0, 0), particles: 1e5) }
        let layer = EnergyLayer(energy: EnergyPerNucleon(200), spots: spots)
        let raster = SequenceRules(rasterStepMM: 6, ratesIonsPerS: 1e7...1e9).visits(layer)
        #expect(raster.map(\.beamOffBefore) == [true, false, true, false])
        let spotwise = SequenceRules(rasterStepMM: 0, ratesIonsPerS: 1e7...1e9).visits(layer)
        #expect(spotwise.map(\.beamOffBefore) == [true, true, true, true])
        // The second painting starts where the first ended, without a way.
        let twice = SequenceRules(paintings: 2, rasterStepMM: 6, ratesIonsPerS: 1e7...1e9).visits(layer)
        #expect(twice.map(\.spot) == [0, 1, 2, 3, 3, 2, 1, 0])
        #expect(!twice[4].beamOffBefore)
    }

    @Test func rateKeepsStaysLongEnough() {
        let rules = SequenceRules(
            ionsPerCount: 50, rate: .meanDwell(100e-6), shortestDwellS: 30e-6, ratesIonsPerS: 1e7...1e9)
        // Equal spots: the mean stay decides.
        let equal = rules.visits(Self.layer([50_000, 50_000]))
        #expect(abs(rules.countsPerS(equal) - 1000 / 100e-6) < 1)
        // One small spot: its stay decides.
        let uneven = rules.visits(Self.layer([50_000, 5_000]))
        #expect(abs(rules.countsPerS(uneven) - 100 / 30e-6) < 1)
        // The ring's limits decide.
        let large = rules.visits(Self.layer([1e9, 1e9]))
        #expect(rules.countsPerS(large) == 1e9 / 50)
        let small = rules.visits(Self.layer([100, 100]))
        #expect(rules.countsPerS(small) == 1e7 / 50)
    }

    @Test func layersWithoutCountsAreLeftOut() {
        let field = Field(
            number: 1, name: "A", portID: "p", gantryAngle: AngleDegrees(0),
            patientSupportAngle: AngleDegrees(0),
            isocentre: .init(0, 0, 0), layers: [Self.layer([10]), Self.layer([5000])])
        let layers = SequenceRules(ratesIonsPerS: 1e7...1e9).layers(field) { _ in 4.2 }
        #expect(layers.map(\.planLayer) == [1])
        #expect(layers[0].counts == 100 && layers[0].rigidityTM == 4.2)
    }

    @Test func cursorIsTheFirstVisitWithMore() {
        let layer = ControlHarness.field().layers[0]
        #expect(
            [0, 499, 500, 501, 1999, 2000, 5000].map { layer.visit(after: $0) } == [0, 0, 1, 1, 3, 4, 4])
        #expect(layer.counts(ofVisit: 0) == 500 && layer.counts(ofVisit: 3) == 500)
    }

    /// Every single bit of the table shows in the checksum.
    @Test func checksumSeesEveryBit() {
        let layer = ControlHarness.field().layers[0]
        for bit in 0..<63 {
            var changed = layer
            changed.visits[2].presetCounts ^= 1 << Int64(bit)
            #expect(changed.computedChecksum != layer.checksum)
            changed = layer
            changed.visits[1].positionMM.x = Double(
                bitPattern: changed.visits[1].positionMM.x.bitPattern ^ (1 << UInt64(bit)))
            #expect(changed.computedChecksum != layer.checksum)
        }
        var changed = layer
        changed.visits[3].beamOffBefore.toggle()
        #expect(changed.computedChecksum != layer.checksum)
    }
}

struct DeliveryLedgerTests {
    private static func sample(_ counts: Int64) -> MonitorSample {
        MonitorSample(primary: 1000 + counts, secondary: 2000 + counts)
    }

    @Test func booksOvershootToTheSpotBeforeAndTransitToTheNeighbour() {
        var ledger = DeliveryLedger(field: ControlHarness.field())
        ledger.add(.loaded(field: 1, from: .beginning))
        ledger.add(.layerStarted(layer: 0, primaryBase: 1000, secondaryBase: 2000))
        ledger.add(.beamOn)
        ledger.add(.visit(layer: 0, visit: 0, Self.sample(503)))
        ledger.add(.visit(layer: 0, visit: 1, Self.sample(1002)))
        ledger.add(.beamOff(Self.sample(1040)))
        #expect(ledger.bookings[0].map(\.primary) == [503, 537, 0, 0])
        #expect(ledger.rest == FieldStart(layer: 0, counts: 1040))
    }

    /// The reading at beam off after a visit's own is the same beam once more.
    @Test func positionOfAVisitIsBookedOnce() {
        var ledger = DeliveryLedger(field: ControlHarness.field())
        func reading(_ counts: Int64) -> MonitorSample {
            var sample = Self.sample(counts)
            sample.positionCounts = counts
            sample.positionMM = SIMD2(1, 0)
            return sample
        }
        ledger.add(.loaded(field: 1, from: .beginning))
        ledger.add(.layerStarted(layer: 0, primaryBase: 1000, secondaryBase: 2000))
        ledger.add(.beamOn)
        ledger.add(.visit(layer: 0, visit: 1, reading(1000)))
        ledger.add(.beamOff(reading(1040)))
        #expect(ledger.bookings[0][1].positionCounts == 1000)
    }

    @Test func salvageDividesByPresets() {
        var ledger = DeliveryLedger(field: ControlHarness.field())
        ledger.add(.loaded(field: 1, from: .beginning))
        ledger.add(.layerStarted(layer: 0, primaryBase: 1000, secondaryBase: 2000))
        ledger.salvage(Self.sample(1234))
        #expect(ledger.bookings[0].map(\.primary) == [500, 500, 234, 0])
        #expect(ledger.isSalvaged && ledger.isEstimated && ledger.total == (1234, 1234))
        #expect(ledger.rest == FieldStart(layer: 0, counts: 1234))
        var none = DeliveryLedger(field: ControlHarness.field())
        none.salvage(Self.sample(99))
        #expect(!none.isSalvaged && none.total == (0, 0))
    }

    /// What came after a preset stays with the visit at which the beam stood; the presets would give it to the next.
    @Test func latchesSaySalvagedVisitsExactly() {
        func ledger() -> DeliveryLedger {
            var ledger = DeliveryLedger(field: ControlHarness.field())
            ledger.add(.loaded(field: 1, from: .beginning))
            ledger.add(.layerStarted(layer: 0, primaryBase: 1000, secondaryBase: 2000))
            ledger.add(.beamOn)
            ledger.add(.visit(layer: 0, visit: 0, Self.sample(503)))
            return ledger
        }
        func latch(_ visit: Int, _ counts: Int64, layer: Int = 0, secondary: Int64? = nil) -> VisitLatch {
            VisitLatch(
                layer: layer, visit: visit, primary: 1000 + counts, secondary: secondary ?? 2000 + counts)
        }
        let chain = [latch(0, 0), latch(1, 503), latch(2, 1180), latch(3, 1502, secondary: 3490)]
        func salvaged(_ latches: [VisitLatch], _ counts: Int64 = 1600) -> DeliveryLedger {
            var ledger = ledger()
            ledger.salvage(Self.sample(counts), latches: latches)
            #expect(ledger.isSalvaged && ledger.total == (counts, counts))
            return ledger
        }
        let exact = salvaged(chain)
        #expect(!exact.isEstimated)
        #expect(exact.bookings[0].map(\.primary) == [503, 677, 322, 98])
        #expect(exact.bookings[0].map(\.secondary) == [503, 677, 310, 110])
        // The next layer was asked for, and got nothing yet.
        let next = salvaged(chain + [latch(0, 1600, layer: 1)])
        #expect(!next.isEstimated && next.bookings == exact.bookings)
        // Older latches than the last entry are not needed, all later ones are.
        #expect(salvaged(Array(chain.dropFirst())).bookings == exact.bookings)
        for wrong in [
            [], Array(chain.dropFirst(2)), chain + [latch(0, 1550, layer: 1)], chain + [latch(2, 1601)],
            [latch(0, 0), latch(1, 503), latch(3, 1200), latch(2, 1100)], [latch(0, 0), latch(7, 400)],
        ] {
            let divided = salvaged(wrong)
            #expect(divided.isEstimated)
            #expect(divided.bookings[0].map(\.primary) == [503, 497, 500, 100])
        }
    }

    /// PS3.3 C.8.8.21.2.2: what is delivered of a beam that starts at `start` and ends at `end`.
    @Test func partialTreatmentsAreThoseOfTheStandard() {
        let presets = ControlHarness.field().layers[0].visits.map(\.presetCounts)
        for (start, end) in [(0, 700), (700, 1500), (300, 2000), (1000, 1001)] as [(Int64, Int64)] {
            var ledger = DeliveryLedger(field: ControlHarness.field())
            ledger.add(.loaded(field: 1, from: FieldStart(layer: 0, counts: start)))
            ledger.add(.layerStarted(layer: 0, primaryBase: 1000, secondaryBase: 2000))
            ledger.add(.beamOn)
            ledger.salvage(Self.sample(end))
            var last = start
            for (visit, preset) in presets.enumerated() {
                let delivered = max(start, min(preset, end))
                #expect(ledger.bookings[0][visit].primary == delivered - last, "\(start) \(end) \(visit)")
                last = delivered
            }
        }
    }

    @Test func layerEndMovesOn() {
        var ledger = DeliveryLedger(field: ControlHarness.field())
        ledger.add(.loaded(field: 1, from: .beginning))
        ledger.add(.layerStarted(layer: 0, primaryBase: 1000, secondaryBase: 2000))
        ledger.add(.beamOn)
        ledger.add(.visit(layer: 0, visit: 3, Self.sample(2000)))
        ledger.add(.beamOff(Self.sample(2010)))
        #expect(ledger.rest == FieldStart(layer: 1, counts: 0))
        ledger.add(.layerEnded(layer: 0, Self.sample(2010)))
        #expect(ledger.rest == FieldStart(layer: 1, counts: 0))
        ledger.add(.interlock(.couch))
        ledger.add(.terminated)
        #expect(ledger.interlocks == [.couch] && ledger.isTerminated && !ledger.isComplete)
    }

    /// So many ions at once that the next preset is reached, too: the beam is switched off where it stands, and the rest is of that visit.
    @Test func overshootOverTheNextPresetStaysThere() {
        var ledger = DeliveryLedger(field: ControlHarness.field())
        ledger.add(.loaded(field: 1, from: .beginning))
        ledger.add(.layerStarted(layer: 0, primaryBase: 0, secondaryBase: 0))
        ledger.add(.beamOn)
        ledger.add(.visit(layer: 0, visit: 0, MonitorSample(primary: 1010, secondary: 1010)))
        ledger.add(.beamOff(MonitorSample(primary: 1200, secondary: 1200)))
        #expect(ledger.bookings[0][0].primary == 1200 && ledger.bookings[0][1].primary == 0)
        #expect(ledger.rest == FieldStart(layer: 0, counts: 1200))
    }

    /// An interlock as a visit ends: the beam stays there, and what still comes is of that visit.
    @Test func stopAtTheEndOfAVisitStaysThere() {
        var ledger = DeliveryLedger(field: ControlHarness.field())
        ledger.add(.loaded(field: 1, from: .beginning))
        ledger.add(.layerStarted(layer: 0, primaryBase: 0, secondaryBase: 0))
        ledger.add(.beamOn)
        ledger.add(.interlock(.spotPosition))
        ledger.add(.visit(layer: 0, visit: 0, MonitorSample(primary: 500, secondary: 500)))
        ledger.add(.beamOff(MonitorSample(primary: 560, secondary: 560)))
        #expect(ledger.bookings[0][0].primary == 560 && ledger.bookings[0][1].primary == 0)
        #expect(ledger.rest == FieldStart(layer: 0, counts: 560))
    }

    /// The primary stands still at 500 counts while the secondary counts on to 900: what it missed is not given again.
    @Test func doubtedPrimaryIsNotBelieved() {
        var ledger = DeliveryLedger(field: ControlHarness.field())
        ledger.add(.loaded(field: 1, from: .beginning))
        ledger.add(.layerStarted(layer: 0, primaryBase: 1000, secondaryBase: 1000))
        ledger.add(.beamOn)
        ledger.add(.visit(layer: 0, visit: 0, MonitorSample(primary: 1500, secondary: 1502)))
        #expect(ledger.rest == FieldStart(layer: 0, counts: 500))
        #expect(!ledger.isPrimaryDoubted(layer: 0))
        ledger.add(.interlock(.monitorDisagreement))
        ledger.add(.beamOff(MonitorSample(primary: 1500, secondary: 1900)))
        #expect(ledger.isPrimaryDoubted(layer: 0) && !ledger.isPrimaryDoubted(layer: 1))
        #expect(ledger.rest == FieldStart(layer: 0, counts: 900))
        #expect(ledger.delivered(layer: 0, visit: 0) == 502 && ledger.delivered(layer: 0, visit: 1) == 398)
        #expect(ledger.total == (500, 900))
    }
}
