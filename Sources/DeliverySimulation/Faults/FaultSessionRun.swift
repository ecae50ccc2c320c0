import DeliveryControl

/// Sessions of one field after another: each starts where the ledger of the one before ends.
struct FaultSessionRun {
    let plan: FaultField
    let bound: ReactionBound
    let isTraced: Bool
    /// True ions of each visit over all sessions.
    private(set) var ions: [[Double]]
    /// Where a further session goes on; nil if nothing is left or nobody may go on.
    private(set) var rest: FieldStart?
    private(set) var isComplete = false
    /// Dose over the plan of all sessions.
    private(set) var dose: ExtraLocalDose
    private var isPlanApproved = true

    init(plan: FaultField, bound: ReactionBound, isTraced: Bool) {
        self.plan = plan
        self.bound = bound
        self.isTraced = isTraced
        dose = ExtraLocalDose(field: plan.field, ionsPerCount: plan.figures.monitors.ionsPerCount)
        ions = plan.field.layers.map { [Double](repeating: 0, count: $0.visits.count) }
    }

    /// - Parameters:
    ///   - start: Where the session starts.
    ///   - seed: Of its noise.
    ///   - injections: Its faults.
    ///   - number: From 1.
    ///   - messages: To the server, on the same clock.
    ///   - result: Gets what came of it.
    mutating func run(
        from start: FieldStart, seed: UInt64, injections: [FaultInjection], number: Int,
        messages: inout FractionMessages, into result: inout FaultResult
    ) {
        rest = nil
        messages.begin()
        var plant = FieldSimulation(
            field: plan.field, from: start, approvedHash: isPlanApproved ? nil : "another",
            figures: plan.figures, limits: plan.limits, gate: plan.gate, people: plan.people, seed: seed,
            sink: LatchKeeper(), limitS: 60)
        var checker = InvariantChecker(
            field: plan.field, bound: bound, figures: plan.figures, limits: plan.limits, gate: plan.gate,
            before: ions, session: number)
        var trace = FaultTrace(isOn: isTraced, session: number)
        var history = isTraced && number == 1 ? FaultHistory() : nil
        // Faults that are there from the start are there before anything is looked at.
        plant.inject(injections)
        checker.check(plant)
        if plant.control.phase != .idle {
            _ = plant.run { plant in
                checker.check(plant)
                trace.look(plant)
                history?.look(plant)
                messages.look(plant)
                return false
            }
        }
        plant.finish()
        messages.end(plant)
        close(plant, checker, start: start, number: number, into: &result)
        result.trace += trace.lines
        if history != nil { result.history = history }
    }

    private mutating func close(
        _ plant: borrowing FieldSimulation<LatchKeeper>, _ checker: InvariantChecker, start: FieldStart,
        number: Int, into result: inout FaultResult
    ) {
        let ledger = ledger(plant)
        let check = LedgerCheck(
            ledger, plant.outcome, from: start, bound: bound, figures: plan.figures,
            isLatched: !plant.condition.isControlAlive && !plant.faults.hasHung)
        result.violations += checker.violations
        result.violations += check.wrong.prefix(1).map {
            Violation(invariant: .record, session: number, timeS: plant.now.seconds, text: $0)
        }
        let position = PositionCheck(
            ledger, plant.outcome, bound: bound, figures: plan.figures, limits: plan.limits)
        for (texts, invariant) in [(position.misplaced, Invariant.dose), (position.misbooked, .record)] {
            result.violations += texts.prefix(1).map {
                Violation(invariant: invariant, session: number, timeS: plant.now.seconds, text: $0)
            }
        }
        result.misplacedIons += position.misplacedIons
        dose.add(plant.outcome)
        result.largestOvershoot = max(result.largestOvershoot, checker.largestOvershoot)
        result.beamOffS = max(result.beamOffS, Double(checker.beamOffNS ?? 0) * 1e-9)
        result.recordErrorIons += check.errorIons
        let session = FaultSession(
            phase: plant.control.phase, hasDied: !plant.condition.isControlAlive,
            fired: checker.latches.fired,
            ions: plant.ionsPassed, wasStruck: plant.faults.firstAt != nil, resumes: checker.latches.resumes,
            overrides: checker.latches.overrides)
        result.sessions.append(session)
        for layer in ions.indices {
            for visit in ions[layer].indices { ions[layer][visit] += plant.outcome.ions[layer][visit] }
        }
        isPlanApproved = isPlanApproved && plant.condition.isPlanApproved
        isComplete = ledger.rest.layer == plan.field.layers.count
        if plant.control.phase != .completed, plant.control.phase != .idle, !isComplete { rest = ledger.rest }
    }

    /// From the entries that are left: all, or after a death those that reached the disk, with the counters of the hardware.
    private func ledger(_ plant: borrowing FieldSimulation<LatchKeeper>) -> DeliveryLedger {
        var ledger = DeliveryLedger(field: plan.field)
        let outcome = plant.outcome
        guard !plant.condition.isControlAlive else {
            for record in outcome.records { ledger.add(record.entry) }
            return ledger
        }
        // What was handed to the system survives the process, not the power.
        let kept = plant.condition.hasPowerFailed ? outcome.recordsOnDisk : plant.entriesHanded
        for record in outcome.records.prefix(kept) { ledger.add(record.entry) }
        ledger.salvage(outcome.registers, latches: plant.sink.latches)
        return ledger
    }
}
