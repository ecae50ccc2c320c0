/// Beam: counting, checking, stopping.
extension FieldControl {
    mutating func sampled(_ sample: MonitorSample) {
        switch phase {
        case .irradiating:
            guard take(sample) else { return }
            checkRate(sample)
            checkAgreement(sample)
            checkPosition(sample)
            advance(sample)
        case .stopping:
            guard take(sample) else { return }
            checkAgreement(sample)
        case .preparing, .holding:
            checkDarkness(sample)
            lastSample = sample
        case .idle, .loaded, .ready, .interrupted:
            // Noise without beam forbids a start; it is no event of a field that is not running.
            checkDarkness(sample)
            lastSample = sample
        case .terminated, .completed: lastSample = sample
        }
    }

    /// Books the counts; counters that run backwards are a fault.
    private mutating func take(_ sample: MonitorSample) -> Bool {
        guard sample.primary >= lastSample.primary, sample.secondary >= lastSample.secondary else {
            raise(.monitorDisagreement)
            return false
        }
        lastSample = sample
        layerCounts = sample.primary - primaryBase
        return true
    }

    private mutating func checkRate(_ sample: MonitorSample) {
        let elapsed = now.since(rateFrom.time)
        guard elapsed >= limits.intensityWindowNS, let sequence = currentLayer() else { return }
        let counts = max(sample.primary - rateFrom.counts, 0)
        rateFrom = (now, sample.primary)
        if counts > limits.intensityFloor,
            Double(counts) > limits.intensityFactor * sequence.countsPerS * Double(elapsed) * 1e-9
        {
            raise(.intensityHigh)
        }
    }

    private mutating func checkAgreement(_ sample: MonitorSample) {
        let difference = abs((sample.secondary - secondaryBase) - layerCounts)
        let most = max(layerCounts, sample.secondary - secondaryBase)
        guard difference > limits.noiseOfDifference(counts: most) else { return }
        let relative = Double(difference) / Double(max(most, 1))
        if relative > limits.disagreementStop {
            raise(.monitorDisagreement)
        } else if relative > limits.disagreementWarn, !warned.contains(.monitorDisagreement) {
            warned.insert(InterlockSet(.monitorDisagreement))
            record(.warning(.monitorDisagreement))
        }
    }

    /// The same at the end of a visit, with the narrower limit.
    private mutating func checkAgreementAfterSpot(_ sample: MonitorSample) {
        let difference = abs((sample.secondary - secondaryBase) - layerCounts)
        if difference > limits.noiseOfDifference(counts: layerCounts),
            Double(difference) > limits.disagreementStopAfterSpot * Double(max(layerCounts, 1))
        {
            raise(.monitorDisagreement)
        }
    }

    private mutating func checkPosition(_ sample: MonitorSample) {
        guard settledVisit == visit, sample.positionCounts >= limits.leastCountsForPosition,
            let wanted = currentLayer()?.visits[visit].positionMM
        else { return }
        let off = sample.positionMM - wanted
        let distance = (off * off).sum().squareRoot()
        if !(distance <= limits.positionStopMM) { raise(.spotPosition) }
        if !(abs(sample.relativeSize - 1) <= limits.sizeStop) { raise(.spotSize) }
    }

    /// Spots in a row that are off a little.
    private mutating func countPosition(_ sample: MonitorSample) {
        guard sample.positionCounts >= limits.leastCountsForPosition,
            let wanted = currentLayer()?.visits[visit].positionMM
        else { return }
        let off = sample.positionMM - wanted
        positionWarnings = (off * off).sum().squareRoot() > limits.positionWarnMM ? positionWarnings + 1 : 0
        if positionWarnings >= limits.positionWarnCount { raise(.spotPosition) }
    }

    /// Ends the visit when its preset is reached.
    private mutating func advance(_ sample: MonitorSample) {
        guard phase == .irradiating, let sequence = currentLayer(),
            layerCounts >= sequence.visits[visit].presetCounts
        else { return }
        // What fires here is written before the visit: it says that the beam did not move on.
        countPosition(sample)
        checkAgreementAfterSpot(sample)
        record(.visit(layer: layer, visit: visit, sample))
        visit += 1
        guard phase == .irradiating else { return }
        if visit == sequence.visits.count || sequence.visits[visit].beamOffBefore
            || layerCounts >= sequence.visits[visit].presetCounts
        {
            stop(.hold)
        } else {
            moveToVisit()
        }
    }

    mutating func beamSeen(_ on: Bool, _ sample: MonitorSample) {
        switch (phase, on) {
        case (.irradiating, true), (.stopping, true): _ = take(sample)
        case (.irradiating, false):
            // Beam went off by itself; whatever the cause, nothing is lost.
            commands.append(.beamOff)
            goal = .hold
            beamIsOff(sample)
        case (.stopping, false): beamIsOff(sample)
        case (.preparing, true), (.holding, true), (.idle, true), (.loaded, true), (.ready, true),
            (.interrupted, true),
            (.terminated, true), (.completed, true):
            raise(.beamOffFailure)
        case (.preparing, false), (.holding, false), (.idle, false), (.loaded, false), (.ready, false),
            (.interrupted, false), (.terminated, false), (.completed, false):
            break
        }
    }

    /// Commands beam off and says what comes then.
    mutating func stop(_ goal: StopGoal) {
        commands.append(.beamOff)
        switch phase {
        case .irradiating:
            phase = .stopping
            offSince = now
            beamTimeNS += now.since(beamSince)
            self.goal = goal
        case .stopping: self.goal = max(self.goal, goal)
        case .idle, .loaded, .ready, .preparing, .holding, .interrupted, .terminated, .completed: break
        }
    }

    /// The counters stand still: where delivery stands is known.
    private mutating func beamIsOff(_ sample: MonitorSample) {
        if phase == .irradiating { beamTimeNS += now.since(beamSince) }
        let isSane = sample.primary >= lastSample.primary && sample.secondary >= lastSample.secondary
        if isSane {
            lastSample = sample
            layerCounts = sample.primary - primaryBase
        }
        darkFrom = (now, sample.dark)
        record(.beamOff(sample))
        // Where delivery stands is looked up in the table: one that is damaged would say anything.
        let isTableSound = currentLayer().map { $0.checksum == $0.computedChecksum } ?? true
        if isTableSound, let sequence = currentLayer() {
            visit = max(visit, sequence.visit(after: layerCounts))
        }
        phase = .holding
        if !isSane { return raise(.monitorDisagreement) }
        if !isTableSound { return raise(.sequenceChecksum) }
        switch goal {
        case .hold:
            if let sequence = currentLayer(), visit >= sequence.visits.count {
                prepareLayer()
            } else {
                moveToVisit()
            }
        case .interrupt: enter(.interrupted)
        case .terminate: enter(.terminated)
        }
    }

    /// Counts without beam: of one monitor its noise, of both beam.
    private mutating func checkDarkness(_ sample: MonitorSample) {
        let counts = sample.dark &- darkFrom.counts
        let allowed =
            limits.darkCounts + Int64(limits.darkCountsPerS * Double(now.since(darkFrom.time)) * 1e-9)
        guard counts[0] > allowed || counts[1] > allowed else { return }
        // Judged again from here on.
        darkFrom = (now, sample.dark)
        raise(counts[0] > allowed && counts[1] > allowed ? .beamOffFailure : .darkCounts)
    }
}
