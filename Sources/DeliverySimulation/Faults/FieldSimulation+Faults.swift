import DeliveryControl

/// How faults get into the plant.
extension FieldSimulation {
    /// Schedules faults; called before the first step.
    ///
    /// - Parameter injections: In any order.
    package mutating func inject(_ injections: [FaultInjection]) {
        for injection in injections {
            let index = faults.add(injection)
            if case .time(let time) = injection.trigger {
                if time <= now { apply(injection.action) } else { queue.add(.fault(index), at: time) }
            }
        }
    }

    mutating func fireIonFaults() {
        while let next = faults.ionsAtNext, next <= ionsPassed + 1e-6, let index = faults.takeNextOfIons() {
            apply(faults.injections[index].action)
        }
    }

    mutating func fireRequestFaults(layer: Int) {
        for waiting in faults.waitingForLayer where waiting.layer == layer {
            queue.add(.fault(waiting.index), at: now.after(waiting.delayNS))
        }
        faults.waitingForLayer.removeAll { $0.layer == layer }
    }

    mutating func fireCollectFault() {
        faults.collects += 1
        let count = faults.collects
        for waiting in faults.waitingForDisk where waiting.count <= count {
            queue.add(.fault(waiting.index), at: now.after(waiting.delayNS))
        }
        faults.waitingForDisk.removeAll { $0.count <= count }
    }

    mutating func apply(_ action: FaultAction) {
        if faults.firstAt == nil { faults.firstAt = now }
        switch action {
        case .primaryFrozen: monitors.frozen.x = 0
        case .secondaryFrozen: monitors.frozen.y = 0
        case .gains(let factors): monitors.gain = monitors.soundGain * factors
        case .voltageDrops(let factor):
            monitors.gain = monitors.soundGain * factor
            condition.isVoltageGood = false
            contactsChanged(lost: .monitorVoltage)
        case .darkCounts(let perS): monitors.darkPerS = perS
        case .magnetOffset(let offset): magnets.offsetMM = offset
        case .magnetStuck(let hasReadBack):
            magnets.isStuck = true
            condition.hasReadBack = hasReadBack
        case .surge(let factor): spill.surge = factor
        case .surgeEnds: spill.surge = 1
        case .switchFails: spill.switchFails = true
        case .energyOffset(let steps, let echoTells):
            condition.energyOffset = steps
            condition.doesEchoTell = echoTells
        case .wrongIon: condition.wrongIon = true
        case .rangeShifterSensor:
            condition.rangeShifterContradicts = true
            queue.add(.sensor, at: now.after(figures.sensorNS))
        case .controlKilled: condition.isControlAlive = false
        case .powerFails:
            condition.isControlAlive = false
            condition.hasPowerFailed = true
        case .controlHangs(let duration):
            condition.isControlHung = true
            queue.add(.wakeUp, at: now.after(duration))
        case .diskFails: condition.isDiskGood = false
        case .clockJumps(let jump): condition.clockOffsetNS += jump
        case .bitFlip(let layer, let visit, let bit): control.damage(layer: layer, visit: visit, bit: bit)
        case .planApprovedAnew:
            condition.isPlanApproved = false
            queue.add(.planNews, at: now.after(figures.planNewsNS))
        case .wrongPatient: condition.patientIDOverride = "other patient"
        case .patientUnread: condition.isPatientUnread = true
        case .overridePatient(let attempt):
            send(.override(.patientIdentity, by: attempt.persons, reason: attempt.reason))
        case .couch(let mm, let degrees):
            condition.setupOffset += mm
            condition.setupTurn += degrees
            condition.imagesHold = false
            queue.add(.sensor, at: now.after(figures.sensorNS))
        case .gateStuckOpen: condition.gateStuckOpen = true
        case .gateLost: condition.isGateSignalAlive = false
        case .gateDelayed(let more): condition.gateExtraLatencyNS = more
        case .pressesTwice: condition.pressesTwice = true
        case .doorOpened: roomEvent(.doorOpened)
        case .searchLost: roomEvent(.searchLost)
        case .emergencyPressed:
            condition.isEmergencyChainClosed = false
            roomEvent(.emergencyPressed)
            contactsChanged(lost: .emergencyChain)
        case .sabotage(let sabotage): apply(sabotage)
        }
    }

    /// A control that stood still goes on with what it missed.
    mutating func wakeUp() {
        condition.isControlHung = false
        let events = heldEvents
        heldEvents = []
        for event in events { send(event) }
    }

    private mutating func roomEvent(_ event: RoomControl.Event) {
        _ = room.handle(event)
        condition.isRoomSecured = room.isSecured
        contactsChanged(lost: .roomSecured)
    }

    private mutating func apply(_ sabotage: Sabotage) {
        switch sabotage {
        case .roomContactsWelded: condition.isRoomSignalWelded = true
        case .readingsFalse: condition.areReadingsFalse = true
        case .latchesForgotten:
            control.latched = []
            control.present = []
        case .startsByItself: condition.startsByItself = true
        case .displayFalse: condition.displayOffset = 1000
        case .bothGains(let factor): monitors.gain = monitors.soundGain * factor
        }
    }
}
