import DeliverySimulation

/// How a fraction is delivered.
public struct FractionRequest: Sendable {
    /// Fraction, from 1.
    public var fraction: Int
    /// Seed of the simulated machine; every field and session has a stream of its own.
    public var seed: UInt64
    /// Paintings of each layer; nil for the plan's.
    public var paintings: Int?
    /// Longest move with beam on, mm; 0 switches beam off between all spots.
    public var rasterStepMM: Double
    /// Mean stay at a spot that the rate is chosen for, s.
    public var meanDwellS: Double
    /// Breathing; nil for none.
    public var breathing: BreathingTrace?
    /// Beam only below this amplitude; nil for beam all the time.
    public var gateThreshold: Double?
    /// Latency of the gating signal, s.
    public var gateLatencyS: Double
    /// Times of the log's group commit, s.
    public var commitS: Double

    /// - Parameters:
    ///   - fraction: From 1.
    ///   - seed: Of the simulated machine.
    ///   - paintings: Of each layer; nil for the plan's.
    ///   - rasterStepMM: Longest move with beam on, mm.
    ///   - meanDwellS: Mean stay at a spot, s.
    ///   - breathing: Breathing; nil for none.
    ///   - gateThreshold: Beam only below this amplitude; nil for beam all the time.
    ///   - gateLatencyS: Latency of the gating signal, s.
    ///   - commitS: Time over which entries of the log are collected, s.
    public init(
        fraction: Int = 1, seed: UInt64 = 1, paintings: Int? = nil, rasterStepMM: Double = 6,
        meanDwellS: Double = 154e-6, breathing: BreathingTrace? = nil, gateThreshold: Double? = nil,
        gateLatencyS: Double = 0.02, commitS: Double = 0.004
    ) {
        self.fraction = fraction
        self.seed = seed
        self.paintings = paintings
        self.rasterStepMM = rasterStepMM
        self.meanDwellS = meanDwellS
        self.breathing = breathing
        self.gateThreshold = gateThreshold
        self.gateLatencyS = gateLatencyS
        self.commitS = commitS
    }

    var gate: BreathingGate? {
        guard let breathing, let gateThreshold else { return nil }
        return BreathingGate(
            trace: breathing, threshold: gateThreshold, latencyNS: Int64((gateLatencyS * 1e9).rounded()))
    }
}
