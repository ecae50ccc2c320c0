import DeliveryControl
import Testing

/// A field from load to end, and each condition of beam taken away alone.
struct FieldControlTests {
    private static func refusals(_ commands: [FieldCommand]) -> [Refusal] {
        commands.compactMap { if case .refused(let why) = $0 { why } else { nil } }
    }

    @Test func deliversEverySpotOnce() {
        var harness = ControlHarness()
        harness.lead(to: .completed)
        #expect(harness.control.phase == .completed)
        var visits: [[Int]] = []
        for case .record(.visit(let layer, let visit, _)) in harness.commands {
            visits.append([layer, visit])
        }
        #expect(visits == (0..<2).flatMap { layer in (0..<4).map { [layer, $0] } })
        #expect(harness.counters.primary == 1000 + 2 * 2000)
        // Beam off before the first and third visit of each layer: two switches on per layer.
        #expect(harness.commands.filter { $0 == .beamOn }.count == 4)
    }

    @Test(arguments: [
        ("", "hash"), ("other", "hash"), ("", ""),
    ])
    func refusesPlanThatWasNotApproved(approved: String, plan: String) {
        var harness = ControlHarness()
        var field = ControlHarness.field()
        field.planHash = plan
        let answer = harness.send(.load(field, approvedHash: approved, from: .beginning))
        #expect(Self.refusals(answer) == [.plan(.planHash)])
        #expect(harness.control.phase == .idle)
    }

    @Test func refusesDamagedTable() {
        var field = ControlHarness.field()
        field.layers[1].visits[2].presetCounts += 1
        var harness = ControlHarness()
        let answer = harness.send(.load(field, approvedHash: "hash", from: .beginning))
        #expect(Self.refusals(answer) == [.plan(.sequenceChecksum)])
        #expect(harness.control.phase == .idle)
    }

