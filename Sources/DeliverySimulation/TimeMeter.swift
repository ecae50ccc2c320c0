import DeliveryControl

/// Books time on what the field waits for.
struct TimeMeter: Sendable {
    struct State: Sendable {
        var isGateOpen: Bool
        var isBeamOn: Bool
        var isServed: Bool
    }

    private(set) var shares = TimeShares()
    /// Until when a new fill is being made.
    var fillsUntil = MonotonicTime.start

    mutating func count(
        _ phase: FieldControl.Phase, from: MonotonicTime, to: MonotonicTime, simulation state: State
    ) {
        let seconds = Double(to.since(from)) * 1e-9
        guard seconds > 0 else { return }
        switch phase {
        case .irradiating, .stopping:
            if state.isBeamOn { shares.beam += seconds } else { shares.scanning += seconds }
        case .preparing:
            if from < fillsUntil { shares.fills += seconds } else { shares.energySteps += seconds }
        case .holding:
            if from < fillsUntil, !state.isServed {
                shares.fills += seconds
            } else if !state.isGateOpen {
                shares.gate += seconds
            } else {
                shares.scanning += seconds
            }
        case .interrupted: shares.other += seconds
        case .idle, .loaded, .ready, .terminated, .completed: break
        }
    }
}
