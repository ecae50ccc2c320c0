import DeliveryControl
import NumericKernels

/// Gating: beam only while a signal lies below a threshold (around exhalation).
///
/// The signal is that of a marker on the skin, which may lag behind what moves inside, or the position of the target itself as X-ray pictures
/// show it, with an error of its own. The control hears of a reading after the latency; a reading that comes too late counts as none.
///
/// ## Checked by
/// `BreathingTraceTests`, `FieldSimulationTests`.
public struct BreathingGate: Sendable, Hashable {
    /// Of the anatomy.
    public var trace: BreathingTrace
    /// Open below this amplitude.
    public var threshold: Double
    /// Closed below this amplitude: breath out deeper than at the planning CT; negative infinite for no such limit.
    public var lowest: Double
    /// From the moment to its signal.
    public var latencyNS: Int64
    /// Between two readings.
    public var samplingNS: Int64
    /// How far the signal lags behind the anatomy, s.
    public var lagS: Double
    /// RMS error of a reading, in amplitude, and the seed of these errors.
    public var error: Double
    public var errorSeed: UInt64

    /// - Parameters:
    ///   - trace: Breathing.
    ///   - threshold: Open below this amplitude, share of the normal breath.
    ///   - lowest: Closed below this amplitude.
    ///   - latencyNS: Latency of the signal.
    ///   - samplingNS: Between two readings: 5 ms of a marker on the skin; 67 ms of X-ray pictures at 15 per second.
    ///   - lagS: How far the signal lags behind the anatomy, s.
    ///   - error: RMS error of a reading, in amplitude.
    ///   - errorSeed: Seed of these errors.
    public init(
        trace: BreathingTrace, threshold: Double = 0.3, lowest: Double = -.infinity,
        latencyNS: Int64 = 20_000_000, samplingNS: Int64 = 5_000_000, lagS: Double = 0, error: Double = 0,
        errorSeed: UInt64 = 1
    ) {
        self.trace = trace
        self.threshold = threshold
        self.lowest = lowest
        self.latencyNS = latencyNS
        self.samplingNS = samplingNS
        self.lagS = lagS
        self.error = error
        self.errorSeed = errorSeed
    }

    /// Whether the gate is open for a reading taken at a moment, s.
    public func isOpen(atS time: Double) -> Bool {
        var signal = trace.amplitude(atS: time - lagS)
        if error > 0 {
            var random = SeededRandom(seed: errorSeed, stream: UInt64(bitPattern: Int64(time * 1e6)))
            signal += error * random.normal()
        }
        return signal < threshold && signal >= lowest
    }
}
