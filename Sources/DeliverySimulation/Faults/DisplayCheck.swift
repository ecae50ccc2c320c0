import DeliveryControl

/// Compares what the control shows (state, layer, visit, counts) with what the plant does.
struct DisplayCheck: Sendable {
    private var bases: [(layer: Int, primary: Int64)] = []
    private var read = 0
    private var phase = FieldControl.Phase.idle
    private var since = MonotonicTime.start
    private var ions = 0.0
    private var wasDeaf = false

    /// - Parameters:
    ///   - plant: After an event or a packet.
    ///   - bound: What the injected faults may let through.
    /// - Returns: What is wrong.
    mutating func check<Sink>(_ plant: borrowing FieldSimulation<Sink>, bound: ReactionBound) -> [String] {
        readBases(plant)
        let hasIons = plant.ionsPassed > ions
        ions = plant.ionsPassed
        if plant.control.phase != phase {
            phase = plant.control.phase
            since = plant.now
        }
        // A control that does not run shows nothing.
        let isDeaf = !plant.condition.isControlAlive || plant.condition.isControlHung
        if wasDeaf, !isDeaf { since = plant.now }
        wasDeaf = isDeaf
        guard !isDeaf else { return [] }
        return state(plant, hasIons: hasIons) + counts(plant, bound: bound)
    }

    private mutating func readBases<Sink>(_ plant: borrowing FieldSimulation<Sink>) {
        while read < plant.outcome.records.count {
            if case .layerStarted(let layer, let base, _) = plant.outcome.records[read].entry {
                bases = [(layer, base)]
            }
            read += 1
        }
    }

    private func state<Sink>(_ plant: borrowing FieldSimulation<Sink>, hasIons: Bool) -> [String] {
        guard hasIons else { return [] }
        if phase == .irradiating {
            let isSame = plant.control.layer == plant.layer && plant.control.visit == plant.visit
            return isSame
                ? []
                : [
                    "shows \(plant.control.layer)/\(plant.control.visit), beam at \(plant.layer)/\(plant.visit)"
                ]
        }
        let allowed =
            plant.control.limits.beamOffNS + plant.figures.heartbeatNS + plant.figures.spill.cutNS
        let late = plant.lastIonAt.since(since)
        return late > allowed ? ["ions \(late) ns after \(phase) began"] : []
    }

    private func counts<Sink>(_ plant: borrowing FieldSimulation<Sink>, bound: ReactionBound) -> [String] {
        guard let base = bases.last, base.layer == plant.control.layer else { return [] }
        let measured = plant.monitors.registers.primary - base.primary
        let sequence = plant.field.layers[base.layer]
        let perSample = sequence.countsPerS * Double(2 * plant.figures.monitors.samplingNS) * 1e-9
        let isOn = plant.spill.isOn || plant.isCounterOpen
        let allowed = isOn ? Int64(bound.rateFactor * perSample) + 2 : 1
        let shown = plant.control.layerCounts
        guard abs(measured - shown) > allowed else { return [] }
        return ["shows \(shown) counts, measured \(measured)"]
    }
}
