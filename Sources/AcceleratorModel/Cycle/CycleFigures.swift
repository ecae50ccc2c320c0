import FacilityModel
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

    /// The cycle of a machine: times and numbers of its synchrotron, ramps of its accelerator.
    ///
    /// Settling 50 ms and a greatest flat top of 60 s are assumed; the beam at HIMAC is held for tens of seconds.
    ///
    /// - Parameters:
    ///   - synchrotron: The machine's ring.
    ///   - accelerator: What the ring is simulated with.
    ///   - mode: How energies follow each other.
    /// - Throws: If the ion is not known.
    public init(synchrotron: Synchrotron, accelerator: Accelerator, mode: Mode) throws(AcceleratorError) {
        self.init(
            mode: mode, ion: try accelerator.ion(), bendingRadiusM: accelerator.ring.bendingRadiusM,
            rampRateTPerS: accelerator.ring.rampRateTPerS, roundingS: accelerator.ring.roundingS,
            injectionEnergy: EnergyPerNucleon(accelerator.injectionEnergyMeVPerNucleon),
            injectionS: 0.01 + accelerator.radioFrequency.captureS, settlingS: 0.05,
            energyStepS: synchrotron.energyChangeTimeS, beamOffS: synchrotron.beamOffTimeS,
            longestFlatTopS: 60,
            ionsPerFill: synchrotron.ionsPerFill, extractionEfficiency: accelerator.extractionEfficiency,
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
