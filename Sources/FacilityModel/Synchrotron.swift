/// The ring that makes the beam.
public struct Synchrotron: Hashable, Sendable {
    /// Circumference of the design orbit, m.
    public var circumferenceM: Double
    /// Time from one injection to the next with one flat top, s.
    public var cyclePeriodS: Double
    /// Ions that can be extracted from one fill.
    public var ionsPerFill: Double
    /// Extraction rates that can be asked for, ions/s.
    public var extractionRateIonsPerS: ClosedRange<Double>
    /// Time to go to the next energy of the list within a fill, s.
    public var energyChangeTimeS: Double
    /// Time to stop the beam, s.
    public var beamOffTimeS: Double
    /// Injection, magnets, optics and RF; nil for a file of version 1, which does not tell them.
    public var ring: Ring?

    public init(
        circumferenceM: Double, cyclePeriodS: Double, ionsPerFill: Double,
        extractionRateIonsPerS: ClosedRange<Double>, energyChangeTimeS: Double, beamOffTimeS: Double,
        ring: Ring? = nil
    ) {
        self.circumferenceM = circumferenceM
        self.cyclePeriodS = cyclePeriodS
        self.ionsPerFill = ionsPerFill
        self.extractionRateIonsPerS = extractionRateIonsPerS
        self.energyChangeTimeS = energyChangeTimeS
        self.beamOffTimeS = beamOffTimeS
        self.ring = ring
    }
}

extension Synchrotron {
    /// What the simulation of injection, acceleration and extraction needs beside the times.
    public struct Ring: Hashable, Sendable {
        /// Shares of the ions that survive each stage, 0 to 1.
        public struct Efficiencies: Hashable, Sendable {
            /// Multi-turn injection: ions that circulate over ions that arrive, which is also effective turns over turns
            /// injected.
            public var injection: Double
            /// Capture into the RF buckets.
            public var capture: Double
            /// From capture to the flat top.
            public var acceleration: Double
            /// Slow extraction.
            public var extraction: Double

            public init(injection: Double, capture: Double, acceleration: Double, extraction: Double) {
                self.injection = injection
                self.capture = capture
                self.acceleration = acceleration
                self.extraction = extraction
            }
        }

        /// Kinetic energy at injection, MeV/u.
        public var injectionEnergyMeVPerNucleon: Double
        /// Effective turns: current that circulates over current of the injector.
        public var injectionTurns: Double
        /// RF periods per revolution.
        public var rfHarmonic: Int
        /// Frequencies that the cavity can give, MHz.
        public var rfBandMHz: ClosedRange<Double>
        /// Greatest peak RF voltage of a turn, kV.
        public var rfVoltageKV: Double
        /// Greatest rate of change of the dipole field, T/s.
        public var rampRateTPerS: Double
        /// Greatest dipole field, T.
        public var dipoleFieldT: Double
        /// Bending radius in the dipoles, m.
        public var bendingRadiusM: Double
        public var dipoleCount: Int
        /// Betatron tunes (horizontal, vertical) at extraction.
        public var tunes: SIMD2<Double>
        /// Number of equal periods of the lattice.
        public var superperiods: Int
        /// Name of the lattice file; nil for none.
        public var lattice: String?
        /// Longest time the beam can be held on a flat top, s.
        public var longestFlatTopS: Double
        public var efficiencies: Efficiencies
        /// γ at transition; nil where the lattice tells it.
        public var transitionGamma: Double?
        /// How a pulse is painted into the acceptance; nil if the file does not tell.
        public var painting: Painting?
        /// How the beam is captured; nil if the file does not tell.
        public var capture: Capture?
        /// Momentum acceptance and vertical emittance; nil if the file does not tell.
        public var aperture: Aperture?
        /// Times around injection, ramp and flat top; nil if the file does not tell.
        public var timing: Timing?

        public init(
            injectionEnergyMeVPerNucleon: Double, injectionTurns: Double, rfHarmonic: Int,
            rfBandMHz: ClosedRange<Double>, rfVoltageKV: Double, rampRateTPerS: Double, dipoleFieldT: Double,
            bendingRadiusM: Double, dipoleCount: Int, tunes: SIMD2<Double>, superperiods: Int,
            lattice: String?, longestFlatTopS: Double, efficiencies: Efficiencies,
            transitionGamma: Double? = nil, painting: Painting? = nil, capture: Capture? = nil,
            aperture: Aperture? = nil, timing: Timing? = nil
        ) {
            self.injectionEnergyMeVPerNucleon = injectionEnergyMeVPerNucleon
            self.injectionTurns = injectionTurns
            self.rfHarmonic = rfHarmonic
            self.rfBandMHz = rfBandMHz
            self.rfVoltageKV = rfVoltageKV
            self.rampRateTPerS = rampRateTPerS
            self.dipoleFieldT = dipoleFieldT
            self.bendingRadiusM = bendingRadiusM
            self.dipoleCount = dipoleCount
            self.tunes = tunes
            self.superperiods = superperiods
            self.lattice = lattice
            self.longestFlatTopS = longestFlatTopS
            self.efficiencies = efficiencies
            self.transitionGamma = transitionGamma
            self.painting = painting
            self.capture = capture
            self.aperture = aperture
            self.timing = timing
        }

        /// Turns of the injector's beam that are injected: effective turns over the efficiency of injection.
        public var injectedTurns: Double { injectionTurns / efficiencies.injection }

        /// Greatest magnetic rigidity B ρ that the dipoles can bend, T m.
        public var greatestRigidityTM: Double { dipoleFieldT * bendingRadiusM }
    }
}
