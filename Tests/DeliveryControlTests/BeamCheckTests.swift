import DeliveryControl
import Quantities
import Testing

/// What the control checks while beam is on, at its limit and beyond.
struct BeamCheckTests {
    private func harness(_ change: (inout DeliveryLimits) -> Void = { _ in }) -> ControlHarness {
        var limits = DeliveryLimits()
        limits.disagreementFloor = 10
        limits.monitorNoise = 0
        change(&limits)
        var harness = ControlHarness(limits: limits)
        harness.lead(to: .irradiating)
        return harness
    }

    private func interlocks(
        primary: Int64, secondary: Int64, offMM: SIMD2<Double> = .zero, size: Double = 1,
        positionCounts: Int64 = 100,
        settled: Bool = true, after: Int64 = 200_000
    ) -> [Interlock] {
        var harness = harness()
        if !settled { harness.send(.sample(harness.count(500)), after: 500_000) }
        let wanted = ControlHarness.field().layers[0].visits[harness.control.visit].positionMM
        harness.counters.primary += primary
        harness.counters.secondary += secondary
        var sample = harness.counters
        sample.positionCounts = positionCounts
        sample.positionMM = wanted + offMM
        sample.relativeSize = size
        return ControlHarness.interlocks(harness.send(.sample(sample), after: after))
    }

    @Test func position() {
        #expect(interlocks(primary: 100, secondary: 100, offMM: SIMD2(1.9, 0)).isEmpty)
        #expect(interlocks(primary: 100, secondary: 100, offMM: SIMD2(0, -2.1)) == [.spotPosition])
        #expect(interlocks(primary: 100, secondary: 100, offMM: SIMD2(1.5, 1.5)) == [.spotPosition])
        #expect(interlocks(primary: 100, secondary: 100, offMM: SIMD2(.nan, 0)) == [.spotPosition])
        // Too few counts to judge, or on the way.
        #expect(interlocks(primary: 100, secondary: 100, offMM: SIMD2(5, 0), positionCounts: 39).isEmpty)
        #expect(interlocks(primary: 100, secondary: 100, offMM: SIMD2(5, 0), settled: false).isEmpty)
    }

    @Test func size() {
        #expect(interlocks(primary: 100, secondary: 100, size: 1.2).isEmpty)
        #expect(interlocks(primary: 100, secondary: 100, size: 1.3) == [.spotSize])
        #expect(interlocks(primary: 100, secondary: 100, size: 0.7) == [.spotSize])
    }

    @Test func smallErrorsInARow() {
        var harness = harness { $0.positionWarnCount = 2 }
        var sample = harness.count(500)
        sample.positionCounts = 100
        sample.positionMM = SIMD2(1.2, 0)
        #expect(ControlHarness.interlocks(harness.send(.sample(sample), after: 500_000)).isEmpty)
        harness.send(.magnetsSettled(visit: 1))
        sample = harness.count(500)
        sample.positionCounts = 100
        sample.positionMM = SIMD2(2 + 1.2, 0)
        #expect(ControlHarness.interlocks(harness.send(.sample(sample), after: 500_000)) == [.spotPosition])
    }

    @Test func monitorsThatDisagree() {
        #expect(interlocks(primary: 400, secondary: 437).isEmpty)
        #expect(interlocks(primary: 400, secondary: 450) == [.monitorDisagreement])
        #expect(interlocks(primary: 400, secondary: 355) == [.monitorDisagreement])
        // A frozen primary: the secondary counts alone.
        #expect(interlocks(primary: 0, secondary: 11) == [.monitorDisagreement])
        // Backwards.
        #expect(interlocks(primary: -1, secondary: 0) == [.monitorDisagreement])
        #expect(interlocks(primary: 0, secondary: -1) == [.monitorDisagreement])
        // At the end of a spot 5 % are too many, before it they are told once.
        #expect(interlocks(primary: 500, secondary: 530, after: 500_000) == [.monitorDisagreement])
        #expect(interlocks(primary: 490, secondary: 520, after: 500_000).isEmpty)
        #expect(interlocks(primary: 500, secondary: 520, after: 500_000).isEmpty)
    }

