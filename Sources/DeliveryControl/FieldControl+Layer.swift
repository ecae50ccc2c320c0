/// Layers: request, verification, and the conditions for beam.
extension FieldControl {
    /// Asks for the layer at which delivery stands; the field is complete if none is left.
    mutating func prepareLayer() {
        if let done = currentLayer(), visit >= done.visits.count {
            // A preset that fell ends the layer too early.
            guard done.checksum == done.computedChecksum else { return raise(.sequenceChecksum) }
            record(.layerEnded(layer: layer, lastSample))
            layer += 1
            visit = 0
            layerCounts = 0
        }
        beamReady = false
        settledVisit = nil
        begunGroup = nil
        guard let next = currentLayer() else {
            phase = .completed
            forgetSetup()
            record(.completed)
            return
        }
        phase = .preparing
        guard next.checksum == next.computedChecksum else { return raise(.sequenceChecksum) }
        commands.append(.requestLayer(layer))
    }

    mutating func layerReady(_ readings: LayerReadings, _ counters: MonitorSample) {
        switch phase {
        case .preparing:
            guard verify(readings) else { return }
            primaryBase = counters.primary - layerCounts
            // The second monitor is taken to have counted what the first has: their difference so far was judged.
            secondaryBase = counters.secondary - layerCounts
            lastSample = counters
            darkFrom = (now, counters.dark)
            beamReady = true
            positionWarnings = 0
            warned = []
            layerRecord = now
            isLayerRecorded = false
            phase = .holding
            record(.layerStarted(layer: layer, primaryBase: primaryBase, secondaryBase: secondaryBase))
            commands.append(.protect(LayerBounds(layer: layer, secondaryBase: secondaryBase)))
            moveToVisit()
        case .idle, .loaded, .ready, .holding, .irradiating, .stopping, .interrupted, .terminated, .completed:
            unexpected()
        }
    }

    /// Compares what the accelerator says with the layer; each difference is an interlock.
    private mutating func verify(_ readings: LayerReadings) -> Bool {
        guard let field, let wanted = currentLayer() else { return false }
        var holds = true
        if readings.ion != field.ion {
            raise(.ionMismatch)
            holds = false
        }
        if readings.layer != layer || readings.energy != wanted.energy
            || !(abs(readings.rigidityTM / wanted.rigidityTM - 1) <= limits.rigidity)
        {
            raise(.energyMismatch)
            holds = false
        }
        return holds
    }

    mutating func beamUnavailable() {
        switch phase {
        case .irradiating:
            beamReady = false
            stop(.hold)
        case .holding, .stopping, .preparing: beamReady = false
        case .idle, .loaded, .ready, .interrupted, .terminated, .completed: break
        }
    }

    mutating func beamAvailable(_ readings: LayerReadings) {
        switch phase {
        case .holding, .stopping:
            guard verify(readings) else { return }
            beamReady = true
            tryBeam()
        case .irradiating:
            // Beam is on and verified; the same again is no news, another energy is a fault.
            _ = verify(readings)
        case .idle, .loaded, .ready, .preparing, .interrupted, .terminated, .completed: break
        }
    }

    /// Sends magnets and counters to the visit at which delivery stands.
    mutating func moveToVisit() {
        guard let sequence = currentLayer() else { return }
        settledVisit = nil
        visitSince = now
        commands.append(.visit(visit, reportAt: primaryBase + sequence.visits[visit].presetCounts))
    }

    mutating func magnetsSettled(_ visit: Int) {
        switch phase {
        case .holding, .irradiating:
            settledVisit = visit
            tryBeam()
        case .preparing, .stopping, .idle, .loaded, .ready, .interrupted, .terminated, .completed: break
        }
    }

    /// Switches beam on if, and only if, everything holds.
    mutating func tryBeam() {
        guard phase == .holding, beamReady, settledVisit == visit, setupHolds, isLayerRecorded, mayBeginInGate
        else { return }
        guard latched.isEmpty, present.isEmpty, permits.allHold(at: now), recordLagNS <= limits.recordHoldNS
        else {
            return
        }
        phase = .irradiating
        begunGroup = currentLayer()?.gateGroup(of: visit)
        beamSince = now
        visitSince = now
        rateFrom = (now, lastSample.primary)
        record(.beamOn)
        commands.append(.beamOn)
    }

    /// Whether the gate opened just now, for visits that fill a gate from its opening on; those that have begun go on in any opening.
    private var mayBeginInGate: Bool {
        guard let group = currentLayer()?.gateGroup(of: visit), group != begunGroup else { return true }
        return gateSince.map { now.since($0) <= limits.gateBeginNS } ?? false
    }

    /// Age of the oldest entry that is not on disk, ns.
    var recordLagNS: Int64 { unrecordedSince.map { now.since($0) } ?? 0 }
}
