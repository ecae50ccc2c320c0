import DeliveryControl
import Quantities

/// What is wrong with the plant; everything works by default.
struct PlantCondition: Sendable {
    var isRoomSecured = true
    var isEmergencyChainClosed = true
    var isBeamLineOurs = true
    var isVoltageGood = true
    var isRecorderGood = true
    var isDiskGood = true
    var isGateSignalAlive = true
    var gateStuckOpen = false
    var energyOffset = 0
    var wrongIon = false
    var setupOffset = SIMD3<Double>.zero
    var rangeShifterContradicts = false
    var imagesHold = true
    var relativeSize = 1.0
    var isControlAlive = true
    var patientIDOverride: String?
    var gateExtraLatencyNS: Int64 = 0
}

/// What the plant does at its events and with the control's commands.
extension FieldSimulation {
    mutating func handle(_ event: PlantEvent) {
        switch event {
        case .heartbeat: heartbeat()
        case .sampling(let chain): if chain == samplingChain { sampling() }
        case .setupReading:
            send(.setup(readings))
            queue.add(.setupReading, at: now.after(100_000_000))
        case .start(let token):
            if startedAt == nil { startedAt = now }
            send(.start(token: token))
        case .peopleReset: peopleReset()
        case .layerReady(let layer):
            isServed = true
            self.layer = layer
            send(.layerReady(layerReadings(layer), counters: monitors.registers))
        case .beamAvailable(let layer):
            isServed = true
            send(.beamAvailable(layerReadings(layer)))
        case .settled(let visit, let generation):
            guard generation == visitGeneration else { return }
            monitors.positionStarts(true)
            send(.magnetsSettled(visit: visit))
        case .preset(let generation):
            guard generation == visitGeneration else { return }
            send(.sample(sample()))
        case .beamSeen(let on, let generation):
            guard generation == beamGeneration else { return }
            if !on {
                isCounterOpen = false
                darkSince = now
            }
            send(.beamSeen(on, sample()))
        case .gateReading: gateReading()
        case .gateSignal(let open): gateSignal(open)
        case .collect: collect()
        case .committed(let through, let entries):
            outcome.recordsOnDisk = max(outcome.recordsOnDisk, entries)
            send(.recorded(through: through))
        case .fillExpires(let fill): if fill == supply.fills, isServed { endOfFill() }
        case .fault: break
        }
    }

    /// Control and protection say that they live, permits are renewed.
    private mutating func heartbeat() {
        let until = now.after(figures.permitNS)
        protection.heartbeat(at: now)
        if protection.heard(at: now) { cutByProtection() }
        for (permit, holds) in [
            (Permit.roomSecured, condition.isRoomSecured),
            (.emergencyChain, condition.isEmergencyChainClosed),
            (.beamLine, condition.isBeamLineOurs), (.monitorVoltage, condition.isVoltageGood),
            (.secondaryProtection, protection.holds), (.recorder, condition.isRecorderGood),
        ] where holds {
            send(.permit(permit, until: until))
        }
        send(.tick)
        queue.add(.heartbeat, at: now.after(figures.heartbeatNS))
    }

    private mutating func sampling() {
        if !isCounterOpen {
            monitors.outside(ions: 0, seconds: Double(now.since(darkSince)) * 1e-9)
            darkSince = now
        }
        let sample = sample()
        sink.retain(sample)
        if protection.counted(sample.secondary, at: now) { cutByProtection() }
        send(.sample(sample))
        queue.add(
            .sampling(chain: samplingChain),
            at: now.after(isCounterOpen ? figures.monitors.samplingNS : 2_000_000))
    }

    private mutating func sample() -> MonitorSample {
        monitors.sample(positionMM: magnets.position(at: now), relativeSize: condition.relativeSize)
    }

    private mutating func cutByProtection() {
        guard spill.isOn else { return }
        spill.cut(at: now)
        announceBeamOff()
        send(.withdrawn(.secondaryProtection))
    }

    private var readings: SetupReadings {
        var setup = field.setup
        setup.couchMM += condition.setupOffset
        if let other = condition.patientIDOverride { setup.patientID = other }
        return SetupReadings(
            setup: setup, imagesHold: condition.imagesHold,
            rangeShifterContradicts: condition.rangeShifterContradicts)
    }

    private func layerReadings(_ layer: Int) -> LayerReadings {
        let index = min(max(0, layer + condition.energyOffset), field.layers.count - 1)
        let given = field.layers[index]
        // A wrong step at the only layer of a field is a wrong field.
        let rigidity = given.rigidityTM * (condition.energyOffset != 0 && index == layer ? 1.002 : 1)
        return LayerReadings(
            layer: layer, ion: condition.wrongIon ? .proton : field.ion, energy: field.layers[layer].energy,
            rigidityTM: rigidity)
    }

