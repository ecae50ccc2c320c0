/// Where the ions of one pulse go, from the source to the beam line: what comes in = what goes on + what is lost.
///
/// ## Checked by
/// `TrackedIonBudgetTests`: conservation over all stages.
public struct TrackedIonBudget: Hashable, Sendable {
    /// One stage.
    public struct Entry: Hashable, Sendable {
        public let name: String
        public let ionsIn: Double
        public let ionsOut: Double

        public var lost: Double { ionsIn - ionsOut }
        /// Ions out over ions in.
        public var share: Double { ionsIn > 0 ? ionsOut / ionsIn : 0 }

        init(_ name: String, _ ionsIn: Double, _ ionsOut: Double) {
            self.name = name
            self.ionsIn = ionsIn
            self.ionsOut = ionsOut
        }
    }

    /// From the source to the beam line.
    public let entries: [Entry]

    /// Ions that can be extracted from one fill.
    public var extracted: Double { entries.last?.ionsOut ?? 0 }
    /// Ions at the flat top.
    public var accelerated: Double { entries.last?.ionsIn ?? 0 }

    /// - Parameters:
    ///   - accelerator: Injector and extraction.
    ///   - injection: Result of multi-turn injection.
    ///   - longitudinal: Result of capture and acceleration.
    /// - Throws: If the injector's figures are impossible, or its pulse is shorter than the injected turns.
    public init(
        _ accelerator: Accelerator, injection: MultiTurnInjectionResult, longitudinal: LongitudinalResult
    ) throws(AcceleratorError) {
        let states = try accelerator.injector.states(of: accelerator.isotope)
        try requireShare(accelerator.extractionEfficiency, "extraction efficiency")
        let turn = try accelerator.ionsPerInjectedTurn()
        guard let last = states.last else {
            throw .figure("number of stages of the injector", 0, mustBe: "at least 1")
        }
        let injected = turn * Double(injection.turns)
        guard injected <= last.ionsPerPulse * (1 + 1e-12) else {
            throw .figure(
                "pulse length of the injector (µs)", accelerator.injector.pulseLengthUS,
                mustBe: "at least that of the injected turns, \(injected / last.ionsPerS * 1e6)")
        }
        var entries: [Entry] = []
        for (before, after) in zip(states, states.dropFirst()) {
            entries.append(Entry(after.stage.name, before.ionsPerPulse, after.ionsPerPulse))
        }
        entries.append(Entry("chopper (\(injection.turns) turns)", last.ionsPerPulse, injected))
        let stored = injected * injection.efficiency
        entries.append(Entry("multi-turn injection", injected, stored))
        let top = stored * longitudinal.efficiency
        // Ions just outside the buckets at the end of capture may still be taken along: these count as captured.
        let captured = max(top, stored * longitudinal.captureEfficiency)
        entries.append(Entry("RF capture", stored, captured))
        entries.append(Entry("acceleration", captured, top))
        entries.append(Entry("slow extraction", top, top * accelerator.extractionEfficiency))
        self.entries = entries
    }
}
