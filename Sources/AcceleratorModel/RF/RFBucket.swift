import IonPhysics

#if canImport(Glibc)
    import Glibc
#endif

/// Synchrotron motion of an ion in a ring at one moment.
///
///     η = 1/γ_t² − 1/γ²,   Q_s = √(h q V |η| cos φ_s / (2π β² E))                            (4)
///     δ̂ = 2 Q_s⁰/(h |η|),   A = 16 Q_s⁰ β² E/(h² |η| ω₀)                                  (5)
///
/// Q_s⁰ is Q_s at φ_s = 0; half height δ̂ (relative momentum) and area A (energy times time, of one bucket) are those of the
/// stationary bucket; `MovingBucket` turns them into those at φ_s.
///
/// ## Source
/// S. Y. Lee, Accelerator Physics (World Scientific), ch. 3.
/// ## Checked by
/// `RFBucketTests`: against tracking of small and large amplitudes.
public struct RFBucket: Hashable, Sendable {
    public let motion: IonMotion
    public let circumferenceM: Double
    /// γ at transition; the momentum compaction is 1/γ_t².
    public let transitionGamma: Double
    public let harmonic: Int
    /// Peak voltage of all cavities per turn, V.
    public let voltageV: Double
    /// Rad, from 0 (stationary) below π/2.
    public let synchronousPhase: Double

    /// - Parameters:
    ///   - motion: The synchronous ion.
    ///   - circumferenceM: Length of its orbit, m.
    ///   - transitionGamma: γ at transition.
    ///   - harmonic: RF periods per revolution.
    ///   - voltageV: Peak voltage per turn, V.
    ///   - synchronousPhase: Rad, 0 ≤ φ_s < π/2.
    /// - Throws: If the ion is not below transition, or a figure is impossible.
    public init(
        motion: IonMotion, circumferenceM: Double, transitionGamma: Double, harmonic: Int, voltageV: Double,
        synchronousPhase: Double
    ) throws(AcceleratorError) {
        try requirePositive(circumferenceM, "circumference (m)")
        try requirePositive(voltageV, "RF voltage (V)")
        guard harmonic >= 1 else { throw .figure("RF harmonic", Double(harmonic), mustBe: "at least 1") }
        guard motion.gamma < transitionGamma else {
            throw .transition(gamma: motion.gamma, transitionGamma: transitionGamma)
        }
        guard synchronousPhase >= 0, synchronousPhase < .pi / 2 else {
            throw .figure("synchronous phase (rad)", synchronousPhase, mustBe: "from 0 to below π/2")
        }
        self.motion = motion
        self.circumferenceM = circumferenceM
        self.transitionGamma = transitionGamma
        self.harmonic = harmonic
        self.voltageV = voltageV
        self.synchronousPhase = synchronousPhase
    }

    /// Phase slip factor 1/γ_t² − 1/γ²; negative below transition.
    public var slip: Double {
        1 / (transitionGamma * transitionGamma) - 1 / (motion.gamma * motion.gamma)
    }

    private var betaSquaredEnergyMeV: Double { motion.beta * motion.beta * motion.totalEnergyMeV }
    private var chargeVoltageMeV: Double { Double(motion.ion.chargeState) * voltageV * 1e-6 }

    /// Synchrotron oscillations per turn at small amplitude.
    public var synchrotronTune: Double { stationaryTune * cos(synchronousPhase).squareRoot() }

    private var stationaryTune: Double {
        (Double(harmonic) * chargeVoltageMeV * abs(slip) / (2 * .pi * betaSquaredEnergyMeV)).squareRoot()
    }

    /// Synchrotron frequency at small amplitude, Hz.
    public var synchrotronFrequencyHz: Double { synchrotronTune * revolutionFrequencyHz }

    public var revolutionFrequencyHz: Double { motion.revolutionFrequencyHz(circumferenceM: circumferenceM) }

    /// RF frequency h f_rev, Hz.
    public var frequencyHz: Double { Double(harmonic) * revolutionFrequencyHz }

    /// Half height of the stationary bucket of this voltage, relative momentum.
    public var stationaryHalfHeight: Double { 2 * stationaryTune / (Double(harmonic) * abs(slip)) }

    /// Half height, relative momentum.
    public var halfHeight: Double {
        stationaryHalfHeight * MovingBucket(synchronousPhase: synchronousPhase).heightFactor
    }

    /// Area of one bucket, eV s of the whole ion.
    public var areaEVS: Double {
        let h = Double(harmonic)
        let stationary =
            16 * stationaryTune * betaSquaredEnergyMeV * 1e6
            / (h * h * abs(slip) * 2 * .pi * revolutionFrequencyHz)
        return stationary * MovingBucket(synchronousPhase: synchronousPhase).areaFactor
    }

    /// Points of the separatrix: phase in rad and relative momentum, once round.
    public func separatrix(pointsPerHalf count: Int = 180) -> [SIMD2<Double>] {
        let bucket = MovingBucket(synchronousPhase: synchronousPhase)
        let (from, to) = (bucket.turningPhase, bucket.unstablePhase)
        let upper = (0...count).map { i -> SIMD2<Double> in
            let phase = from + (to - from) * 0.5 * (1 - cos(.pi * Double(i) / Double(count)))
            return SIMD2(phase, stationaryHalfHeight * (bucket.separatrix(at: phase) ?? 0))
        }
        return upper + upper.reversed().map { SIMD2($0.x, -$0.y) }
    }

    /// Whether a point (phase in rad, relative momentum) lies inside the separatrix.
    public func contains(phase: Double, relativeMomentum: Double) -> Bool {
        guard let edge = MovingBucket(synchronousPhase: synchronousPhase).separatrix(at: phase) else {
            return false
        }
        return abs(relativeMomentum) < edge * stationaryHalfHeight
    }
}