    private mutating func gateReading() {
        guard let gate else { return }
        if condition.isGateSignalAlive {
            let open = condition.gateStuckOpen || gate.isOpen(atS: now.seconds)
            queue.add(.gateSignal(open), at: now.after(gate.latencyNS + condition.gateExtraLatencyNS))
        }
        queue.add(.gateReading, at: now.after(gate.samplingNS))
    }

    private mutating func gateSignal(_ open: Bool) {
        guard let gate else { return }
        isGateOpen = open
        if open {
            send(.permit(.gate, until: now.after(3 * gate.samplingNS + 5_000_000)))
        } else {
            send(.withdrawn(.gate))
        }
    }

    private mutating func collect() {
        isCommitScheduled = false
        guard condition.isDiskGood, sink.commit() else {
            condition.isRecorderGood = false
            send(.withdrawn(.recorder))
            return
        }
        queue.add(.committed(through: now, entries: outcome.records.count), at: now.after(figures.commitNS))
    }

    /// Says when beam will be seen to be off.
    mutating func announceBeamOff() {
        guard let last = spill.lastIon else { return }
        beamGeneration += 1
        queue.add(.beamSeen(false, generation: beamGeneration), at: max(now, last).after(20_000))
    }

    /// Gives an event to the control and does what it commands.
    mutating func send(_ event: FieldEvent) {
        guard condition.isControlAlive else { return }
        outcome.events += 1
        for command in control.handle(event, at: now) { perform(command) }
    }

    private mutating func perform(_ command: FieldCommand) {
        switch command {
        case .requestLayer(let index):
            layer = index
            visit = 0
            isServed = false
            let (ready, refill) = supply.request(field.layers[index].energy, at: now)
            if refill {
                meter.fillsUntil = ready
                queue.add(.fillExpires(fill: supply.fills), at: supply.expires)
            }
            queue.add(.layerReady(index), at: ready)
        case .visit(let index, let count):
            visit = index
            preset = count
            visitGeneration += 1
            monitors.positionStarts(false)
            let sequence = field.layers[layer]
            let settled = magnets.move(
                to: sequence.visits[index].positionMM, rigidityTM: sequence.rigidityTM, at: now)
            queue.add(.settled(index, generation: visitGeneration), at: settled)
            if protection.moved(to: index, at: now) { cutByProtection() }
        case .beamOn:
            beamGeneration += 1
            isCounterOpen = true
            spill.rateIonsPerS = field.layers[layer].countsPerS * figures.monitors.ionsPerCount
            spill.switchOn(at: now)
            samplingChain += 1
            queue.add(.sampling(chain: samplingChain), at: now.after(figures.monitors.samplingNS))
            queue.add(.beamSeen(true, generation: beamGeneration), at: now.after(figures.spill.onDelayNS))
        case .beamOff:
            guard spill.isOn || isCounterOpen else { return }
            let wasStopping = spill.lastIon != nil
            spill.switchOff(at: now)
            if !wasStopping { announceBeamOff() }
        case .cut:
            guard spill.isOn || isCounterOpen else { return }
            spill.cut(at: now)
            announceBeamOff()
        case .record(let entry):
            outcome.records.append((entry, now))
            sink.append(entry, at: now)
            if !isCommitScheduled {
                isCommitScheduled = true
                queue.add(.collect, at: now.after(figures.collectNS))
            }
        case .offer(let token): offer(token)
        case .refused: break
        case .protect(let bounds): protection.protect(bounds, at: now)
        }
        if control.phase == .interrupted, !isPeopleBusy { callPeople() }
    }

    private mutating func offer(_ token: UInt64) {
        let resuming = control.phase == .interrupted
        if resuming {
            guard resumesLeft > 0 else { return }
            resumesLeft -= 1
        }
        queue.add(.start(token), at: now.after(people.startNS))
    }

    private mutating func callPeople() {
        isPeopleBusy = true
        queue.add(.peopleReset, at: now.after(people.resetNS))
    }

    /// People look at what fired, repair what they can and reset it.
    private mutating func peopleReset() {
        isPeopleBusy = false
        guard control.phase == .interrupted, resumesLeft > 0 else {
            if control.phase == .interrupted { send(.terminate) }
            return
        }
        for interlock in control.present.interlocks { send(.cleared(interlock)) }
        for interlock in control.latched.interlocks { send(.reset(interlock, by: people.persons)) }
        if !control.latched.isEmpty || control.phase != .interrupted { return }
        send(.setup(readings))
    }
}
