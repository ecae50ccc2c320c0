import DeliveryControl

extension GateFilling {
    /// Openings of a breathing gate, as the simulated machine fills them.
    ///
    ///     open = 0.95 · (mean opening − its standard deviation)
    ///
    /// A twentieth is left for the noise of the spill and the readings of the gate, so that a group of paintings ends before the gate does; a
    /// pause is the time from the command to switch off until beam of the next visit.
    ///
    /// - Parameters:
    ///   - gate: Breathing, threshold and time between readings.
    ///   - figures: Of the machine.
    /// - Returns: nil if the gate is never open, or as different from breath to breath as it is long.
    ///
    /// ## Checked by
    /// `RescanDeliveryTests`.
    public init?(_ gate: BreathingGate, figures: PlantFigures) {
        var gate = gate
        // Single readings that are wrong do not make the breath shorter.
        gate.error = 0
        guard let openings = GateIntervals(gate)?.openS, openings.mean > openings.spread else { return nil }
        let spill = figures.spill
        let pause =
            figures.monitors.latencyNS + spill.offDelayNS + spill.fallNS + figures.scanning.settleNS
            + spill.onDelayNS + spill.riseNS
        self.init(
            openS: 0.95 * (openings.mean - openings.spread), speedMMPerS: figures.scanning.speedMMPerS,
            pauseS: Double(pause) * 1e-9)
    }
}
