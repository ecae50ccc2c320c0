import Quantities

/// Times, speeds and errors of the simulated accelerator and nozzle.
public struct PlantFigures: Hashable, Sendable {
    /// The ring as a source of beam.
    public struct Supply: Hashable, Sendable {
        /// Ions that one fill can give.
        public var ionsPerFill: Double
        /// To another energy on the flat top, s; the greater one, or what the ramp needs, counts.
        public var energyStepS: Double
        /// From the end of extraction of one fill to beam of the next: dump, fall, injection, rise, settling, s.
        public var refillS: Double
        /// Longest time that a fill is kept, s.
        public var longestFlatTopS: Double

        public init(ionsPerFill: Double, energyStepS: Double, refillS: Double, longestFlatTopS: Double) {
            self.ionsPerFill = ionsPerFill
            self.energyStepS = energyStepS
            self.refillS = refillS
            self.longestFlatTopS = longestFlatTopS
        }
    }

    /// The spill.
    public struct Spill: Hashable, Sendable {
        /// Relative RMS of the rate in bins of `binNS`, and its correlation time.
        public var noise = 0.2
        public var correlationNS: Int64 = 60_000
        /// Lines of the power supplies: frequency, Hz, and relative amplitude.
        public var ripple: [SIMD2<Double>] = [SIMD2(50, 0.03), SIMD2(600, 0.05)]
        public var binNS: Int64 = 20_000
        /// A spill that was simulated or measured, in place of noise and lines.
        public var shape: SpillShape?
        /// Delay until the first ions, and time constant of the rise.
        public var onDelayNS: Int64 = 50_000
        public var riseNS: Int64 = 100_000
        /// Delay until the rate falls, and time in which it falls to nothing.
        public var offDelayNS: Int64 = 20_000
        public var fallNS: Int64 = 150_000
        /// The second means (beam stopper, kicker): until there is no beam at all.
        public var cutNS: Int64 = 100_000

        public init() {}
    }

    /// Scanning magnets.
    public struct Scanning: Hashable, Sendable {
        /// Speed at the isocentre at the highest rigidity, x and y, mm/s; it rises as the inverse of the rigidity.
        public var speedMMPerS: SIMD2<Double>
        public var highestRigidityTM: Double
        /// After the move until the position holds.
        public var settleNS: Int64 = 10_000
        /// Remanence: the beam stays behind on the side it came from, mm.
        public var hysteresisMM = 0.05
        /// Difference between read-back and set value that is an error, mm.
        public var readBackMM = 0.5

        public init(speedMMPerS: SIMD2<Double>, highestRigidityTM: Double) {
            self.speedMMPerS = speedMMPerS
            self.highestRigidityTM = highestRigidityTM
        }
    }

    /// Dose and strip monitors.
    public struct Monitors: Hashable, Sendable {
        /// Ions behind one count.
        public var ionsPerCount = 50.0
        /// RMS of the relative error of each monitor's gain, drawn once per session.
        public var gainError = 0.003
        /// RMS of the secondary's count noise over the root of the counts.
        public var countNoise = 0.5
        /// k: share of the charge that recombines, for each ion per second; 0.35 % at 10⁹ ions/s.
        ///
        ///     k R = m² d⁴ q̇ / (6 U²)   (Boag, continuous beam; m² = 6.73·10¹³ V² s m⁻¹ C⁻¹)
        ///
        /// for 5 mm of air, 1500 V and the charge that ¹²C of 290 MeV/u frees in a spot of 3 mm (standard deviation).
        public var recombinationS = 3.5e-12
        /// Counts per second without beam.
        public var darkPerS = 2.0
        /// Reaction of the counter's comparator.
        public var latencyNS: Int64 = 2_000
        public var samplingNS: Int64 = 100_000
        /// Error of the beam's centre: constant part, mm, and part over the root of the counts, mm.
        public var positionNoiseMM = 0.1
        public var positionNoisePerRootCountMM = 1.0
        /// RMS of the relative error of the width.
        public var sizeNoise = 0.02

        public init() {}
    }

    public var supply: Supply
    public var spill = Spill()
    public var scanning: Scanning
    public var monitors = Monitors()
    /// Between two heartbeats of control, protection and permits, and how long a permit lasts.
    public var heartbeatNS: Int64 = 5_000_000
    public var permitNS: Int64 = 16_000_000
    /// The disk: entries are collected for so long, half as long again while beam is on and nothing waits for them, and so long a commit
    /// takes. The last two together stay below the 10 ms at which the control holds the beam.
    public var collectNS: Int64 = 4_000_000
    public var collectWithBeamNS: Int64 { collectNS + collectNS / 2 }
    public var commitNS: Int64 = 2_500_000

    /// Readings of the room's devices come so often; sensors of range shifter and couch report a change after `sensorNS`.
    public var setupReadingNS: Int64 = 100_000_000
    public var sensorNS: Int64 = 1_000_000
    /// From the approval of another plan until the control is told.
    public var planNewsNS: Int64 = 20_000_000
    /// The hardware chain: from a contact to the second means; until the control is told.
    public var chainNS: Int64 = 1_000_000
    public var chainReportNS: Int64 = 3_000_000
    /// The intensity limiter: it cuts when more than so many times the rate that was asked for came in such a time.
    public var limiterFactor = 8.0
    public var limiterNS: Int64 = 20_000
    /// A gating signal that is so much older than its latency is none.
    public var gateLateNS: Int64 = 50_000_000

    /// Rates that may be asked for: those of the ring, up to the one at which a spill 20 times too intense still costs less than 0.25 Gy at any
    /// point until the intensity limiter and the second means have ended it.
    ///
    ///     R ≤ 0.25 Gy / (d · 20 f · (t_limiter + t_cut))
    ///
    /// d is the dose of one ion on the axis of its spot at the Bragg peak of 290 MeV/u (`ExtraLocalDose`), f = 2.1 the noise of the spill five
    /// times over (`ReactionBound`): 1.4·10⁸ ions/s. Lighter ions, which give less dose, are held to the same; a ring is never asked for less
    /// than it can give.
    ///
    /// - Parameter ring: What the ring can give, ions/s.
    public func safeRates(_ ring: ClosedRange<Double>) -> ClosedRange<Double> {
        let seconds = Double(limiterNS + spill.cutNS) * 1e-9
        let perIon = ExtraLocalDose.perIonGy(EnergyPerNucleon(290))
        let factor = FaultScenario.surge * ReactionBound().rateFactor
        let highest = ExtraLocalDose.limitGy / (perIon * factor * seconds)
        return ring.lowerBound...max(ring.lowerBound, min(ring.upperBound, highest))
    }

    /// Time of full rate that comes after the comparator's report, s: its latency, the delay of the switch, and half of the straight fall.
    public var overshootS: Double {
        Double(monitors.latencyNS + spill.offDelayNS + spill.fallNS / 2) * 1e-9
    }

    public init(supply: Supply, scanning: Scanning) {
        self.supply = supply
        self.scanning = scanning
    }
}
