import DeliveryControl
import Testing

/// A difference of the set-up is let stand by two persons with a reason, for the set-up that they saw and no other.
struct OverrideTests {
    private static let two = [
        RightHolder(id: "T", right: .therapist), RightHolder(id: "U", right: .therapist),
    ]

    /// Loaded, with readings that differ.
    private func harness(_ readings: SetupReadings) -> ControlHarness {
        var harness = ControlHarness()
        harness.load()
        harness.grantAll()
        harness.send(.setup(readings))
        return harness
    }

    private func readings(_ change: (inout SetupReadings) -> Void) -> SetupReadings {
        var readings = SetupReadings(setup: ControlHarness.setup, imagesHold: true)
        change(&readings)
        return readings
    }

    private func overridden(_ answer: [FieldCommand]) -> Bool {
        answer.contains { if case .record(.overridden) = $0 { true } else { false } }
    }

    private static let void = FieldCommand.record(.overridesVoid)

    @Test func twoPersonsAndAReasonLetTheFieldStart() {
        var readings = self.readings { $0.imagesHold = false }
        var harness = self.harness(readings)
        let answer = harness.send(.override(.imaging, by: Self.two, reason: "images of 10:32"))
        #expect(
            answer.contains(
                .record(.overridden(.imaging, by: Self.two, reason: "images of 10:32"))))
        #expect(harness.control.phase == .ready)
        harness.send(.setup(readings))
        harness.send(.start(token: harness.token))
        #expect(harness.control.phase == .preparing)
        // The same set-up during beam, a little off as devices are.
        readings.setup.couchMM.x += 0.5
        harness.send(.setup(readings))
        #expect(harness.control.phase == .preparing && harness.control.overridden.contains(.imaging))
    }

    @Test func onePersonNoReasonOrTheWrongInterlockDoNot() {
        var harness = self.harness(readings { $0.setup.patientID = "P-2" })
        let physicist = RightHolder(id: "P", right: .physicist)
        let tries: [([RightHolder], Interlock, String, Refusal)] = [
            ([physicist], .patientIdentity, "known", .notAuthorised),
            ([physicist, physicist], .patientIdentity, "known", .notAuthorised),
            ([physicist, RightHolder(id: "", right: .facility)], .patientIdentity, "known", .notAuthorised),
            (Self.two, .patientIdentity, " \n", .noReason),
            (Self.two, .patientIdentity, "", .noReason),
            // Nothing differs there; may not be overridden.
            (Self.two, .imaging, "known", .override(.imaging)),
            (Self.two, .ionMismatch, "known", .override(.ionMismatch)),
        ]
        for (persons, interlock, reason, refusal) in tries {
            let answer = harness.send(.override(interlock, by: persons, reason: reason))
            #expect(answer == [.refused(refusal)])
        }
        #expect(harness.control.phase == .loaded && harness.control.overridden.isEmpty)
    }

    /// A right that the table asks for is needed.
    @Test func rightIsNeeded() throws {
        var rows = Interlock.allCases.map { InterlockTable.standard[$0] }
        rows[Int(Interlock.imaging.rawValue)].override = .init(right: .physicist, persons: 2)
        var control = FieldControl(table: try #require(InterlockTable(rows: rows)))
        let time = MonotonicTime(nanoseconds: 1)
        _ = control.handle(.load(ControlHarness.field(), approvedHash: "hash", from: .beginning), at: time)
        _ = control.handle(
            .setup(SetupReadings(setup: ControlHarness.setup, imagesHold: false)), at: time)
        let refused = control.handle(.override(.imaging, by: Self.two, reason: "seen"), at: time)
        #expect(refused == [.refused(.notAuthorised)])
        let physicists = ["P", "Q"].map { RightHolder(id: $0, right: .physicist) }
        let taken = control.handle(.override(.imaging, by: physicists, reason: "seen"), at: time)
        #expect(overridden(taken))
    }

    @Test func couchCannotBeOverridden() {
        var harness = self.harness(readings { $0.setup.couchMM.x += 3 })
        let answer = harness.send(.override(.couch, by: Self.two, reason: "seen"))
        #expect(answer == [.refused(.override(.couch))])
    }

    @Test func eachDifferenceNeedsItsOwn() {
        var harness = self.harness(
            readings {
                $0.imagesHold = false
                $0.setup.patientID = ""
            })
        harness.send(.override(.imaging, by: Self.two, reason: "seen"))
        #expect(harness.control.phase == .loaded)
        // Twice is no second one.
        let again = harness.send(.override(.imaging, by: Self.two, reason: "seen"))
        #expect(again == [.refused(.override(.imaging))])
        harness.send(.override(.patientIdentity, by: Self.two, reason: "wristband lost"))
        #expect(harness.control.phase == .ready)
    }

    /// Whatever changes ends it: before the start nothing is ready any more, during beam the interlock fires.
    @Test(arguments: 0..<6)
    func anotherSetupEndsIt(change: Int) {
        for isRunning in [false, true] {
            var readings = self.readings { $0.imagesHold = false }
            var harness = self.harness(readings)
            harness.send(.override(.imaging, by: Self.two, reason: "seen"))
            if isRunning { harness.send(.start(token: harness.token)) }
            switch change {
            case 0: readings.setup.couchMM.y += 1.5
            case 1: readings.setup.patientID = "P-2"
            case 2: readings.setup.gantryDegrees += 1
            case 3: readings.rangeShifterContradicts = true
            case 4: readings.setup.ridgeFilter = nil
            default: readings.imagesHold = true
            }
            let answer = harness.send(.setup(readings))
            #expect(answer.contains(Self.void) && harness.control.overridden.isEmpty)
            readings = harness.good
            readings.imagesHold = false
            let back = harness.send(.setup(readings))
            #expect(!back.contains { if case .offer = $0 { true } else { false } })
            if isRunning, change != 5 {
                #expect(harness.control.latched.contains(.imaging))
            }
        }
    }

    @Test func openedRoomEndsItAlsoWhereThePermitJustRanOut() {
        for isWithdrawn in [true, false] {
            var readings = self.readings { $0.imagesHold = false }
            var harness = self.harness(readings)
            harness.send(.override(.imaging, by: Self.two, reason: "seen"))
            harness.send(.start(token: harness.token))
            harness.send(.permit(.roomSecured, until: harness.time.after(10_000)))
            let answer =
                isWithdrawn ? harness.send(.withdrawn(.roomSecured)) : harness.send(.tick, after: 1_000_000)
            #expect(answer.contains(Self.void))
            harness.send(.permit(.roomSecured, until: harness.time.after(1_000_000_000)))
            harness.send(.reset(.roomSafety, by: Self.two))
            // Nothing is offered before the room was read and the difference overridden again.
            let blind = harness.send(.override(.imaging, by: Self.two, reason: "seen"))
            #expect(blind == [.refused(.override(.imaging))])
            harness.send(.setup(readings))
            #expect(harness.control.offered == nil)
            readings.imagesHold = false
            harness.send(.override(.imaging, by: Self.two, reason: "seen"))
            #expect(harness.control.offered != nil)
        }
    }

    @Test func theEndOfTheFieldEndsIt() {
        var harness = self.harness(readings { $0.imagesHold = false })
        harness.send(.override(.imaging, by: Self.two, reason: "seen"))
        let end = harness.send(.terminate)
        #expect(end.contains(Self.void))
        #expect(harness.control.overridden.isEmpty)
        var whole = self.harness(readings { $0.imagesHold = false })
        whole.send(.override(.imaging, by: Self.two, reason: "seen"))
        whole.send(.start(token: whole.token))
        whole.deliverRest()
        #expect(whole.control.phase == .completed && whole.control.overridden.isEmpty)
        #expect(whole.commands.contains(Self.void))
    }

    /// What fired during beam is reset first, then the difference is overridden, then somebody resumes.
    @Test func overrideDoesNotReset() {
        var harness = ControlHarness()
        harness.lead(to: .holding)
        var readings = harness.good
        readings.imagesHold = false
        harness.send(.setup(readings))
        #expect(harness.control.latched.contains(.imaging))
        harness.send(.override(.imaging, by: Self.two, reason: "seen"))
        #expect(harness.control.latched.contains(.imaging) && harness.control.offered == nil)
        harness.send(.reset(.imaging, by: [Self.two[0]]))
        harness.send(.start(token: harness.token))
        #expect(harness.control.phase == .preparing)
    }
}
