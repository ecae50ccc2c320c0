import DeliveryControl
import DeliverySimulation
import Frames
import NumericKernels
import PatientModel

/// How the patient breathes during a fraction, what moves with it, and what the beam waits for.
public struct Breathing: Sendable {
    /// What the gate looks at.
    public enum Signal: Hashable, Sendable {
        /// A marker on the skin, which lags behind the anatomy by a time, s; open below an amplitude.
        case skin(threshold: Double, lagS: Double)
        /// The target itself in X-ray pictures; open while it is within a distance of its place in the planning CT, mm, as pictures with an
        /// RMS error, mm, show it.
        case target(windowMM: Double, errorMM: Double)
    }

    /// A gate.
    public struct Gate: Hashable, Sendable {
        public var signal: Signal
        /// From the moment to its signal, and between two readings, s.
        public var latencyS: Double
        public var samplingS: Double

        /// - Parameters:
        ///   - signal: What it looks at.
        ///   - latencyS: From the moment to its signal, s.
        ///   - samplingS: Between two readings, s.
        public init(_ signal: Signal, latencyS: Double, samplingS: Double) {
            self.signal = signal
            self.latencyS = latencyS
            self.samplingS = samplingS
        }
    }

    /// Amplitude against the time of the fraction.
    public var trace: BreathingTrace
    public var gate: Gate?
    /// What moves with the amplitude; nil where the dose is computed for a patient at rest.
    public var motion: AnatomyMotion?
    /// Greatest number of phases of the delivered dose.
    public var phases: Int
    /// The same in words, for the record of the fraction: a fraction that is gone on with must breathe and move in the same way.
    public var description: String

    /// - Parameters:
    ///   - trace: Amplitude against the time of the fraction.
    ///   - gate: What the beam waits for; nil for nothing.
    ///   - motion: What moves; nil for nothing.
    ///   - phases: Greatest number of phases of the delivered dose, at least 1.
    ///   - description: The same in words.
    public init(
        trace: BreathingTrace, gate: Gate? = nil, motion: AnatomyMotion? = nil, phases: Int = 10,
        description: String
    ) {
        self.trace = trace
        self.gate = gate
        self.motion = motion
        self.phases = phases
        self.description = description
    }

    /// The gate on the simulated machine.
    ///
    /// A window on the target becomes limits of the amplitude: those at which the target's centre is so far from its place.
    ///
    /// - Parameters:
    ///   - offsetS: Where in the trace the session begins, s.
    ///   - target: Centre of the target in the planning CT.
    ///   - seed: Of errors of reading.
    /// - Returns: nil without a gate.
    /// - Throws: `BreathingError` where a gate on the target cannot be: nothing moves it.
    func simulatedGate(
        fromS offsetS: Double, target: Point3<DICOMPatient>?, seed: UInt64
    ) throws(BreathingError) -> BreathingGate? {
        guard let gate else { return nil }
        var simulated = BreathingGate(
            trace: trace.begun(atS: offsetS), latencyNS: Int64((gate.latencyS * 1e9).rounded()),
            samplingNS: Int64((gate.samplingS * 1e9).rounded()), errorSeed: seed)
        switch gate.signal {
        case .skin(let threshold, let lag):
            simulated.threshold = threshold
            simulated.lagS = lag
        case .target(let window, let error):
            guard let motion, let target else { throw .nothingMoves }
            let whole = motion.displacement(at: target, amplitude: motion.referenceAmplitude + 1).lengthMM
            guard whole > 0 else { throw .targetDoesNotMove }
            simulated.threshold = limit(of: motion, target, windowMM: window, towards: 1)
            simulated.lowest = limit(of: motion, target, windowMM: window, towards: -1)
            simulated.error = error / whole
        }
        return simulated
    }

    /// Amplitude at which the target is a distance away from its place, found by bisection within three breaths of the reference.
    private func limit(
        of motion: AnatomyMotion, _ target: Point3<DICOMPatient>, windowMM: Double, towards sign: Double
    ) -> Double {
        func distance(_ height: Double) -> Double {
            motion.displacement(at: target, amplitude: motion.referenceAmplitude + sign * height).lengthMM
        }
        var (low, high) = (0.0, 3.0)
        guard distance(high) > windowMM else { return sign * .infinity }
        for _ in 0..<60 {
            let middle = 0.5 * (low + high)
            if distance(middle) > windowMM { high = middle } else { low = middle }
        }
        return motion.referenceAmplitude + sign * low
    }
}

/// Why a patient cannot breathe like that.
public enum BreathingError: Error, Hashable, Sendable, CustomStringConvertible {
    case nothingMoves
    case targetDoesNotMove
    case gateNeverOpen

    public var description: String {
        switch self {
        case .nothingMoves:
            "a gate on the target needs a target that moves (nothing says how it does); add --motion"
        case .targetDoesNotMove:
            "the centre of the target does not move with breathing (a gate on it would always be open); gate on the skin, or correct the "
                + "motion"
        case .gateNeverOpen:
            "the gate is never open, or its openings are as different as they are long (paintings cannot fill them); widen the gate, or "
                + "leave out --phase-controlled"
        }
    }
}
