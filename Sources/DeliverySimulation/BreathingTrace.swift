import DeliveryControl
import NumericKernels

#if canImport(Glibc)
    import Glibc
#endif

/// Position of the moving anatomy against time, from 0 (end of exhalation) to about 1 (end of inhalation), and its phase.
///
///     a(t) = 1 − cos²ⁿ(π t/T − φ)   (Lujan; n = 1 to 3; long rest at exhalation for greater n)
///
/// Irregular breathing draws period and amplitude of every breath; a drift moves the base line; a recorded trace is interpolated.
///
/// ## Source
/// Lujan et al., Med. Phys. 26 (1999) 715.
/// ## Checked by
/// `BreathingTraceTests`.
public struct BreathingTrace: Sendable, Hashable {
    /// Moment and amplitude of a recorded trace.
    public struct Point: Sendable, Hashable {
        public var timeS: Double
        public var amplitude: Double

        public init(timeS: Double, amplitude: Double) {
            self.timeS = timeS
            self.amplitude = amplitude
        }
    }

    private struct Breath: Sendable, Hashable {
        var beginS: Double
        var periodS: Double
        var height: Double
    }

    private var breaths: [Breath] = []
    private var recorded: [Point] = []
    private let exponent: Int
    private let driftPerS: Double
    /// Where in the trace time 0 lies, s.
    public private(set) var startS = 0.0

    /// Breaths that are drawn.
    ///
    /// - Parameters:
    ///   - periodS: Mean period, s.
    ///   - exponent: n of cos²ⁿ.
    ///   - irregularity: RMS of the relative change of period and height from breath to breath.
    ///   - driftPerMinute: Rise of the base line, amplitude per minute.
    ///   - durationS: How long breaths are drawn, s; after that they repeat the last one.
    ///   - seed: Seed of the breaths.
    public init(
        periodS: Double = 3.5, exponent: Int = 2, irregularity: Double = 0, driftPerMinute: Double = 0,
        durationS: Double = 900, seed: UInt64 = 1
    ) {
        precondition(periodS > 0 && exponent >= 1 && irregularity >= 0 && durationS > 0)
        self.exponent = exponent
        driftPerS = driftPerMinute / 60
        var random = SeededRandom(seed: seed, stream: 0xB4EA)
        var time = 0.0
        while time < durationS {
            let period = periodS * max(0.4, 1 + irregularity * random.normal(within: 3))
            let height = max(0.2, 1 + irregularity * random.normal(within: 3))
            breaths.append(Breath(beginS: time, periodS: period, height: height))
            time += period
        }
    }

    /// A recorded trace; nil unless it has two points with rising times and finite amplitudes.
    ///
    /// - Parameter recorded: Points in order of time; the trace repeats after its end.
    public init?(recorded: [Point]) {
        guard recorded.count >= 2, zip(recorded, recorded.dropFirst()).allSatisfy({ $0.timeS < $1.timeS }),
            recorded.allSatisfy({ $0.amplitude.isFinite && $0.timeS.isFinite })
        else { return nil }
        self.recorded = recorded
        exponent = 1
        driftPerS = 0
    }

    /// The same breathing, begun later.
    ///
    /// - Parameter seconds: Of this trace, at which time 0 of the new one lies.
    public func begun(atS seconds: Double) -> BreathingTrace {
        var later = self
        later.startS += seconds
        return later
    }

    /// Amplitude at a moment, s.
    public func amplitude(atS moment: Double) -> Double {
        let time = moment + startS
        if !recorded.isEmpty { return recordedAmplitude(time) }
        let (breath, phase) = place(time)
        let c = cos(.pi * phase)
        // Exhalation at the ends of a breath, where the cosine is ±1.
        return breath.height * (1 - power(c * c, exponent)) + driftPerS * time
    }

    /// Phase within the breath, 0 to 1, 0 at exhalation; of a recorded trace, the share of its length.
    public func phase(atS moment: Double) -> Double {
        let time = moment + startS
        return recorded.isEmpty ? place(time).phase : wrapped(time).share
    }

    private func place(_ time: Double) -> (breath: Breath, phase: Double) {
        var (low, high) = (0, breaths.count - 1)
        while low < high {
            let middle = (low + high + 1) / 2
            if breaths[middle].beginS <= time { low = middle } else { high = middle - 1 }
        }
        let breath = breaths[low]
        let turns = (time - breath.beginS) / breath.periodS
        return (breath, turns - turns.rounded(.down))
    }

    private func wrapped(_ time: Double) -> (timeS: Double, share: Double) {
        let begin = recorded[0].timeS
        let length = recorded[recorded.count - 1].timeS - begin
        let turns = time / length
        let share = turns - turns.rounded(.down)
        return (begin + share * length, share)
    }

    private func recordedAmplitude(_ time: Double) -> Double {
        let time = wrapped(time).timeS
        var (low, high) = (0, recorded.count - 1)
        while high - low > 1 {
            let middle = (low + high) / 2
            if recorded[middle].timeS <= time { low = middle } else { high = middle }
        }
        let (a, b) = (recorded[low], recorded[high])
        return a.amplitude + (time - a.timeS) / (b.timeS - a.timeS) * (b.amplitude - a.amplitude)
    }

    private func power(_ base: Double, _ exponent: Int) -> Double {
        (0..<exponent).reduce(1) { value, _ in value * base }
    }
}
