import IonPhysics

/// From the ion source to the ring: what leaves each stage.
public struct Injector: Hashable, Sendable {
    public struct IonSource: Hashable, Sendable {
        /// In words, for example `ECR, permanent magnets, 10 GHz`.
        public var type: String
        /// Charge of the ions, elementary charges.
        public var chargeState: Int
        /// Electric current of that charge state, µA.
        public var currentUA: Double
        /// Kinetic energy behind the extraction, keV/u.
        public var energyKeVPerNucleon: Double

        public init(type: String, chargeState: Int, currentUA: Double, energyKeVPerNucleon: Double) {
            self.type = type
            self.chargeState = chargeState
            self.currentUA = currentUA
            self.energyKeVPerNucleon = energyKeVPerNucleon
        }

        /// Ions per second within a pulse: I/(q e).
        public var ionsPerS: Double {
            currentUA * 1e-6 / (Double(chargeState) * PhysicalConstants.elementaryChargeC)
        }
    }

    /// An accelerating stage: RFQ or linac.
    public struct Stage: Hashable, Sendable {
        /// In words, for example `IH, alternating-phase focusing`.
        public var type: String
        /// RF frequency, MHz.
        public var frequencyMHz: Double
        /// Kinetic energy behind the stage, MeV/u.
        public var outputEnergyMeVPerNucleon: Double
        /// Ions out over ions in, 0 to 1, with the matching section in front of the stage.
        public var transmission: Double

        public init(
            type: String, frequencyMHz: Double, outputEnergyMeVPerNucleon: Double, transmission: Double
        ) {
            self.type = type
            self.frequencyMHz = frequencyMHz
            self.outputEnergyMeVPerNucleon = outputEnergyMeVPerNucleon
            self.transmission = transmission
        }
    }

    /// The foil behind the linac.
    public struct Stripper: Hashable, Sendable {
        /// Charge of the ions that the ring takes, elementary charges.
        public var chargeState: Int
        /// Share of the ions that leave with that charge.
        public var efficiency: Double

        public init(chargeState: Int, efficiency: Double) {
            self.chargeState = chargeState
            self.efficiency = efficiency
        }
    }

    public var source: IonSource
    public var rfq: Stage
    public var linac: Stage
    public var stripper: Stripper
    /// Share of the ions behind the stripper that the line brings to the ring; nil if the file does not tell.
    public var lineTransmission: Double?
    /// Length of the injected pulse, µs.
    public var pulseLengthUS: Double

    public init(
        source: IonSource, rfq: Stage, linac: Stage, stripper: Stripper, pulseLengthUS: Double,
        lineTransmission: Double? = nil
    ) {
        self.source = source
        self.rfq = rfq
        self.linac = linac
        self.stripper = stripper
        self.pulseLengthUS = pulseLengthUS
        self.lineTransmission = lineTransmission
    }

    /// Ions per second that come to the ring, within a pulse; a line that the file does not tell loses none.
    public var ionsPerSAtRing: Double {
        source.ionsPerS * rfq.transmission * linac.transmission * stripper.efficiency
            * (lineTransmission ?? 1)
    }
}
