import DeliveryControl
import Testing

/// Guards that life seldom reaches: each with the one case in which it decides.
struct GuardTests {
    private static let therapist = RightHolder(id: "T", right: .therapist)

    private func offers(_ commands: [FieldCommand]) -> Int {
        commands.filter { if case .offer = $0 { true } else { false } }.count
    }

    // MARK: - Log

    /// What was on disk before the layer began says nothing of its start, in each layer anew.
    @Test func eachLayerWaitsForItsOwnEntry() {
        var harness = ControlHarness()
        harness.lead(to: .preparing)
        let before = harness.time
        harness.send(.layerReady(harness.readings(), counters: harness.counters))
        harness.send(.recorded(through: before))
        harness.send(.magnetsSettled(visit: 0))
        #expect(harness.control.phase == .holding)
        harness.send(.recorded(through: harness.time))
        #expect(harness.control.phase == .irradiating)
        while harness.control.layer == 0 {
            switch harness.control.phase {
            case .irradiating:
                harness.send(.sample(harness.count(500)), after: 500_000)
                harness.send(.magnetsSettled(visit: harness.control.visit))
            case .stopping: harness.send(.beamSeen(false, harness.counters))
            default:
                harness.send(.recorded(through: harness.time))
                harness.send(.magnetsSettled(visit: harness.control.visit))
            }
        }
        harness.send(.layerReady(harness.readings(), counters: harness.counters))
        harness.send(.magnetsSettled(visit: 0))
        #expect(harness.control.phase == .holding)
    }

    /// The oldest entry that is not on disk decides, not the newest; what is written after a commit began is not in it.
    @Test func ageIsThatOfTheOldestEntry() {
        let hold = DeliveryLimits().recordHoldNS
        var other = ControlHarness()
        other.lead(to: .irradiating)
        other.send(.sample(other.count(500)), after: hold / 2)
        #expect(other.control.phase == .irradiating)
        #expect(other.send(.tick, after: hold / 2 + 1000).contains(.beamOff))
        // The commit had beam on, not the visit.
        var third = ControlHarness()
        third.lead(to: .irradiating)
        let begun = third.time
        third.send(.sample(third.count(500)), after: hold / 2)
        third.send(.recorded(through: begun))
        #expect(third.send(.tick, after: hold / 2 + 1000).contains(.beamOff))
    }

    @Test func interlockIsRecordedOnce() {
        var harness = ControlHarness()
        harness.lead(to: .holding)
        harness.send(.fault(.snout))
        harness.send(.fault(.snout))
        #expect(ControlHarness.interlocks(harness.commands) == [.snout])
    }

    @Test func resumeIsRecordedAndAStartIsNot() {
        var harness = ControlHarness()
        harness.lead(to: .preparing)
        #expect(!harness.commands.contains(.record(.resumed)))
        harness.send(.interrupt)
        harness.send(.reset(.operatorInterrupt, by: [Self.therapist]))
        harness.send(.start(token: harness.token))
        #expect(harness.commands.contains(.record(.resumed)))
    }

    // MARK: - Set-up and start

    /// A set-up that differed in beam is verified again, also when its interlock was reset.
    @Test func resumeAfterSetupDifferedWaitsForReadings() {
        var harness = ControlHarness()
        harness.lead(to: .holding)
        var readings = harness.good
        readings.setup.couchMM.x += 3
        harness.send(.setup(readings))
        #expect(offers(harness.send(.reset(.couch, by: [Self.therapist]))) == 0)
        #expect(offers(harness.send(.setup(harness.good))) == 1)
        // One offer at a time.
        #expect(offers(harness.send(.setup(harness.good))) == 0)
    }

    /// What fires while a resume is on offer makes the offer void.
    @Test func offerDoesNotOutliveAnInterlock() {
        var harness = ControlHarness()
        harness.lead(to: .preparing)
        harness.send(.interrupt)
        harness.send(.reset(.operatorInterrupt, by: [Self.therapist]))
        let old = harness.token
        harness.send(.fault(.snout))
        harness.send(.cleared(.snout))
        #expect(offers(harness.send(.reset(.snout, by: [Self.therapist]))) == 1)
        harness.send(.start(token: old))
        #expect(harness.control.phase == .interrupted)
    }

