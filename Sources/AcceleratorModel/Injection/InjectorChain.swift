import IonPhysics
import Quantities

/// From the ion source to the ring: a source and the stages behind it.
///
/// What each stage does is documented, not simulated: its energy, its transmission, the charge behind it. Currents, ions
/// per pulse, rigidities and bunches follow from these.
///
/// ## Checked by
/// `InjectorChainTests`.
public struct InjectorChain: Hashable, Sendable {
    /// What a stage is.
    public enum StageKind: String, Hashable, Sendable {
        case source
        case radioFrequencyQuadrupole = "RFQ"
        case linac
        case stripper
        case line
    }

    /// One stage.
    public struct Stage: Hashable, Sendable {
        public var kind: StageKind
        /// In words, for example `IH linac, 200 MHz`.
        public var name: String
        /// Kinetic energy behind it, MeV/u.
        public var exitEnergyMeVPerNucleon: Double
        /// Charge of the ions behind it, elementary charges.
        public var exitChargeState: Int
        /// Ions out over ions in (for a stripper, the share with that charge).
        public var transmission: Double
        /// Frequency of its RF, MHz; nil without RF.
        public var frequencyMHz: Double?

        public init(
            kind: StageKind, name: String, exitEnergyMeVPerNucleon: Double, exitChargeState: Int,
            transmission: Double = 1, frequencyMHz: Double? = nil
        ) {
            self.kind = kind
            self.name = name
            self.exitEnergyMeVPerNucleon = exitEnergyMeVPerNucleon
            self.exitChargeState = exitChargeState
            self.transmission = transmission
            self.frequencyMHz = frequencyMHz
        }
    }

    /// Electric current of the wanted charge state behind the source, µA.
    public var sourceCurrentUA: Double
    /// Length of a pulse, µs.
    public var pulseLengthUS: Double
    /// From the source to the injection line.
    public var stages: [Stage]

    public init(sourceCurrentUA: Double, pulseLengthUS: Double, stages: [Stage]) {
        self.sourceCurrentUA = sourceCurrentUA
        self.pulseLengthUS = pulseLengthUS
        self.stages = stages
    }
}

/// The beam behind one stage of an injector.
public struct InjectorState: Hashable, Sendable {
    public let stage: InjectorChain.Stage
    public let motion: IonMotion
    /// Ions per second within a pulse.
    public let ionsPerS: Double
    public let ionsPerPulse: Double
    /// Frequency of the bunches, MHz; nil for a continuous beam.
    public let bunchFrequencyMHz: Double?

    /// Electric current within a pulse, µA.
    public var currentUA: Double {
        ionsPerS * Double(motion.ion.chargeState) * PhysicalConstants.elementaryChargeC * 1e6
    }
    /// Distance of the bunches β λ, mm; nil for a continuous beam.
    public var bunchDistanceMM: Double? { bunchFrequencyMHz.map { motion.speedMPerS / ($0 * 1e6) * 1e3 } }
    /// Ions in one bunch; nil for a continuous beam.
    public var ionsPerBunch: Double? { bunchFrequencyMHz.map { ionsPerS / ($0 * 1e6) } }
}

extension InjectorChain {
    /// The beam behind each stage, in the order of the stages.
    ///
    /// The bunches made by the RFQ stay behind stripper and line, until they smear out in the ring.
    ///
    /// - Parameter isotope: Which nucleus.
    /// - Throws: If a figure is impossible: currents, transmissions, energies that fall, charges that fall.
    public func states(of isotope: Isotope) throws(AcceleratorError) -> [InjectorState] {
        try requirePositive(sourceCurrentUA, "current of the ion source (µA)")
        try requirePositive(pulseLengthUS, "pulse length of the injector (µs)")
        guard let first = stages.first, first.kind == .source else {
            throw .figure(
                "number of stages of the injector", Double(stages.count), mustBe: "at least 1, a source first"
            )
        }
        var ionsPerS =
            sourceCurrentUA * 1e-6 / (Double(first.exitChargeState) * PhysicalConstants.elementaryChargeC)
        var states: [InjectorState] = []
        var frequency: Double?
        for stage in stages {
            try requireShare(stage.transmission, "transmission of \(stage.name)")
            try requirePositive(stage.exitEnergyMeVPerNucleon, "energy behind \(stage.name) (MeV/u)")
            if let before = states.last {
                guard stage.exitEnergyMeVPerNucleon >= before.stage.exitEnergyMeVPerNucleon else {
                    throw .figure(
                        "energy behind \(stage.name) (MeV/u)", stage.exitEnergyMeVPerNucleon,
                        mustBe: "at least that in front of it")
                }
                guard stage.exitChargeState >= before.stage.exitChargeState,
                    stage.kind == .stripper || stage.exitChargeState == before.stage.exitChargeState
                else {
                    throw .figure(
                        "charge behind \(stage.name)", Double(stage.exitChargeState),
                        mustBe: "that in front of it, or more behind a stripper")
                }
            }
            if let own = stage.frequencyMHz {
                try requirePositive(own, "RF frequency of \(stage.name) (MHz)")
                // A linac at a multiple of the RFQ's frequency fills only some of its buckets.
                frequency = min(frequency ?? own, own)
            }
            ionsPerS *= stage.transmission
            let ion = try ChargedIon.known(isotope, chargeState: stage.exitChargeState)
            states.append(
                InjectorState(
                    stage: stage, motion: ion.motion(energyMeVPerNucleon: stage.exitEnergyMeVPerNucleon),
                    ionsPerS: ionsPerS, ionsPerPulse: ionsPerS * pulseLengthUS * 1e-6,
                    bunchFrequencyMHz: frequency))
        }
        return states
    }
}