    /// The floor grows with the root of the counts; above 5000 counts 5 % decide.
    @Test func noiseOfTheMonitorsIsNoDisagreement() {
        let limits = DeliveryLimits()
        #expect(limits.noiseOfDifference(counts: 0) == 60 && limits.noiseOfDifference(counts: -7) == 60)
        #expect(limits.noiseOfDifference(counts: 288) == 60)
        #expect(limits.noiseOfDifference(counts: 1250) == 125)
        #expect(limits.noiseOfDifference(counts: 5000) == 250)
        for (counts, difference, fires) in [
            (1000, 112, false), (1250, 125, false), (1250, 126, true), (20_000, 1000, false),
            (20_000, 1001, true),
        ] as [(Int64, Int64, Bool)] {
            // After a spot of so many counts, 5 % at most.
            var field = ControlHarness.field()
            for layer in field.layers.indices {
                var visits = field.layers[layer].visits
                for visit in visits.indices { visits[visit].presetCounts = counts * Int64(visit + 1) }
                field.layers[layer] = LayerSequence(
                    planLayer: layer, energy: field.layers[layer].energy,
                    rigidityTM: field.layers[layer].rigidityTM, countsPerS: 1e6, visits: visits)
            }
            var harness = ControlHarness()
            harness.send(.load(field, approvedHash: "hash", from: .beginning))
            harness.grantAll()
            harness.send(.setup(harness.good))
            harness.send(.start(token: harness.token))
            harness.send(.layerReady(harness.readings(), counters: harness.counters))
            harness.send(.recorded(through: harness.time))
            harness.send(.magnetsSettled(visit: 0))
            var sample = harness.count(counts)
            sample.secondary += difference
            let answer = harness.send(.sample(sample), after: 1000 * counts)
            #expect(ControlHarness.interlocks(answer) == (fires ? [.monitorDisagreement] : []))
            // The ledger believes the first monitor as long as the control does.
            var ledger = DeliveryLedger(field: field)
            for case .record(let entry) in harness.commands { ledger.add(entry) }
            #expect(ledger.isPrimaryDoubted(layer: 0) == fires)
        }
    }

    @Test func warningIsRecordedOnce() {
        var harness = harness()
        harness.counters.secondary += 13
        for _ in 0..<3 { harness.send(.sample(harness.count(100)), after: 100_000) }
        #expect(harness.commands.filter { $0 == .record(.warning(.monitorDisagreement)) }.count == 1)
    }

    @Test func rate() {
        // 1e6 counts/s and a factor of 5: 100 microseconds may bring 500 counts.
        #expect(interlocks(primary: 480, secondary: 480, after: 100_000).isEmpty)
        #expect(interlocks(primary: 499, secondary: 499, after: 90_000) == [.intensityHigh])
        // The window is not over yet.
        #expect(interlocks(primary: 499, secondary: 499, after: 70_000).isEmpty)
    }

    @Test func spotTakesTooLong() {
        // 5 * 500 us + 50 ms.
        var harness = harness()
        harness.send(.recorded(through: harness.time))
        #expect(ControlHarness.interlocks(harness.send(.tick, after: 52_000_000)).isEmpty)
        #expect(ControlHarness.interlocks(harness.send(.tick, after: 1_000_000)) == [.spotTime])
    }

    @Test func fieldTakesTooLong() {
        var harness = harness {
            $0.beamTimeFactor = 1
            $0.beamTimeNS = 0
        }
        harness.send(.recorded(through: harness.time))
        // The field needs 4 ms of beam.
        #expect(ControlHarness.interlocks(harness.send(.tick, after: 3_900_000)).isEmpty)
        #expect(ControlHarness.interlocks(harness.send(.tick, after: 200_000)) == [.beamTime])
    }

    @Test func beamTimeAddsUpOverHolds() {
        var harness = harness {
            $0.beamTimeFactor = 1
            $0.beamTimeNS = 0
        }
        harness.send(.recorded(through: harness.time))
        harness.send(.withdrawn(.gate), after: 3_000_000)
        harness.send(.beamSeen(false, harness.counters))
        harness.send(.recorded(through: harness.time))
        harness.send(.permit(.gate, until: harness.time.after(2_000_000_000)), after: 1_000_000_000)
        harness.send(.recorded(through: harness.time))
        harness.send(.magnetsSettled(visit: 0))
        #expect(harness.control.phase == .irradiating)
        harness.send(.recorded(through: harness.time))
        #expect(ControlHarness.interlocks(harness.send(.tick, after: 900_000)).isEmpty)
        #expect(ControlHarness.interlocks(harness.send(.tick, after: 200_000)) == [.beamTime])
    }