    /// The offer is withdrawn when a condition goes; the start asks for them once more all the same.
    @Test func startAsksTwice() {
        for change in 0..<3 {
            var harness = ControlHarness()
            harness.lead(to: .ready)
            switch change {
            case 0: harness.control.latched.insert(InterlockSet(.couch))
            case 1: harness.control.present.insert(InterlockSet(.couch))
            default: harness.control.setupHolds = false
            }
            harness.send(.start(token: harness.token))
            #expect(harness.control.phase == .ready, "\(change)")
        }
    }

    // MARK: - Beam

    /// A layer whose beam is not the wanted one is not begun: nothing moves, nothing is counted from.
    @Test func layerOfAnotherBeamIsNotBegun() {
        var harness = ControlHarness()
        harness.lead(to: .preparing)
        var wrong = harness.readings()
        wrong.rigidityTM *= 1.01
        let answer = harness.send(.layerReady(wrong, counters: harness.counters))
        #expect(harness.control.phase == .interrupted)
        #expect(!answer.contains { if case .visit = $0 { true } else { false } })
        #expect(!answer.contains { if case .record(.layerStarted) = $0 { true } else { false } })
    }

    @Test func beamThatIsNotAvailableIsNotSwitchedOnAgain() {
        var harness = ControlHarness()
        harness.lead(to: .irradiating)
        harness.send(.beamUnavailable)
        harness.send(.beamSeen(false, harness.counters))
        harness.send(.recorded(through: harness.time))
        harness.send(.magnetsSettled(visit: 0))
        #expect(harness.control.phase == .holding)
        harness.send(.beamAvailable(harness.readings()))
        #expect(harness.control.phase == .irradiating)
        // Another energy while it is on.
        var wrong = harness.readings()
        wrong.rigidityTM *= 1.01
        #expect(ControlHarness.interlocks(harness.send(.beamAvailable(wrong))) == [.energyMismatch])
    }

    /// After a pause the magnets say once more that they stand.
    @Test func pauseWaitsForTheMagnets() {
        var harness = ControlHarness()
        harness.lead(to: .irradiating)
        harness.send(.withdrawn(.gate))
        harness.send(.beamSeen(false, harness.counters))
        harness.send(.recorded(through: harness.time))
        harness.send(.permit(.gate, until: harness.time.after(1_000_000_000)))
        #expect(harness.control.phase == .holding)
        harness.send(.magnetsSettled(visit: 0))
        #expect(harness.control.phase == .irradiating)
    }

    /// The rate is that since beam on: a pause does not hide a surge.
    @Test func pauseDoesNotHideASurge() {
        var harness = ControlHarness()
        harness.lead(to: .irradiating)
        harness.send(.withdrawn(.gate))
        harness.send(.beamSeen(false, harness.counters))
        harness.send(.permit(.gate, until: harness.time.after(1_000_000_000)), after: 100_000_000)
        harness.send(.recorded(through: harness.time))
        harness.send(.magnetsSettled(visit: 0))
        #expect(harness.control.phase == .irradiating)
        let answer = harness.send(.sample(harness.count(490)), after: 90_000)
        #expect(ControlHarness.interlocks(answer) == [.intensityHigh])
    }

    /// The time of a visit begins at the visit, also with beam on between two.
    @Test func timeOfAVisitBeginsAtTheVisit() {
        var harness = ControlHarness()
        harness.lead(to: .irradiating)
        harness.send(.recorded(through: harness.time))
        harness.send(.sample(harness.count(500)), after: 40_000_000)
        harness.send(.recorded(through: harness.time))
        #expect(harness.control.visit == 1 && harness.control.phase == .irradiating)
        #expect(ControlHarness.interlocks(harness.send(.tick, after: 40_000_000)).isEmpty)
    }

