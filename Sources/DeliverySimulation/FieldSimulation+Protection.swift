import DeliveryControl

/// What takes the beam off without the control: hardware chain, second protection, intensity limiter.
extension FieldSimulation {
    /// Whether the chain lets beam through.
    var isChainClosed: Bool {
        !chain.isOpen && !chain.isLatchedOut && !chain.isLimiterOpen && protection.phase != .tripped
    }

    private var areContactsClosed: Bool {
        (condition.isRoomSecured || condition.isRoomSignalWelded) && condition.isEmergencyChainClosed
            && condition.isBeamLineOurs && condition.isVoltageGood
    }

    /// Contacts opened or closed: the relays follow, and the control is told later.
    mutating func contactsChanged(lost permit: Permit?) {
        queue.add(.chain, at: now.after(figures.chainNS))
        if let permit, !areContactsClosed {
            queue.add(.permitGone(permit), at: now.after(figures.chainReportNS))
        }
    }

    mutating func chainMoved() {
        chain.isOpen = !areContactsClosed
        if chain.isOpen { cutByHardware() }
    }

    /// The second means; the control sees beam go off.
    private mutating func cutByHardware() {
        spill.cut(at: now)
        announceBeamOff()
    }

    /// The second protection tripped: beam is cut, and the control is told once why.
    mutating func cutByProtection() {
        guard !chain.isTripReported else { return }
        chain.isTripReported = true
        cutByHardware()
        send(.fault(protection.reason == .heartbeat ? .watchdog : .secondaryDoseLimit))
        send(.withdrawn(.secondaryProtection))
    }

    /// The limiter compares ions with the rate that was asked for.
    mutating func limit(_ ions: Double, from: MonotonicTime, to: MonotonicTime) {
        let seconds = Double(to.since(from)) * 1e-9
        guard seconds > 0, ions > figures.limiterFactor * spill.rateIonsPerS * seconds else { return }
        chain.isLimiterOpen = true
        cutByHardware()
        send(.fault(.intensityHigh))
    }

    /// Whether the read-back of the magnets is not where they were sent, mm.
    var isReadBackWrong: Bool {
        guard condition.hasReadBack, magnets.isStuck else { return false }
        let off = magnets.readBack(at: now) - field.layers[layer].visits[visit].positionMM
        return (off * off).sum().squareRoot() > figures.scanning.readBackMM
    }
}