    @Test func beamThatDoesNotGoOffIsCut() {
        var harness = harness()
        harness.send(.withdrawn(.gate))
        #expect(!harness.send(.tick, after: 900_000).contains(.cut))
        let answer = harness.send(.tick, after: 200_000)
        #expect(answer.contains(.cut))
        #expect(ControlHarness.interlocks(answer) == [.beamOffFailure])
        harness.send(.beamSeen(false, harness.counters))
        #expect(harness.control.phase == .terminated)
    }

    @Test func countsWithoutBeam() {
        for (dark, wanted) in [
            (SIMD2<Int64>(20, 20), [Interlock]()), (SIMD2(30, 0), [.darkCounts]),
            (SIMD2(0, 30), [.darkCounts]),
            (SIMD2(30, 30), [.beamOffFailure]),
        ] {
            var harness = ControlHarness()
            harness.lead(to: .holding)
            harness.counters.dark = dark
            #expect(ControlHarness.interlocks(harness.send(.sample(harness.counters))) == wanted, "\(dark)")
        }
        // Before a start as well.
        var harness = ControlHarness()
        harness.lead(to: .ready)
        harness.counters.dark = SIMD2(30, 0)
        harness.send(.sample(harness.counters))
        #expect(harness.control.phase == .loaded)
    }

    @Test func darkCountsOfALongPauseAreAllowed() {
        var harness = ControlHarness()
        harness.lead(to: .holding)
        harness.counters.dark = SIMD2(60, 60)
        #expect(
            ControlHarness.interlocks(harness.send(.sample(harness.counters), after: 1_000_000_000)).isEmpty)
    }

    @Test func wrongBeamIsNotTaken() {
        func answer(_ change: (inout LayerReadings) -> Void, again: Bool) -> [Interlock] {
            var harness = ControlHarness()
            harness.lead(to: again ? .holding : .preparing)
            var readings = harness.readings()
            change(&readings)
            let event: FieldEvent =
                again ? .beamAvailable(readings) : .layerReady(readings, counters: harness.counters)
            return ControlHarness.interlocks(harness.send(event))
        }
        for again in [false, true] {
            #expect(answer({ _ in }, again: again).isEmpty)
            #expect(answer({ $0.ion = .proton }, again: again) == [.ionMismatch])
            #expect(answer({ $0.energy = EnergyPerNucleon(280) }, again: again) == [.energyMismatch])
            #expect(answer({ $0.layer = 1 }, again: again) == [.energyMismatch])
            #expect(answer({ $0.rigidityTM *= 1.0006 }, again: again) == [.energyMismatch])
            #expect(answer({ $0.rigidityTM *= 0.9994 }, again: again) == [.energyMismatch])
            #expect(answer({ $0.rigidityTM = .nan }, again: again) == [.energyMismatch])
            #expect(answer({ $0.rigidityTM *= 1.0004 }, again: again).isEmpty)
        }
    }

    @Test func damagedTableIsFoundBeforeALayer() {
        // The table is checked again at each request: damage in memory after loading.
        var harness = ControlHarness()
        harness.lead(to: .ready)
        harness.control.damage(layer: 0)
        #expect(ControlHarness.interlocks(harness.send(.start(token: harness.token))) == [.sequenceChecksum])
        #expect(harness.control.phase == .terminated)
        #expect(!harness.commands.contains(.requestLayer(0)))
    }

    /// A preset of the last visit that fell would end the layer before its counts are there.
    @Test func damagedTableIsFoundAfterALayer() {
        var harness = ControlHarness()
        harness.lead(to: .irradiating)
        // 2000 counts without their bit of 1024: as the third visit ends at 1500, the layer is over.
        harness.control.damage(layer: 0, visit: 3, bit: 10)
        harness.deliverRest()
        #expect(harness.control.phase == .terminated)
        #expect(ControlHarness.interlocks(harness.commands) == [.sequenceChecksum])
        #expect(!harness.commands.contains(.requestLayer(1)))
    }
}
