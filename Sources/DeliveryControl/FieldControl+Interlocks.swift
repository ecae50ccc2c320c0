/// Permits, interlocks, operators and time.
extension FieldControl {
    mutating func granted(_ permit: Permit, until: MonotonicTime) {
        if permit == .gate, !permits.holds(.gate, at: now) { gateSince = now }
        permits.grant(permit, until: until)
        tryBeam()
    }

    mutating func withdrawn(_ permit: Permit) {
        permits.withdraw(permit)
        switch permit {
        case .gate:
            gateSince = nil
            // The gate closes with every breath: beam waits.
            if phase == .irradiating { stop(.hold) }
        case .roomSecured, .emergencyChain, .beamLine, .monitorVoltage, .secondaryProtection, .recorder:
            if permit == .roomSecured { forgetSetup() }
            if phase.isBeamPossible { raise(Self.interlock(of: permit)) } else { withdrawOffer() }
        }
    }

    /// The interlock that the loss of a permit is.
    static func interlock(of permit: Permit) -> Interlock {
        switch permit {
        case .roomSecured: .roomSafety
        case .emergencyChain: .emergencyStop
        case .beamLine, .secondaryProtection: .permitLost
        case .monitorVoltage: .monitorHighVoltage
        case .recorder: .recording
        case .gate: .gatingSignal
        }
    }

    mutating func fault(_ interlock: Interlock) {
        present.insert(InterlockSet(interlock))
        raise(interlock)
    }

    /// Latches an interlock, takes the beam off and leaves the state that it does not allow.
    mutating func raise(_ interlock: Interlock) {
        if !latched.contains(interlock) {
            latched.insert(InterlockSet(interlock))
            record(.interlock(interlock))
        }
        let consequence = table[interlock].consequence
        commands.append(consequence == .facilityLatch ? .cut : .beamOff)
        let isOver = consequence >= .termination
        switch phase {
        case .idle, .terminated, .completed: break
        case .loaded, .ready:
            withdrawOffer()
            if isOver { enter(.terminated) }
        case .interrupted:
            withdrawOffer()
            if isOver { enter(.terminated) }
        case .preparing, .holding: enter(isOver ? .terminated : .interrupted)
        case .irradiating, .stopping: stop(isOver ? .terminate : .interrupt)
        }
    }

    /// Leaves beam behind.
    mutating func enter(_ end: Phase) {
        beamReady = false
        settledVisit = nil
        offered = nil
        goal = .hold
        phase = end
        if end == .terminated { forgetSetup() }
        record(end == .terminated ? .terminated : .interrupted)
    }

    mutating func interruptByOperator() {
        switch phase {
        case .loaded, .ready, .preparing, .holding, .irradiating, .stopping, .interrupted:
            raise(.operatorInterrupt)
        case .idle, .terminated, .completed: unexpected()
        }
    }

    mutating func terminateByOperator() {
        switch phase {
        case .loaded, .ready, .preparing, .holding, .irradiating, .stopping, .interrupted:
            raise(.operatorTerminate)
        case .idle, .terminated, .completed: unexpected()
        }
    }

    mutating func reset(_ interlock: Interlock, by persons: [RightHolder]) {
        let row = table[interlock]
        let able = Set(persons.filter { $0.right >= row.reset && !$0.id.isEmpty }.map(\.id))
        switch phase {
        case .preparing, .holding, .irradiating, .stopping: unexpected()
        case .idle, .loaded, .ready, .interrupted, .terminated, .completed:
            guard latched.contains(interlock) else { return refuse(.notInThisState) }
            guard !present.contains(interlock) else { return refuse(.interlocks(InterlockSet(interlock))) }
            guard able.count >= row.persons else { return refuse(.notAuthorised) }
            latched.remove(InterlockSet(interlock))
            record(.reset(interlock, by: persons))
            offerIfPossible()
        }
    }

    /// What time alone decides; after every event.
    mutating func watch() {
        guard phase.isBeamPossible else { return }
        if !permits.allHold(at: now) {
            for permit in permits.missing(at: now) where permit != .gate {
                if permit == .roomSecured { forgetSetup() }
                raise(Self.interlock(of: permit))
            }
        }
        if recordLagNS > limits.recordStopNS { raise(.recording) }
        switch phase {
        case .irradiating: watchBeam()
        case .stopping:
            if now.since(offSince) > limits.beamOffNS { raise(.beamOffFailure) }
        case .preparing, .holding, .idle, .loaded, .ready, .interrupted, .terminated, .completed: break
        }
    }

    private mutating func watchBeam() {
        guard let field, let sequence = currentLayer() else { return }
        if !permits.holds(.gate, at: now) {
            // Nobody closed it: the signal is dead.
            raise(.gatingSignal)
        } else if field.isGated, let gateSince, now.since(gateSince) > limits.gateOpenNS {
            raise(.gateOpenTooLong)
        }
        if recordLagNS > limits.recordHoldNS { stop(.hold) }
        let expected = Double(sequence.counts(ofVisit: visit)) / sequence.countsPerS * 1e9
        if Double(now.since(visitSince)) > limits.spotTimeFactor * expected + Double(limits.spotTimeNS) {
            raise(.spotTime)
        }
        let whole = limits.beamTimeFactor * field.beamTimeS * 1e9 + Double(limits.beamTimeNS)
        if Double(beamTimeNS + now.since(beamSince)) > whole { raise(.beamTime) }
    }
}
