import DeliveryControl

/// What people do: press start, look at what fired, mend and reset it, give up.
extension FieldSimulation {
    /// What the devices of the room say.
    var readings: SetupReadings {
        guard !condition.areReadingsFalse else { return SetupReadings(setup: field.setup, imagesHold: true) }
        var setup = field.setup
        setup.couchMM += condition.setupOffset
        setup.couchDegrees += condition.setupTurn
        if condition.isPatientUnread { setup.patientID = "" }
        if let other = condition.patientIDOverride { setup.patientID = other }
        return SetupReadings(
            setup: setup, imagesHold: condition.imagesHold,
            rangeShifterContradicts: condition.rangeShifterContradicts)
    }

    /// Clock of the control.
    var controlTime: MonotonicTime { now.after(condition.clockOffsetNS) }

    mutating func press(_ token: UInt64) {
        if startedAt == nil { startedAt = now }
        presses += 1
        let before = control.phase
        send(.start(token: token))
        let isAccepted = (before == .ready || before == .interrupted) && control.phase != before
        if isAccepted { acceptedPresses += 1 }
    }

    mutating func offer(_ token: UInt64) {
        offers += 1
        if condition.startsByItself { return send(.start(token: token)) }
        if control.phase == .interrupted {
            guard resumesLeft > 0 else { return }
            resumesLeft -= 1
        }
        queue.add(.start(token), at: now.after(people.startNS))
        if condition.pressesTwice {
            // A double click, a second console at the same moment, and one that still shows the last token.
            queue.add(.start(token), at: now.after(people.startNS))
            queue.add(.start(token), at: now.after(people.startNS + 80_000_000))
            queue.add(.start(token &- 1), at: now.after(people.startNS - people.startNS / 2))
        }
    }

    /// Permits were missing at the start: people see to them and press again.
    mutating func tryAgain() {
        guard resumesLeft > 0, let token = control.offered else { return send(.terminate) }
        resumesLeft -= 1
        queue.add(.startAgain(token), at: now.after(people.startNS))
    }

    /// People see to a field that cannot become ready, and interrupt one that waits too long.
    mutating func lookAtProgress() {
        if control.phase == .loaded, !isPeopleBusy { callPeople() }
        guard control.phase.isBeamPossible, ionsPassed == progress.ions else {
            progress = (now, ionsPassed)
            return
        }
        if now.since(progress.at) > people.patienceNS {
            progress.at = now
            send(.interrupt)
        }
    }

    mutating func callPeople() {
        isPeopleBusy = true
        queue.add(.peopleReset, at: now.after(people.resetNS))
    }

    /// People look at what fired, mend what they can and reset it.
    mutating func peopleReset() {
        isPeopleBusy = false
        guard control.phase == .interrupted || control.phase == .loaded else { return }
        guard resumesLeft > 0 else { return send(.terminate) }
        if control.phase == .loaded { resumesLeft -= 1 }
        repair()
        for interlock in control.present.interlocks { send(.cleared(interlock)) }
        for interlock in control.latched.interlocks { send(.reset(interlock, by: people.persons)) }
        guard control.latched.isEmpty, control.phase == .interrupted || control.phase == .loaded else {
            if control.phase == .interrupted || control.phase == .loaded { callPeople() }
            return
        }
        send(.setup(readings))
    }

    /// Everything that people can mend; the room is searched again, the second protection armed anew.
    mutating func repair() {
        let wasVoltageGood = condition.isVoltageGood
        condition.repair()
        room.search()
        condition.isRoomSecured = room.isSecured
        magnets.offsetMM = .zero
        magnets.isStuck = false
        spill.surge = 1
        spill.switchFails = false
        monitors.repair()
        chain.isLimiterOpen = false
        if !wasVoltageGood || chain.isOpen { queue.add(.chain, at: now.after(figures.chainNS)) }
        if protection.phase == .tripped, control.phase != .terminated,
            protection.reset(by: people.persons)
        {
            _ = protection.arm(field, at: now)
            chain.isTripReported = false
        }
        if !isCommitScheduled, entriesHanded < outcome.records.count || outcome.recordsOnDisk < entriesHanded
        {
            isCommitScheduled = true
            queue.add(.collect, at: now.after(figures.collectNS))
        }
    }
}
