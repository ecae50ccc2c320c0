extension Synchrotron.Ring {
    /// RF frequencies may lie outside the stated band by this share: bands are printed with two digits.
    public static let bandTolerance = 0.03
    /// Rigidities may be greater than B ρ by this share: fields are printed with two digits.
    public static let rigidityTolerance = 0.005

    /// How multi-turn injection paints a pulse into the horizontal acceptance.
    public struct Painting: Hashable, Sendable {
        /// Horizontal acceptance of the ring, µm (the area is π times this).
        public var acceptanceUM: Double
        /// β of the ring at the septum, m.
        public var septumBetaM: Double
        /// Thickness of the septum, mm.
        public var septumThicknessMM: Double
        /// Emittance of the injected beam that holds 4 σ², µm.
        public var injectedEmittanceUM: Double
        /// β of the injected beam over that of the ring.
        public var betaRatio: Double
        /// Distance of the injected beam's axis from the outer side of the septum, in σ of its width.
        public var beamClearanceSigmas: Double
        /// Distance of the orbit at the first turn from the inner side of the septum, in σ of the injected beam's width.
        public var orbitClearanceSigmas: Double
        /// Turns over which the orbit bump decays.
        public var bumpTurns: Int

        public init(
            acceptanceUM: Double, septumBetaM: Double, septumThicknessMM: Double, injectedEmittanceUM: Double,
            betaRatio: Double, beamClearanceSigmas: Double, orbitClearanceSigmas: Double, bumpTurns: Int
        ) {
            self.acceptanceUM = acceptanceUM
            self.septumBetaM = septumBetaM
            self.septumThicknessMM = septumThicknessMM
            self.injectedEmittanceUM = injectedEmittanceUM
            self.betaRatio = betaRatio
            self.beamClearanceSigmas = beamClearanceSigmas
            self.orbitClearanceSigmas = orbitClearanceSigmas
            self.bumpTurns = bumpTurns
        }
    }

    /// RF capture of the coasting beam.
    public struct Capture: Hashable, Sendable {
        /// Voltage at start and end of capture, V.
        public var voltageV: ClosedRange<Double>
        /// Duration, s.
        public var timeS: Double
        /// RMS relative momentum spread of the injected beam.
        public var momentumSpread: Double

        public init(voltageV: ClosedRange<Double>, timeS: Double, momentumSpread: Double) {
            self.voltageV = voltageV
            self.timeS = timeS
            self.momentumSpread = momentumSpread
        }
    }

    /// What the vacuum chamber takes.
    public struct Aperture: Hashable, Sendable {
        /// Greatest relative momentum deviation.
        public var momentumAcceptance: Double
        /// Vertical emittance behind injection that holds 4 σ², µm.
        public var verticalEmittanceUM: Double

        public init(momentumAcceptance: Double, verticalEmittanceUM: Double) {
            self.momentumAcceptance = momentumAcceptance
            self.verticalEmittanceUM = verticalEmittanceUM
        }
    }

    /// Times of a cycle beside ramp and extraction.
    public struct Timing: Hashable, Sendable {
        /// Of injection, before capture, s.
        public var injectionS: Double
        /// In which the ramp rate rises and falls, s.
        public var rampRoundingS: Double
        /// From the end of a ramp until beam may be extracted, s.
        public var settlingS: Double

        public init(injectionS: Double, rampRoundingS: Double, settlingS: Double) {
            self.injectionS = injectionS
            self.rampRoundingS = rampRoundingS
            self.settlingS = settlingS
        }
    }
}
