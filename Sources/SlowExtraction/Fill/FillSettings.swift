import BeamOptics

/// Beam and knock-out of a fill on an extended flat top.
public struct FillSettings: Sendable, Hashable {
    /// How the ring goes from one energy to the next, with the knock-out off.
    public struct EnergyStep: Sendable, Hashable {
        /// Time until the beam may be on again, s.
        public var durationS: Double
        /// Share of the ions that is lost when the beam is captured and released again; nobody has published one, so it is 0 unless given.
        public var captureLoss: Double
        /// Parts in which the field falls; amplitudes grow by steps of this size.
        public var parts: Int
        /// Turns that are tracked behind each part: what lies outside the triangle needs some thousand turns to the septum.
        public var turnsPerPart: Int

        /// - Parameters:
        ///   - durationS: Time until the beam may be on again, s.
        ///   - captureLoss: Share of the ions that is lost at capture.
        ///   - parts: Parts in which the field falls.
        ///   - turnsPerPart: Turns that are tracked behind each part.
        public init(durationS: Double, captureLoss: Double = 0, parts: Int = 8, turnsPerPart: Int = 800) {
            self.durationS = durationS
            self.captureLoss = captureLoss
            self.parts = parts
            self.turnsPerPart = turnsPerPart
        }
    }

    /// Macroparticles that stand for the ions of the fill.
    public var macroparticles: Int
    /// RMS emittance at the first energy of the fill, horizontal, unnormalised, m rad.
    public var emittanceMRad: Double
    /// RMS of δ there, and its mean at every energy.
    public var momentumSpread: Double
    public var momentumOffset: Double
    public var signal: KnockOutSignal
    /// Kick at the start where no pattern is stored, rad.
    public var firstAmplitudeRad: Double
    /// Greatest kick of the electrodes, rad.
    public var greatestAmplitudeRad: Double
    /// Share of the ions that is let out before the first layer, so that the beam fills the stable triangle to its edge.
    public var preparationShare: Double
    public var feedback: SpillRequest.Feedback
    public var ripple: [SpillRequest.Ripple]
    public var energyStep: EnergyStep
    /// Longest time on flat tops, s.
    public var longestFlatTopS: Double
    /// Share of the fill below which no layer is begun.
    public var leastShare: Double
    /// Time that is followed behind the end of each layer, s: what still comes.
    public var tailS: Double

    /// - Parameters:
    ///   - macroparticles: Macroparticles that stand for the ions of the fill.
    ///   - emittanceMRad: RMS emittance at the first energy, m rad.
    ///   - momentumSpread: RMS of δ at the first energy.
    ///   - momentumOffset: Mean of δ at every energy.
    ///   - signal: Signal of the knock-out.
    ///   - firstAmplitudeRad: Kick at the start where no pattern is stored, rad.
    ///   - greatestAmplitudeRad: Greatest kick, rad.
    ///   - preparationShare: Share of the ions that is let out before the first layer.
    ///   - feedback: How the amplitude is found.
    ///   - ripple: Errors of the tune.
    ///   - energyStep: How the ring goes from one energy to the next.
    ///   - longestFlatTopS: Longest time on flat tops, s.
    ///   - leastShare: Share of the fill below which no layer is begun.
    ///   - tailS: Time that is followed behind the end of each layer, s.
    public init(
        macroparticles: Int = 4000, emittanceMRad: Double, momentumSpread: Double, momentumOffset: Double = 0,
        signal: KnockOutSignal, firstAmplitudeRad: Double = 1e-6, greatestAmplitudeRad: Double = 2e-5,
        preparationShare: Double = 0.005, feedback: SpillRequest.Feedback = SpillRequest.Feedback(),
        ripple: [SpillRequest.Ripple] = [],
        energyStep: EnergyStep, longestFlatTopS: Double, leastShare: Double = 0.02, tailS: Double = 1e-3
    ) {
        self.macroparticles = macroparticles
        self.emittanceMRad = emittanceMRad
        self.momentumSpread = momentumSpread
        self.momentumOffset = momentumOffset
        self.signal = signal
        self.firstAmplitudeRad = firstAmplitudeRad
        self.greatestAmplitudeRad = greatestAmplitudeRad
        self.preparationShare = preparationShare
        self.feedback = feedback
        self.ripple = ripple
        self.energyStep = energyStep
        self.longestFlatTopS = longestFlatTopS
        self.leastShare = leastShare
        self.tailS = tailS
    }

    func check() throws(BeamOpticsError) {
        func refuse(_ why: String) -> BeamOpticsError { .element("fill", why) }
        guard macroparticles >= 8 else {
            throw refuse("\(macroparticles) macroparticles are too few; give 8 or more")
        }
        guard emittanceMRad > 0, momentumSpread >= 0 else {
            throw refuse(
                "emittance \(emittanceMRad) m rad and momentum spread \(momentumSpread) are not possible")
        }
        guard firstAmplitudeRad > 0, greatestAmplitudeRad >= firstAmplitudeRad else {
            throw refuse(
                "a first kick of \(firstAmplitudeRad) rad is not between 0 and the greatest of \(greatestAmplitudeRad)"
            )
        }
        guard feedback.intervalS > 0, feedback.averagingS > 0, feedback.integralTimeS > 0,
            feedback.repaymentS > 0
        else { throw refuse("times of the feedback must be positive") }
        guard energyStep.durationS > 0, (0..<1).contains(energyStep.captureLoss), energyStep.parts > 0,
            energyStep.turnsPerPart > 0
        else {
            throw refuse(
                "an energy step of \(energyStep.durationS) s with a loss of \(energyStep.captureLoss) is not possible"
            )
        }
        guard longestFlatTopS > 0, (0..<1).contains(leastShare), (0..<0.5).contains(preparationShare),
            tailS >= 0
        else {
            throw refuse(
                "a flat top of \(longestFlatTopS) s, shares of \(leastShare) and \(preparationShare) or a tail of \(tailS) s is not possible"
            )
        }
    }
}
