import DeliveryControl

/// Ions between two events.
extension FieldSimulation {
    /// Lets ions come until the next event; true if the preset or the end of the fill came first.
    mutating func pass(until next: MonotonicTime) -> Bool {
        monitors.rateIonsPerS = spill.rateIonsPerS * spill.surge
        let toPreset = preset.map { monitors.ions(until: $0) } ?? .infinity
        let toFault = faults.ionsAtNext.map { max(0, $0 - ionsPassed) } ?? .infinity
        let wanted = min(toPreset, supply.ionsLeft, toFault)
        let before = spill.time
        // The intensity limiter looks more often than the monitors report.
        let look = spill.time.after(figures.limiterNS)
        if spill.surge > figures.limiterFactor, !chain.isLimiterOpen, look < next {
            let end = spill.lastIon
            let ions = spill.run(until: look, atMost: wanted)
            account(ions, from: before, to: spill.time, end: end)
            if ions < wanted {
                moveTime(to: spill.time)
                limit(ions, from: before, to: spill.time)
                return true
            }
            return reached(ions, wanted: wanted, toPreset: toPreset, toFault: toFault, next: next)
        }
        let end = spill.lastIon
        let ions = spill.run(until: next, atMost: wanted)
        account(ions, from: before, to: spill.time, end: end)
        return reached(ions, wanted: wanted, toPreset: toPreset, toFault: toFault, next: next)
    }

    /// What the last ion of a packet brings about: a fault, the preset, the end of the fill; false if it is none of these.
    private mutating func reached(
        _ ions: Double, wanted: Double, toPreset: Double, toFault: Double, next: MonotonicTime
    ) -> Bool {
        guard ions >= wanted, wanted.isFinite, spill.time < next || ions == wanted else { return false }
        moveTime(to: min(spill.time, next))
        if toFault <= wanted {
            fireIonFaults()
        } else if toPreset <= wanted, let count = preset {
            monitors.reached(count)
            preset = nil
            queue.add(.preset(generation: visitGeneration), at: now.after(figures.monitors.latencyNS))
        } else {
            endOfFill()
        }
        return true
    }

    private mutating func moveTime(to time: MonotonicTime) {
        meter.count(control.phase, from: now, to: time, simulation: meterState)
        now = max(now, time)
    }

    /// Further off than this is beside the visit, whatever the control looks for, mm.
    private static var placeToleranceMM: Double { DeliveryLimits().positionStopMM }

    /// Books where ions landed against where they should.
    mutating func place(_ ions: Double, at position: SIMD2<Double>, _ time: MonotonicTime) {
        let target = field.layers[layer].visits[visit].positionMM
        var nearest = target
        if time < move.over {
            let way = target - move.fromMM
            let length = (way * way).sum()
            let part = length > 0 ? ((position - move.fromMM) * way).sum() / length : 0
            nearest = move.fromMM + way * min(1, max(0, part))
        } else {
            outcome.places[layer][visit].leastMM = pointwiseMin(
                outcome.places[layer][visit].leastMM, position)
            outcome.places[layer][visit].greatestMM = pointwiseMax(
                outcome.places[layer][visit].greatestMM, position)
        }
        let off = position - nearest
        if (off * off).sum().squareRoot() > Self.placeToleranceMM {
            outcome.places[layer][visit].misplaced += ions
        }
    }
}