    @Test func refusesImpossibleTablesAndStarts() {
        func remade(_ change: (inout LayerSequence) -> Void) -> FieldSequence {
            var field = ControlHarness.field()
            change(&field.layers[0])
            field.layers[0].checksum = field.layers[0].computedChecksum
            return field
        }
        var none = ControlHarness.field()
        none.layers = []
        let fields = [
            none, remade { $0.visits = [] }, remade { $0.visits[1].presetCounts = $0.visits[0].presetCounts },
            remade { $0.visits[0].presetCounts = 0 }, remade { $0.visits[0].beamOffBefore = false },
            remade { $0.countsPerS = 0 }, remade { $0.countsPerS = .infinity },
        ]
        for field in fields {
            var harness = ControlHarness()
            #expect(
                Self.refusals(harness.send(.load(field, approvedHash: "hash", from: .beginning))) == [
                    .plan(nil)
                ])
        }
        for start in [
            FieldStart(layer: 2, counts: 0), .init(layer: -1, counts: 0), .init(layer: 0, counts: -1),
            .init(layer: 0, counts: 2001),
        ] {
            var harness = ControlHarness()
            let answer = harness.send(.load(ControlHarness.field(), approvedHash: "hash", from: start))
            #expect(Self.refusals(answer) == [.plan(nil)], "\(start)")
        }
    }

    @Test func loadIsRefusedWhileAnInterlockStands() {
        var harness = ControlHarness()
        harness.send(.fault(.monitorHighVoltage))
        harness.load()
        #expect(harness.control.phase == .idle)
    }

    @Test func startsFromARemainder() {
        var harness = ControlHarness()
        harness.send(.load(ControlHarness.field(), approvedHash: "hash", from: .init(layer: 1, counts: 700)))
        harness.grantAll()
        harness.send(.setup(harness.good))
        harness.send(.start(token: harness.token))
        #expect(harness.commands.contains(.requestLayer(1)))
        let answer = harness.send(.layerReady(harness.readings(1), counters: harness.counters))
        // Visit 1 lasts to 1000 counts of the layer, 700 of which are there already.
        #expect(answer.contains(.visit(1, reportAt: 1000 + 300)))
    }

    @Test func tokenWorksOnce() {
        var harness = ControlHarness()
        harness.lead(to: .ready)
        #expect(Self.refusals(harness.send(.start(token: harness.token + 1))) == [.wrongToken])
        #expect(harness.control.phase == .ready)
        harness.send(.start(token: harness.token))
        #expect(harness.control.phase == .preparing)
        #expect(harness.control.offered == nil)
        harness.send(.interrupt)
        harness.send(.reset(.operatorInterrupt, by: [RightHolder(id: "T", right: .therapist)]))
        #expect(Self.refusals(harness.send(.start(token: 1))) == [.wrongToken])
        harness.send(.start(token: harness.token))
        #expect(harness.control.phase == .preparing)
        let requests = harness.commands.filter { $0 == .requestLayer(0) }.count
        #expect(Self.refusals(harness.send(.start(token: harness.token))) == [.wrongToken])
        #expect(harness.commands.filter { $0 == .requestLayer(0) }.count == requests)
    }

    @Test func startNeedsPermits() {
        var harness = ControlHarness()
        harness.load()
        harness.send(.setup(harness.good))
        let answer = harness.send(.start(token: harness.token))
        #expect(Self.refusals(answer) == [.permits(Permit.allCases.filter { $0 != .gate })])
        #expect(harness.control.phase == .ready)
    }

    /// Every condition of beam, missing alone, keeps the beam off.
    @Test(arguments: 0..<8)
    func beamNeeds(condition: Int) {
        var harness = ControlHarness()
        harness.lead(to: .preparing)
        if condition == 0 { harness.send(.withdrawn(.gate)) }
        harness.send(.layerReady(harness.readings(), counters: harness.counters))
        if condition != 1 { harness.send(.recorded(through: harness.time)) }
        if condition == 2 { harness.send(.beamUnavailable) }
        if condition == 3 {
            harness.send(.setup(SetupReadings(setup: ControlHarness.setup, imagesHold: false)))
        }
        if condition == 4 { harness.send(.fault(.scanMagnet)) }
        if condition == 5 { harness.send(.withdrawn(.recorder)) }
        if condition == 6 {
            // The cause is gone, nobody has reset it.
            harness.send(.fault(.snout))
            harness.send(.cleared(.snout))
        }
        let answer = harness.send(.magnetsSettled(visit: condition == 7 ? 1 : 0))
        #expect(!answer.contains(.beamOn))
        #expect(harness.control.phase != .irradiating)
    }

    /// Interlocks and set-up lead out of `holding` by themselves; beam asks for them once more all the same.
    @Test func beamAsksTwice() {
        for change in 0..<3 {
            var harness = ControlHarness()
            harness.lead(to: .holding)
            switch change {
            case 0: harness.control.latched.insert(InterlockSet(.couch))
            case 1: harness.control.present.insert(InterlockSet(.couch))
            default: harness.control.setupHolds = false
            }
            #expect(!harness.send(.magnetsSettled(visit: 0)).contains(.beamOn), "\(change)")
        }
    }

    @Test func beamWaitsForTheDiskAndComesBack() {
        var harness = ControlHarness()
        harness.lead(to: .irradiating)
        // The entry of beam on never reaches the disk.
        let answer = harness.send(.tick, after: harness.control.limits.recordHoldNS + 1)
        #expect(answer.contains(.beamOff))
        #expect(harness.control.phase == .stopping)
        harness.send(.beamSeen(false, harness.counters))
        harness.send(.magnetsSettled(visit: 0))
        #expect(harness.control.phase == .holding)
        harness.send(.recorded(through: harness.time))
        #expect(harness.control.phase == .irradiating)
        #expect(harness.control.latched.isEmpty)
    }

    @Test func deadDiskIsAnInterlock() {
        var harness = ControlHarness()
        harness.lead(to: .holding)
        harness.send(.withdrawn(.gate))
        harness.send(.beamUnavailable)
        var limits = harness.control.limits
        limits.recordHoldNS = 0
        let answer = harness.send(.tick, after: limits.recordStopNS + 1)
        // Everything is on disk: no interlock.
        #expect(ControlHarness.interlocks(answer).isEmpty)
        var other = ControlHarness()
        other.lead(to: .preparing)
        other.send(.layerReady(other.readings(), counters: other.counters))
        #expect(
            ControlHarness.interlocks(other.send(.tick, after: limits.recordStopNS + 1)) == [.recording])
    }

    @Test func gateHoldsAndBeamComesBack() {
        var harness = ControlHarness()
        harness.lead(to: .irradiating)
        harness.send(.sample(harness.count(100)), after: 100_000)
        #expect(harness.send(.withdrawn(.gate)).contains(.beamOff))
        // 40 counts come until the beam is off; they belong to the spot.
        harness.send(.beamSeen(false, harness.count(40)))
        #expect(harness.control.phase == .holding)
        #expect(harness.control.layerCounts == 140)
        harness.send(.magnetsSettled(visit: 0))
        harness.send(.recorded(through: harness.time))
        #expect(harness.control.phase == .holding)
        let answer = harness.send(.permit(.gate, until: harness.time.after(1_000_000_000)))
        #expect(answer.contains(.beamOn))
        harness.send(.sample(harness.count(360)), after: 400_000)
        #expect(harness.control.visit == 1)
    }

    /// The third visit and those behind it want a gate that just opened; the first two go on in any opening.
    @Test func visitsThatFillAGateWaitForItsOpening() {
        var field = ControlHarness.field()
        var visits = field.layers[0].visits
        for first in [0, 2] { visits[first].beginsAtGateOpening = true }
        let layer = field.layers[0]
        field.layers[0] = LayerSequence(
            planLayer: 0, energy: layer.energy, rigidityTM: layer.rigidityTM, countsPerS: layer.countsPerS,
            visits: visits)
        var harness = ControlHarness()
        harness.send(.load(field, approvedHash: "hash", from: .beginning))
        harness.grantAll()
        harness.send(.setup(harness.good))
        harness.send(.start(token: harness.token))
        let begin = harness.control.limits.gateBeginNS
        harness.send(.layerReady(harness.readings(), counters: harness.counters), after: begin)
        harness.send(.recorded(through: harness.time))
        // Ready in the middle of an opening: beam waits for the next.
        #expect(!harness.send(.magnetsSettled(visit: 0)).contains(.beamOn))
        #expect(!harness.send(.permit(.gate, until: harness.time.after(1_000_000_000))).contains(.beamOn))
        harness.send(.withdrawn(.gate))
        #expect(harness.send(.permit(.gate, until: harness.time.after(1_000_000_000))).contains(.beamOn))
        // The gate closes in the second visit: it goes on in the middle of another opening, and the third waits.
        harness.send(.sample(harness.count(510)), after: 500_000)
        harness.send(.withdrawn(.gate))
        harness.send(.beamSeen(false, harness.counters))
        harness.send(.permit(.gate, until: harness.time.after(1_000_000_000)))
        harness.send(.recorded(through: harness.time), after: 2 * begin)
        #expect(harness.send(.magnetsSettled(visit: 1)).contains(.beamOn))
        // Beam that came too long gave all of the third visit: the fourth belongs to it and waits all the same.
        harness.send(.sample(harness.count(490)), after: 500_000)
        harness.send(.beamSeen(false, harness.count(501)))
        #expect(harness.control.visit == 3)
        harness.send(.recorded(through: harness.time))
        #expect(!harness.send(.magnetsSettled(visit: 3)).contains(.beamOn))
        harness.send(.withdrawn(.gate))
        #expect(
            harness.send(.permit(.gate, until: harness.time.after(1_000_000_000)), after: begin).contains(
                .beamOn))
    }

    /// A gate that opened a while ago is good until `gateBeginNS`, and not after.
    @Test(arguments: [0, 1]) func gateIsFreshForAWhile(late: Int64) {
        var field = ControlHarness.field()
        var visits = field.layers[0].visits
        visits[0].beginsAtGateOpening = true
        let layer = field.layers[0]
        field.layers[0] = LayerSequence(
            planLayer: 0, energy: layer.energy, rigidityTM: layer.rigidityTM, countsPerS: layer.countsPerS,
            visits: visits)
        var harness = ControlHarness()
        harness.send(.load(field, approvedHash: "hash", from: .beginning))
        harness.grantAll()
        harness.send(.setup(harness.good))
        harness.send(.start(token: harness.token))
        harness.send(.layerReady(harness.readings(), counters: harness.counters))
        harness.send(.recorded(through: harness.time))
        harness.send(.withdrawn(.gate))
        harness.send(.permit(.gate, until: harness.time.after(1_000_000_000)))
        let answer = harness.send(
            .magnetsSettled(visit: 0), after: harness.control.limits.gateBeginNS + late)
        #expect(answer.contains(.beamOn) == (late == 0))
    }

    /// Without a gate there is no opening; with beam on the way there is no waiting.
    @Test func refusesOpeningsThatCannotBe() {
        for (isGated, index) in [(false, 2), (true, 1)] {
            var field = ControlHarness.field(isGated: isGated)
            var visits = field.layers[0].visits
            visits[index].beginsAtGateOpening = true
            field.layers[0] = LayerSequence(
                planLayer: 0, energy: field.layers[0].energy, rigidityTM: 5.27, countsPerS: 1e6,
                visits: visits)
            var harness = ControlHarness()
            let answer = harness.send(.load(field, approvedHash: "hash", from: .beginning))
            #expect(answer == [.refused(.plan(nil))])
        }
    }

    @Test func deadGateSignalIsAnInterlock() {
        var harness = ControlHarness()
        harness.lead(to: .holding)
        harness.send(.permit(.gate, until: harness.time.after(5_000_000)))
        harness.send(.magnetsSettled(visit: 0))
        #expect(harness.control.phase == .irradiating)
        harness.send(.recorded(through: harness.time))
        #expect(ControlHarness.interlocks(harness.send(.tick, after: 5_000_001)) == [.gatingSignal])
    }

    @Test func gateThatStaysOpenIsAnInterlock() {
        var limits = DeliveryLimits()
        limits.gateOpenNS = 1_000_000
        var harness = ControlHarness(limits: limits)
        harness.lead(to: .irradiating)
        #expect(ControlHarness.interlocks(harness.send(.tick, after: 1_000_001)) == [.gateOpenTooLong])
    }

    @Test func overshootShortensTheNextVisit() {
        var harness = ControlHarness()
        harness.lead(to: .irradiating)
        harness.send(.sample(harness.count(530)), after: 500_000)
        #expect(harness.control.visit == 1)
        #expect(harness.commands.contains(.visit(1, reportAt: 1000 + 1000)))
    }

    @Test func overshootOverAWholeVisitIsNotGivenAgain() {
        var harness = ControlHarness()
        harness.lead(to: .irradiating)
        harness.send(.withdrawn(.gate))
        harness.send(.beamSeen(false, harness.count(1100)), after: 500_000)
        #expect(harness.control.visit == 2)
        #expect(harness.control.layerCounts == 1100)
    }

    @Test func clockThatRunsBackwardsStops() {
        var harness = ControlHarness()
        harness.lead(to: .irradiating)
        let answer = harness.send(.tick, after: -5000)
        #expect(ControlHarness.interlocks(answer) == [.clock])
        #expect(answer.contains(.beamOff))
    }

    @Test func permitThatRunsOutStops() {
        for permit in Permit.allCases where permit != .gate {
            var harness = ControlHarness()
            harness.lead(to: .irradiating)
            harness.send(.permit(permit, until: harness.time.after(5000)))
            let answer = harness.send(.tick, after: 6000)
            #expect(answer.contains(.beamOff), "\(permit)")
            #expect(ControlHarness.interlocks(answer).count == 1, "\(permit)")
        }
    }

    @Test func roomThatWasOpenedNeedsSetupAgain() {
        var harness = ControlHarness()
        harness.lead(to: .irradiating)
        harness.send(.withdrawn(.roomSecured))
        harness.send(.beamSeen(false, harness.counters))
        harness.send(.permit(.roomSecured, until: harness.time.after(1_000_000_000)))
        let answer = harness.send(.reset(.roomSafety, by: [RightHolder(id: "T", right: .therapist)]))
        #expect(!answer.contains { if case .offer = $0 { true } else { false } })
        #expect(harness.send(.setup(harness.good)).contains { if case .offer = $0 { true } else { false } })
    }
}
