import FacilityModel
import IonPhysics
import Quantities

/// Times and numbers of a ring's cycle.
public struct CycleFigures: Hashable, Sendable {
    /// How energies follow each other.
    public enum Mode: Hashable, Sendable {
        /// All energies on one flat top that is extended as long as needed and stepped downwards.
        case extendedFlatTop
        /// A fixed pattern: one energy per cycle, and each cycle takes `periodS`.
        case fixedPeriod(periodS: Double)
    }

    public var mode: Mode
    public var ion: ChargedIon
    /// Bending radius in the dipoles, m.
    public var bendingRadiusM: Double
    /// Greatest dB/dt, T/s, and the time in which it rises and falls, s.
    public var rampRateTPerS: Double
    public var roundingS: Double
    public var injectionEnergy: EnergyPerNucleon
    /// Injection and capture, s.
    public var injectionS: Double
    /// From the end of a ramp until beam may be extracted, s.
    public var settlingS: Double
    /// To the next energy on the flat top, s; a longer field step takes as long as the ramp rate asks.
    public var energyStepS: Double
    /// From the end of extraction until the beam is off, s.
    public var beamOffS: Double
    /// Longest time that a fill is kept on flat tops, s.
    public var longestFlatTopS: Double
    /// Ions that can be extracted from one fill.
    public var ionsPerFill: Double
    /// Share of the ions that leave the ring which reach the beam line.
    public var extractionEfficiency: Double
    /// Extraction rates that can be asked for, ions/s.
    public var ratesIonsPerS: ClosedRange<Double>

    public init(
        mode: Mode, ion: ChargedIon, bendingRadiusM: Double, rampRateTPerS: Double, roundingS: Double,
        injectionEnergy: EnergyPerNucleon, injectionS: Double, settlingS: Double, energyStepS: Double,
        beamOffS: Double, longestFlatTopS: Double, ionsPerFill: Double, extractionEfficiency: Double,
        ratesIonsPerS: ClosedRange<Double>
    ) {
        self.mode = mode
        self.ion = ion
        self.bendingRadiusM = bendingRadiusM
        self.rampRateTPerS = rampRateTPerS
        self.roundingS = roundingS
        self.injectionEnergy = injectionEnergy
        self.injectionS = injectionS
        self.settlingS = settlingS
        self.energyStepS = energyStepS
        self.beamOffS = beamOffS
        self.longestFlatTopS = longestFlatTopS
        self.ionsPerFill = ionsPerFill
        self.extractionEfficiency = extractionEfficiency
        self.ratesIonsPerS = ratesIonsPerS
    }

    /// The cycle of a machine, all from its file.
    ///
    /// - Parameters:
    ///   - description: The machine.
    ///   - mode: How energies follow each other.
    /// - Throws: `missing` for what the file does not tell; if the ion is not known.
    public init(_ description: MachineDescription, mode: Mode) throws(AcceleratorError) {
        let missing = { (element: String) in
            AcceleratorError.missing(element, machine: description.machine.name)
        }
        let synchrotron = description.synchrotron
        guard let injector = description.injector else { throw missing("injector") }
        guard let ring = synchrotron.ring else { throw missing("synchrotron.injection-energy") }
        guard let capture = ring.capture else { throw missing("synchrotron.capture") }
        guard let timing = ring.timing else { throw missing("synchrotron.timing") }
        self.init(
            mode: mode,
            ion: try .known(description.machine.ion, chargeState: injector.stripper.chargeState),
            bendingRadiusM: ring.bendingRadiusM, rampRateTPerS: ring.rampRateTPerS,
            roundingS: timing.rampRoundingS,
            injectionEnergy: EnergyPerNucleon(ring.injectionEnergyMeVPerNucleon),
            injectionS: timing.injectionS + capture.timeS, settlingS: timing.settlingS,
            energyStepS: synchrotron.energyChangeTimeS, beamOffS: synchrotron.beamOffTimeS,
            longestFlatTopS: ring.longestFlatTopS, ionsPerFill: synchrotron.ionsPerFill,
            extractionEfficiency: ring.efficiencies.extraction,
            ratesIonsPerS: synchrotron.extractionRateIonsPerS)
    }

    /// Dipole field at an energy, T.
    func fieldT(_ energy: EnergyPerNucleon) -> Double {
        ion.motion(energyMeVPerNucleon: energy.value).rigidityTM / bendingRadiusM
    }

    /// Time of a ramp between two energies, s.
    public func rampS(from: EnergyPerNucleon, to: EnergyPerNucleon) throws(AcceleratorError) -> Double {
        try DipolePattern(from: fieldT(from), to: fieldT(to), rateTPerS: rampRateTPerS, roundingS: roundingS)
            .durationS
    }

    func check() throws(AcceleratorError) {
        try requirePositive(bendingRadiusM, "bending radius (m)")
        try requirePositive(injectionEnergy.value, "injection energy (MeV/u)")
        try requirePositive(longestFlatTopS, "longest flat top (s)")
        try requirePositive(ionsPerFill, "ions per fill")
        try requireShare(extractionEfficiency, "extraction efficiency")
        for (value, name) in [
            (injectionS, "injection time (s)"), (settlingS, "settling time (s)"),
            (energyStepS, "energy step time (s)"),
            (beamOffS, "beam off time (s)"),
        ] where !(value >= 0 && value.isFinite) {
            throw .figure(name, value, mustBe: "not negative")
        }
    }
}