    /// What stops the beam at the end of a visit keeps the visit open, or the magnets where they are.
    @Test func stopAtTheEndOfAVisitMovesNowhere() {
        var harness = ControlHarness()
        harness.lead(to: .irradiating)
        var sample = harness.count(500)
        sample.positionCounts = 100
        sample.positionMM = SIMD2(5, 0)
        let answer = harness.send(.sample(sample), after: 500_000)
        #expect(ControlHarness.interlocks(answer) == [.spotPosition])
        #expect(harness.control.visit == 0)
        #expect(!answer.contains { if case .record(.visit) = $0 { true } else { false } })
        // Monitors that are too different at the end only: the visit is over, and no further one begins.
        var limits = DeliveryLimits()
        limits.disagreementStop = 1
        var third = ControlHarness(limits: limits)
        third.lead(to: .irradiating)
        var last = third.count(500)
        last.secondary += 85
        let end = third.send(.sample(last), after: 500_000)
        #expect(ControlHarness.interlocks(end) == [.monitorDisagreement])
        #expect(!end.contains { if case .visit = $0 { true } else { false } })
    }

    /// Beam that has reached the next preset as well is switched off.
    @Test func overshootOverTheNextVisitStops() {
        var harness = ControlHarness()
        harness.lead(to: .irradiating)
        let answer = harness.send(.sample(harness.count(1020)), after: 1_000_000)
        #expect(answer.contains(.beamOff) && harness.control.phase == .stopping)
    }

    @Test func fewCountsAreNoPositionWarningAndAGoodVisitEndsTheRow() {
        for (offsets, counts, fires) in [
            ([1.2, 1.2], Int64(100), true), ([1.2, 1.2], 39, false), ([1.2, 0, 1.2], 100, false),
        ] {
            var limits = DeliveryLimits()
            limits.positionWarnCount = 2
            var harness = ControlHarness(limits: limits)
            harness.lead(to: .irradiating)
            var fired: [Interlock] = []
            for offset in offsets {
                if harness.control.phase == .stopping {
                    harness.send(.beamSeen(false, harness.counters))
                    harness.send(.recorded(through: harness.time))
                }
                harness.send(.magnetsSettled(visit: harness.control.visit))
                var sample = harness.count(500)
                sample.positionCounts = counts
                sample.positionMM = SIMD2(2 * Double(harness.control.visit) + offset, 0)
                fired += ControlHarness.interlocks(harness.send(.sample(sample), after: 500_000))
            }
            #expect(fired == (fires ? [.spotPosition] : []), "\(offsets) \(counts)")
        }
    }

    /// Beam time counts as well where beam went off by itself.
    @Test func beamTimeOfBeamThatWentOffByItself() {
        var limits = DeliveryLimits()
        limits.beamTimeFactor = 1
        limits.beamTimeNS = 0
        var harness = ControlHarness(limits: limits)
        harness.lead(to: .irradiating)
        harness.send(.recorded(through: harness.time))
        harness.send(.beamSeen(false, harness.counters), after: 3_000_000)
        harness.send(.recorded(through: harness.time))
        harness.send(.magnetsSettled(visit: 0))
        #expect(harness.control.phase == .irradiating)
        // 4 ms are needed and allowed.
        #expect(ControlHarness.interlocks(harness.send(.tick, after: 2_000_000)) == [.beamTime])
    }

    /// A pause looks up in the table where delivery stands: damage is found before that.
    @Test func damagedTableIsFoundAtAPause() {
        var harness = ControlHarness()
        harness.lead(to: .irradiating)
        harness.send(.sample(harness.count(200)), after: 200_000)
        harness.control.damage(layer: 0, visit: 0, bit: 8)
        harness.send(.withdrawn(.gate))
        let answer = harness.send(.beamSeen(false, harness.count(120)))
        #expect(ControlHarness.interlocks(answer) == [.sequenceChecksum])
        #expect(harness.control.phase == .terminated && harness.control.visit == 0)
    }

