/// What a spill shall be.
public struct SpillRequest: Sendable, Hashable {
    /// A stretch of constant request.
    public struct Segment: Sendable, Hashable {
        public var durationS: Double
        /// Ions per second; 0 for beam off.
        public var rateIonsPerS: Double

        /// - Parameters:
        ///   - durationS: How long, s.
        ///   - rateIonsPerS: Ions per second; 0 for beam off.
        public init(durationS: Double, rateIonsPerS: Double) {
            self.durationS = durationS
            self.rateIonsPerS = rateIonsPerS
        }
    }

    /// A periodic error of the horizontal tune, as supplies' ripple makes it.
    public struct Ripple: Sendable, Hashable {
        public var frequencyHz: Double
        /// Amplitude of the tune.
        public var tuneAmplitude: Double

        /// - Parameters:
        ///   - frequencyHz: Frequency, Hz.
        ///   - tuneAmplitude: Amplitude of the tune.
        public init(frequencyHz: Double, tuneAmplitude: Double) {
            self.frequencyHz = frequencyHz
            self.tuneAmplitude = tuneAmplitude
        }
    }

    /// How the amplitude of the knock-out is found.
    public struct Feedback: Sendable, Hashable {
        /// Time between two settings, s.
        public var intervalS: Double
        /// Time in which the rate is averaged before it is compared, s.
        public var averagingS: Double
        /// Time constant with which a constant error would change the amplitude by a factor e, s.
        public var integralTimeS: Double
        /// With a stored pattern: time in which owed ions are to be repaid, s.
        public var repaymentS: Double
        /// Whether the loop is closed; open, the first amplitude or that of the pattern stays.
        public var isClosed: Bool

        /// - Parameters:
        ///   - intervalS: Time between two settings, s.
        ///   - averagingS: Averaging time of the measured rate, s.
        ///   - integralTimeS: Integral time of the loop, s.
        ///   - repaymentS: With a stored pattern: time in which owed ions are to be repaid, s.
        ///   - isClosed: Whether the loop is closed.
        public init(
            intervalS: Double = 1e-4, averagingS: Double = 1e-3, integralTimeS: Double = 4e-3,
            repaymentS: Double = 2e-3, isClosed: Bool = true
        ) {
            self.intervalS = intervalS
            self.averagingS = averagingS
            self.integralTimeS = integralTimeS
            self.repaymentS = repaymentS
            self.isClosed = isClosed
        }
    }

    public var segments: [Segment]
    /// Ions in the ring at the start.
    public var storedIons: Double
    /// Macroparticles that stand for them.
    public var macroparticles: Int
    /// RMS emittance, horizontal, m rad, unnormalised.
    public var emittanceMRad: Double
    /// RMS of δ, and its mean.
    public var momentumSpread: Double
    public var momentumOffset: Double
    public var signal: KnockOutSignal
    /// Kick of the electrodes at the start, rad.
    public var firstAmplitudeRad: Double
    /// Greatest kick that they can give, rad.
    public var greatestAmplitudeRad: Double
    /// Share of the ions that is let out before the spill begins, so that the beam fills the stable triangle to its edge; 0 for none.
    public var preparationShare: Double
    public var feedback: Feedback
    /// What an earlier spill of this kind has shown; nil for the first.
    public var pattern: KnockOutPattern?
    public var ripple: [Ripple]
    public var seed: UInt64

    /// - Parameters:
    ///   - segments: What is asked for, one stretch after the other.
    ///   - storedIons: Ions in the ring at the start.
    ///   - macroparticles: Macroparticles that stand for them.
    ///   - emittanceMRad: RMS emittance, m rad.
    ///   - momentumSpread: RMS of δ.
    ///   - momentumOffset: Mean of δ.
    ///   - signal: Signal of the knock-out.
    ///   - firstAmplitudeRad: Kick at the start, rad.
    ///   - greatestAmplitudeRad: Greatest kick, rad.
    ///   - preparationShare: Share of the ions that is let out before the spill begins.
    ///   - feedback: How the amplitude is found.
    ///   - pattern: What an earlier spill of this kind has shown.
    ///   - ripple: Errors of the tune.
    ///   - seed: Seed of beam and signal.
    public init(
        segments: [Segment], storedIons: Double, macroparticles: Int = 4000, emittanceMRad: Double,
        momentumSpread: Double, momentumOffset: Double = 0, signal: KnockOutSignal, firstAmplitudeRad: Double,
        greatestAmplitudeRad: Double = 2e-5, preparationShare: Double = 0, feedback: Feedback = Feedback(),
        pattern: KnockOutPattern? = nil, ripple: [Ripple] = [], seed: UInt64 = 1
    ) {
        self.segments = segments
        self.storedIons = storedIons
        self.macroparticles = macroparticles
        self.emittanceMRad = emittanceMRad
        self.momentumSpread = momentumSpread
        self.momentumOffset = momentumOffset
        self.signal = signal
        self.firstAmplitudeRad = firstAmplitudeRad
        self.greatestAmplitudeRad = greatestAmplitudeRad
        self.preparationShare = preparationShare
        self.feedback = feedback
        self.pattern = pattern
        self.ripple = ripple
        self.seed = seed
    }

    /// Requested rate at a time, ions/s; 0 behind the last stretch.
    ///
    /// - Parameters:
    ///   - segments: Stretches one after the other.
    ///   - time: Time from the start of the first, s.
    static func rate(_ segments: [Segment], at time: Double) -> Double {
        var end = 0.0
        for segment in segments {
            end += segment.durationS
            if time < end { return segment.rateIonsPerS }
        }
        return 0
    }
}
