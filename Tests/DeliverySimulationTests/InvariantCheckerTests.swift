import DeliveryControl
import DeliverySimulation
import NumericKernels
import Testing

/// Each invariant can fail: where the plant or the control is broken on purpose, the checker says so.
struct InvariantCheckerTests {
    private static func invariants(
        _ extra: [FaultInjection],
        seeds: ClosedRange<UInt64> = 1...5
    ) -> Set<Invariant> {
        seeds.reduce(into: []) { found, seed in
            let result = FaultCampaign.run([.networkLost], seed: seed, extra: extra)
            found.formUnion(result.violations.map(\.invariant))
        }
    }

    private static let start = FaultTrigger.time(.start)

    @Test func beamInAnOpenRoomIsFound() {
        let door = FaultInjection(.doorOpened, at: .ions(200_000))
        #expect(Self.invariants([door]).isEmpty)
        #expect(
            Self.invariants([FaultInjection(.sabotage(.roomContactsWelded), at: Self.start), door])
                == [.permits])
    }

    @Test func doseThatNobodyCountsIsFound() {
        #expect(
            Self.invariants([FaultInjection(.sabotage(.bothGains(0.5)), at: .ions(100_000))])
                .isSuperset(of: [.dose, .record]))
    }

    @Test func fieldThatBeginsAgainIsFound() {
        var random = SeededRandom(seed: 3)
        let plan = FaultField(random: &random, isGated: false)
        var before = plan.field.layers.map { [Double](repeating: 0, count: $0.visits.count) }
        for session in 1...2 {
            var plant = FieldSimulation(
                field: plan.field, figures: plan.figures, limits: plan.limits, people: plan.people, seed: 1,
                sink: NoSink())
            var checker = InvariantChecker(
                field: plan.field, bound: ReactionBound(), figures: plan.figures, limits: plan.limits,
                gate: nil, before: before, session: session)
            _ = plant.run { plant in
                checker.check(plant)
                return false
            }
            before = plant.outcome.ions
            #expect(checker.violations.map(\.invariant) == (session == 1 ? [] : [.dose]))
        }
    }

    /// A control dies inside a spot: with the hardware's latches its record is exact, divided by presets it is not.
    @Test func countsAtAnotherVisitAreFound() {
        var random = SeededRandom(seed: 4)
        let plan = FaultField(random: &random, isGated: false)
        var bound = ReactionBound.secondProtection(figures: plan.figures)
        bound.silenceNS = 1
        var divided = 0
        for seed in 1...20 as ClosedRange<UInt64> {
            var plant = FieldSimulation(
                field: plan.field, figures: plan.figures, limits: plan.limits, people: plan.people,
                seed: seed, sink: LatchKeeper())
            plant.inject([FaultInjection(.controlKilled, at: .ions(plan.ions * Double(seed) / 21))])
            _ = plant.run()
            func check(_ latches: [VisitLatch]) -> LedgerCheck {
                var ledger = DeliveryLedger(field: plan.field)
                for record in plant.outcome.records.prefix(plant.outcome.recordsOnDisk) {
                    ledger.add(record.entry)
                }
                ledger.salvage(plant.outcome.registers, latches: latches)
                return LedgerCheck(
                    ledger, plant.outcome, from: .beginning, bound: bound, figures: plan.figures,
                    isLatched: true)
            }
            #expect(check(plant.sink.latches).wrong.isEmpty)
            // One that cannot be trusted is said, and most often it is wrong by more than rounding.
            if check([]).wrong.count > 1 { divided += 1 }
        }
        #expect(divided > 5)
    }

    @Test func entryThatIsMissingIsFound() {
        var random = SeededRandom(seed: 4)
        let plan = FaultField(random: &random, isGated: false)
        var plant = FieldSimulation(
            field: plan.field, figures: plan.figures, limits: plan.limits, people: plan.people, seed: 1,
            sink: NoSink())
        _ = plant.run()
        let outcome = plant.outcome
        func wrong(_ entries: [FieldRecord]) -> [String] {
            var ledger = DeliveryLedger(field: plan.field)
            for entry in entries { ledger.add(entry) }
            return LedgerCheck(
                ledger, outcome, from: .beginning, bound: ReactionBound(), figures: plan.figures
            ).wrong
        }
        let entries = outcome.records.map(\.entry)
        #expect(wrong(entries).isEmpty)
        #expect(!wrong(entries.dropLast(30) + []).isEmpty)
        // Entries of visits that are lost move dose to their neighbours.
        let thinned = entries.filter { if case .visit(0, let visit, _) = $0 { visit % 4 == 0 } else { true } }
        #expect(wrong(thinned).contains { $0.contains("layer 0") })
    }

    @Test func readyForTheWrongPatientIsFound() {
        let patient = FaultInjection(.wrongPatient, at: Self.start)
        #expect(Self.invariants([patient]).isEmpty)
        #expect(
            Self.invariants([FaultInjection(.sabotage(.readingsFalse), at: Self.start), patient])
                == [.setup])
    }

    @Test func forgottenLatchIsFound() {
        let door = FaultInjection(.doorOpened, at: .time(MonotonicTime(nanoseconds: 80_000_000)))
        let forgets = FaultInjection(
            .sabotage(.latchesForgotten), at: .time(MonotonicTime(nanoseconds: 180_000_000)))
        #expect(Self.invariants([door]).isEmpty)
        #expect(Self.invariants([door, forgets]).contains(.latch))
    }

    @Test func startWithoutAnybodyIsFound() {
        #expect(
            Self.invariants([FaultInjection(.sabotage(.startsByItself), at: Self.start)]).contains(.start))
    }

    @Test func falseDisplayIsFound() {
        #expect(
            Self.invariants([FaultInjection(.sabotage(.displayFalse), at: .ions(300_000))])
                .contains(.display))
    }
}