    /// Counters that ran backwards while beam went off: nothing is unbooked, and the field is over.
    @Test func countersBackwardsAtBeamOff() {
        var harness = ControlHarness()
        harness.lead(to: .irradiating)
        harness.send(.sample(harness.count(200)), after: 200_000)
        harness.send(.withdrawn(.gate))
        harness.counters.primary -= 50
        let answer = harness.send(.beamSeen(false, harness.counters))
        #expect(ControlHarness.interlocks(answer) == [.monitorDisagreement])
        #expect(harness.control.layerCounts == 200 && harness.control.phase == .terminated)
    }

    @Test func darkCountsAreJudgedAnewAfterTheyFired() {
        var harness = ControlHarness()
        harness.lead(to: .ready)
        harness.counters.dark = SIMD2(100, 0)
        #expect(ControlHarness.interlocks(harness.send(.sample(harness.counters))) == [.darkCounts])
        harness.send(.reset(.darkCounts, by: [RightHolder(id: "P", right: .physicist)]))
        #expect(ControlHarness.interlocks(harness.send(.sample(harness.counters))).isEmpty)
    }

    // MARK: - Gate

    /// A gate that is renewed is open since it opened.
    @Test func renewedGateIsOpenSinceItOpened() {
        var limits = DeliveryLimits()
        limits.gateOpenNS = 1_000_000
        var harness = ControlHarness(limits: limits)
        harness.lead(to: .irradiating)
        harness.send(.permit(.gate, until: harness.time.after(1_000_000_000)), after: 600_000)
        #expect(ControlHarness.interlocks(harness.send(.tick, after: 600_000)) == [.gateOpenTooLong])
    }

    @Test func fieldWithoutGateNeedsNone() {
        var limits = DeliveryLimits()
        limits.gateOpenNS = 1_000_000
        var harness = ControlHarness(limits: limits)
        harness.send(.load(ControlHarness.field(isGated: false), approvedHash: "hash", from: .beginning))
        harness.grantAll()
        harness.send(.setup(harness.good))
        harness.send(.start(token: harness.token))
        harness.send(.layerReady(harness.readings(), counters: harness.counters))
        harness.send(.recorded(through: harness.time))
        harness.send(.magnetsSettled(visit: 0))
        #expect(harness.control.phase == .irradiating)
        #expect(ControlHarness.interlocks(harness.send(.tick, after: 2_000_000)).isEmpty)
    }
}

/// Guards of the second protection.
struct SecondaryProtectionGuardTests {
    private static func armed() -> SecondaryProtection {
        var protection = SecondaryProtection()
        let armed = protection.arm(ControlHarness.field(), at: .start)
        precondition(armed)
        protection.protect(LayerBounds(layer: 0, secondaryBase: 5000), at: .start)
        return protection
    }

    /// A layer or a visit that is not in its table changes nothing.
    @Test func whatIsNotInItsTable() {
        var protection = Self.armed()
        protection.protect(LayerBounds(layer: 2, secondaryBase: 1_000_000), at: .start)
        holds(!protection.moved(to: 99, at: .start))
        // Back to the first visit nothing can be missing.
        holds(!protection.counted(5001, at: .start))
        holds(!protection.moved(to: 0, at: .start))
        holds(protection.counted(9000, at: .start))
    }

    /// Each layer begins at its first visit.
    @Test func layerBeginsAtItsFirstVisit() {
        var protection = Self.armed()
        holds(!protection.counted(6500, at: .start))
        holds(!protection.moved(to: 2, at: .start))
        protection.protect(LayerBounds(layer: 1, secondaryBase: 7000), at: .start)
        holds(protection.counted(7000 + 500 + 1126, at: .start))
    }

    /// Counts are no word of the control.
    @Test func countsDoNotBreakTheSilence() {
        var protection = Self.armed()
        holds(!protection.counted(5010, at: MonotonicTime(nanoseconds: 15_000_000)))
        holds(protection.counted(5020, at: MonotonicTime(nanoseconds: 20_000_001)))
        holds(protection.reason == .heartbeat)
    }

    @Test func nobodyIsNoSecondPerson() {
        var protection = Self.armed()
        holds(protection.counted(9000, at: .start))
        holds(
            !protection.reset(by: [
                RightHolder(id: "P", right: .physicist), RightHolder(id: "", right: .facility),
            ]))
    }
}
