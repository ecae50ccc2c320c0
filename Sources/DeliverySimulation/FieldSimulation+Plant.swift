import DeliveryControl
import Quantities

/// What the plant does at its events and with the control's commands.
extension FieldSimulation {
    mutating func handle(_ event: PlantEvent) {
        switch event {
        case .heartbeat: heartbeat()
        case .sampling(let chain): if chain == samplingChain { sampling() }
        case .setupReading:
            send(.setup(readings))
            lookAtProgress()
            queue.add(.setupReading, at: now.after(figures.setupReadingNS))
        case .start(let token): press(token)
        case .startAgain(let token):
            repair()
            press(token)
        case .peopleReset: peopleReset()
        case .layerReady(let layer, let service):
            guard service == self.service else { return }
            isServed = true
            condition.isServedBeamRight = condition.isBeamRight
            self.layer = layer
            send(.layerReady(layerReadings(layer), counters: monitors.registers))
        case .beamAvailable(let layer, let service):
            guard service == self.service else { return }
            isServed = true
            condition.isServedBeamRight = condition.isBeamRight
            send(.beamAvailable(layerReadings(layer)))
        case .settled(let visit, let generation):
            guard generation == visitGeneration else { return }
            monitors.positionStarts(true)
            guard !isReadBackWrong else { return send(.fault(.scanMagnet)) }
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
        case .gateSignal(let open, let takenAt): gateSignal(open, takenAt: takenAt)
        case .collect: collect()
        case .committed(let through, let entries): committed(through: through, entries: entries)
        case .fillExpires(let fill): if fill == supply.fills, isServed { endOfFill() }
        case .fault(let index): apply(faults.injections[index].action)
        case .chain: chainMoved()
        case .permitGone(let permit): send(.withdrawn(permit))
        case .wakeUp: wakeUp()
        case .sensor: send(.setup(readings))
        case .planNews: send(.fault(.planHash))
        }
    }

    /// Control and protection say that they live, permits are renewed.
    private mutating func heartbeat() {
        let until = controlTime.after(figures.permitNS)
        if condition.isControlAlive, !condition.isControlHung { protection.heartbeat(at: now) }
        if protection.heard(at: now) { cutByProtection() }
        for (permit, holds) in [
            (Permit.roomSecured, condition.isRoomSecured || condition.isRoomSignalWelded),
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
        sink.retain(monitors.registers)
        if protection.counted(sample.secondary, at: now) { cutByProtection() }
        send(.sample(sample))
        queue.add(
            .sampling(chain: samplingChain),
            at: now.after(isCounterOpen ? figures.monitors.samplingNS : 2_000_000))
    }

    mutating func sample() -> MonitorSample {
        var sample = monitors.sample(
            positionMM: magnets.position(at: now), relativeSize: condition.relativeSize)
        sample.primary += condition.displayOffset
        return sample
    }

    private func layerReadings(_ layer: Int) -> LayerReadings {
        let index = min(max(0, layer + condition.energyOffset), field.layers.count - 1)
        let told = field.layers[condition.doesEchoTell ? index : layer].energy
        let given = field.layers[index]
        // A wrong step at the only layer of a field is a wrong field.
        let rigidity = given.rigidityTM * (condition.energyOffset != 0 && index == layer ? 1.002 : 1)
        return LayerReadings(
            layer: layer, ion: condition.wrongIon ? .proton : field.ion, energy: told,
            rigidityTM: rigidity)
    }

    private mutating func gateReading() {
        guard let gate else { return }
        if condition.isGateSignalAlive {
            let open = condition.gateStuckOpen || gate.isOpen(atS: now.seconds)
            queue.add(
                .gateSignal(open, takenAt: now), at: now.after(gate.latencyNS + condition.gateExtraLatencyNS))
        }
        queue.add(.gateReading, at: now.after(gate.samplingNS))
    }

    private mutating func gateSignal(_ open: Bool, takenAt: MonotonicTime) {
        guard let gate else { return }
        // A signal that comes too late says nothing of now.
        guard now.since(takenAt) <= gate.latencyNS + figures.gateLateNS else {
            isGateOpen = false
            return send(.fault(.gatingSignal))
        }
        isGateOpen = open
        if open {
            send(.permit(.gate, until: controlTime.after(3 * gate.samplingNS + 5_000_000)))
        } else {
            send(.withdrawn(.gate))
        }
    }

    /// Says when beam will be seen to be off.
    mutating func announceBeamOff() {
        guard spill.isOn || isCounterOpen else { return }
        // Endless beam is not announced; beam that the chain never let come is off at once.
        if spill.isOn, spill.lastIon == nil { return }
        beamGeneration += 1
        queue.add(
            .beamSeen(false, generation: beamGeneration), at: max(now, spill.lastIon ?? now).after(20_000))
    }

    /// Gives an event to the control and does what it commands.
    mutating func send(_ event: FieldEvent) {
        guard condition.isControlAlive else { return }
        guard !condition.isControlHung else {
            heldEvents.append(event)
            return
        }
        outcome.events += 1
        for command in control.handle(event, at: controlTime) { perform(command) }
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
            service += 1
            queue.add(.layerReady(index, service: service), at: ready)
            fireRequestFaults(layer: index)
        case .visit(let index, let count):
            visit = index
            sink.latch(layer: layer, visit: index, monitors.registers)
            preset = count
            visitGeneration += 1
            monitors.positionStarts(false)
            let sequence = field.layers[layer]
            let begin = magnets.readBack(at: now)
            let settled = magnets.move(
                to: sequence.visits[index].positionMM, rigidityTM: sequence.rigidityTM, at: now)
            move = (begin, settled)
            queue.add(.settled(index, generation: visitGeneration), at: settled)
            if protection.moved(to: index, at: now) { cutByProtection() }
        case .beamOn:
            beamGeneration += 1
            isCounterOpen = true
            spill.rateIonsPerS = field.layers[layer].countsPerS * figures.monitors.ionsPerCount
            // An open chain keeps the switch from the beam, whatever the control wants.
            if isChainClosed { spill.switchOn(at: now) }
            samplingChain += 1
            queue.add(.sampling(chain: samplingChain), at: now.after(figures.monitors.samplingNS))
            if spill.isOn {
                queue.add(
                    .beamSeen(true, generation: beamGeneration), at: now.after(figures.spill.onDelayNS))
            }
        case .beamOff:
            guard spill.isOn || isCounterOpen else { return }
            let wasStopping = spill.isOn && spill.lastIon != nil
            spill.switchOff(at: now)
            if !wasStopping { announceBeamOff() }
        case .cut:
            chain.isLatchedOut = true
            guard spill.isOn || isCounterOpen else { return }
            spill.cut(at: now)
            announceBeamOff()
        case .record(let entry):
            outcome.records.append((entry, now))
            sink.append(entry, at: now)
            if !isCommitScheduled {
                isCommitScheduled = true
                let isBeamOn = control.phase == .irradiating
                queue.add(
                    .collect, at: now.after(isBeamOn ? figures.collectWithBeamNS : figures.collectNS))
            }
        case .offer(let token): offer(token)
        case .refused(.permits): tryAgain()
        case .refused: break
        case .protect(let bounds): protection.protect(bounds, at: now)
        }
        if control.phase == .interrupted, !isPeopleBusy { callPeople() }
    }

}
