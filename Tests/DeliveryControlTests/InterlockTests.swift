import DeliveryControl
import Testing

/// The table of interlocks, latching and reset.
struct InterlockTests {
    static let therapist = RightHolder(id: "T", right: .therapist)
    static let physicist = RightHolder(id: "P", right: .physicist)
    static let facility = RightHolder(id: "F", right: .facility)

    @Test func tableMustBeComplete() {
        let rows = Interlock.allCases.map { InterlockTable.standard[$0] }
        #expect(InterlockTable(rows: rows.reversed()) != nil)
        #expect(InterlockTable(rows: Array(rows.dropLast())) == nil)
        #expect(InterlockTable(rows: rows + [rows[0]]) == nil)
        var nobody = rows
        nobody[3].persons = 0
        #expect(InterlockTable(rows: nobody) == nil)
        nobody[3].persons = 3
        #expect(InterlockTable(rows: nobody) == nil)
    }

    /// Nobody can make a table in which beam, plan or monitors are overridden, or anything by one person.
    @Test(arguments: Interlock.allCases)
    func overrideIsForPositionAndForTwo(interlock: Interlock) {
        var rows = Interlock.allCases.map { InterlockTable.standard[$0] }
        let index = Int(interlock.rawValue)
        rows[index].override = .init(right: .facility, persons: 2)
        #expect((InterlockTable(rows: rows) != nil) == interlock.isOfPosition)
        rows[index].override = .init(right: .facility, persons: 1)
        #expect(InterlockTable(rows: rows) == nil)
        let never: Set<Interlock> = [
            .ionMismatch, .energyMismatch, .rangeShifter, .monitorDisagreement, .secondaryDoseLimit,
            .monitorHighVoltage, .planHash, .sequenceChecksum,
        ]
        if never.contains(interlock) { #expect(!interlock.isOfPosition) }
    }

    /// The page that people read says the same.
    @Test(arguments: Interlock.allCases)
    func pageAgrees(interlock: Interlock) throws {
        let row = InterlockTable.standard[interlock]
        let cells = try #require(StateEventTests.rows.first { $0.first == "\(interlock)" && $0.count == 6 })
        #expect(
            Array(cells[2...]) == [
                "\(row.consequence)", "\(row.reset)", String(row.persons),
                row.override.map { "\($0.persons) \($0.right)" } ?? "no",
            ])
    }

    @Test func doseFaultsNeedTwoPersonsAndBeamThatCannotBeStoppedTheFacility() {
        let table = InterlockTable.standard
        for interlock in [Interlock.secondaryDoseLimit, .monitorDisagreement, .ionMismatch] {
            #expect(table[interlock].persons == 2 && table[interlock].consequence >= .termination)
        }
        #expect(
            table[.beamOffFailure].consequence == .facilityLatch && table[.beamOffFailure].reset == .facility)
        #expect(table.gravest([InterlockSet(.couch), InterlockSet(.beamOffFailure)]) == .facilityLatch)
        #expect(table.gravest([]) == nil)
    }

    /// From every state in which beam is possible, every interlock takes the beam off and leads out of beam.
    @Test(arguments: Interlock.allCases)
    func takesTheBeamOff(interlock: Interlock) {
        let row = InterlockTable.standard[interlock]
        for phase in [FieldControl.Phase.preparing, .holding, .irradiating, .stopping] {
            var harness = ControlHarness()
            harness.lead(to: phase)
            let answer = harness.send(.fault(interlock))
            #expect(answer.contains(row.consequence == .facilityLatch ? .cut : .beamOff))
            #expect(ControlHarness.interlocks(answer) == [interlock])
            harness.send(.beamSeen(false, harness.counters))
            #expect(harness.control.phase == (row.consequence == .interruption ? .interrupted : .terminated))
        }
    }

    @Test func resetWantsTheCauseGoneTheRightAndThePersons() {
        var harness = ControlHarness()
        harness.lead(to: .holding)
        harness.send(.fault(.scanMagnet))
        #expect(harness.control.latched.contains(.scanMagnet))
        harness.send(.reset(.scanMagnet, by: [Self.physicist]))
        #expect(harness.control.latched.contains(.scanMagnet), "the cause is still there")
        harness.send(.cleared(.scanMagnet))
        harness.send(.reset(.scanMagnet, by: [Self.therapist]))
        #expect(harness.control.latched.contains(.scanMagnet), "a therapist may not")
        harness.send(.reset(.scanMagnet, by: [RightHolder(id: "", right: .facility)]))
        #expect(harness.control.latched.contains(.scanMagnet), "nobody may not")
        harness.send(.reset(.scanMagnet, by: [Self.physicist]))
        #expect(harness.control.latched.isEmpty)
    }

    @Test func twoPersonsAreTwo() {
        var harness = ControlHarness()
        harness.lead(to: .holding)
        harness.send(.fault(.monitorDisagreement))
        harness.send(.cleared(.monitorDisagreement))
        harness.send(.reset(.monitorDisagreement, by: [Self.physicist, Self.physicist]))
        #expect(!harness.control.latched.isEmpty)
        harness.send(.reset(.monitorDisagreement, by: [Self.physicist, Self.therapist]))
        #expect(!harness.control.latched.isEmpty)
        harness.send(.reset(.monitorDisagreement, by: [Self.physicist, Self.facility]))
        #expect(harness.control.latched.isEmpty)
        // The field stays over.
        #expect(harness.control.phase == .terminated)
        harness.send(.setup(harness.good))
        harness.send(.start(token: harness.token))
        #expect(harness.control.phase == .terminated)
    }

    @Test func resumeWaitsForEveryInterlockAndForSetup() {
        var harness = ControlHarness()
        harness.lead(to: .irradiating)
        harness.send(.sample(harness.count(200)), after: 200_000)
        harness.send(.fault(.spotPosition))
        harness.send(.interrupt)
        harness.send(.beamSeen(false, harness.count(5)))
        #expect(harness.control.phase == .interrupted)
        harness.send(.cleared(.spotPosition))
        let early = harness.send(.reset(.spotPosition, by: [Self.physicist]))
        #expect(!early.contains { if case .offer = $0 { true } else { false } })
        harness.send(.start(token: harness.token))
        #expect(harness.control.phase == .interrupted)
        var moved = harness.good
        moved.setup.couchMM.z += 3
        harness.send(.setup(moved))
        harness.send(.reset(.operatorInterrupt, by: [Self.therapist]))
        harness.send(.start(token: harness.token + 1))
        #expect(harness.control.phase == .interrupted)
        harness.send(.setup(harness.good))
        harness.send(.start(token: harness.token))
        #expect(harness.control.phase == .preparing)
        // Goes on where it stopped: 205 of 500 counts are there.
        let answer = harness.send(.layerReady(harness.readings(), counters: harness.counters))
        #expect(answer.contains(.visit(0, reportAt: harness.counters.primary + 295)))
    }

    @Test func gravestDecides() {
        var harness = ControlHarness()
        harness.lead(to: .irradiating)
        harness.send(.fault(.monitorDisagreement))
        harness.send(.fault(.couch))
        harness.send(.beamSeen(false, harness.counters))
        #expect(harness.control.phase == .terminated)
    }

    @Test func setBehavesAsASet() {
        let set: InterlockSet = [InterlockSet(.couch), InterlockSet(.permitLost)]
        #expect(set.interlocks == [.couch, .permitLost])
        #expect(set.contains(.couch) && !set.contains(.snout))
        #expect(Interlock.allCases.count <= 64)
    }
}
