import FacilityModel
import IonPhysics

#if canImport(Glibc)
    import Glibc
#endif

/// Field, frequency and voltage of capture and acceleration against time; time 0 is the start of capture.
///
/// - Capture, field constant: the voltage rises from V₀ to V₁ so that the rate of the bucket's area over the synchrotron frequency
///   is constant (iso-adiabatic),  V(t) = V₀/[1 − (t/t_c)(1 − √(V₀/V₁))]²              (6)
/// - Ramp: dipole field as `DipolePattern`; the synchronous ion follows p = q e ρ B(t), the frequency is h f_rev, and
///   V(t) is the least voltage, not below V₁, whose moving bucket keeps the area that the bucket had at the end of capture.
///
/// ## Source
/// Iso-adiabatic capture: Lilliequist & Symon, MURA-491 (1959); Ng, FERMILAB-PUB-10-540-APC (2010).
/// ## Checked by
/// `RampProgramTests`: frequencies of HIMAC and of the 63 m ring, constant bucket area, refusals.
public struct RampProgram: Sendable {
    public let ion: ChargedIon
    public let ring: RingFigures
    public let radioFrequency: RFFigures
    public let injection: IonMotion
    public let top: IonMotion
    public let dipole: DipolePattern
    /// Bucket area that is kept during the ramp, eV s.
    public let heldAreaEVS: Double
    /// Voltage during the ramp at multiples of `voltageStepS` from its start, V; between them it is linear.
    let voltages: [Double]
    let voltageStepS: Double

    /// - Parameters:
    ///   - ion: What circulates.
    ///   - ring: The ring's figures.
    ///   - radioFrequency: The cavity's figures.
    ///   - injectionMeVPerNucleon: Kinetic energy at injection, MeV/u.
    ///   - topMeVPerNucleon: Kinetic energy of the flat top, MeV/u.
    /// - Throws: If the field, the frequency or the voltage are beyond the machine, transition would be crossed, or a figure is impossible.
    public init(
        ion: ChargedIon, ring: RingFigures, radioFrequency: RFFigures, injectionMeVPerNucleon: Double,
        topMeVPerNucleon: Double
    ) throws(AcceleratorError) {
        try Self.check(ring, radioFrequency)
        try requirePositive(injectionMeVPerNucleon, "injection energy (MeV/u)")
        guard topMeVPerNucleon > injectionMeVPerNucleon, topMeVPerNucleon.isFinite else {
            throw .figure(
                "energy of the flat top (MeV/u)", topMeVPerNucleon, mustBe: "above the injection energy")
        }
        self.ion = ion
        self.ring = ring
        self.radioFrequency = radioFrequency
        injection = ion.motion(energyMeVPerNucleon: injectionMeVPerNucleon)
        top = ion.motion(energyMeVPerNucleon: topMeVPerNucleon)
        let field = top.rigidityTM / ring.bendingRadiusM
        guard field <= ring.greatestFieldT * (1 + Synchrotron.Ring.rigidityTolerance) else {
            throw .fieldTooHigh(
                energyMeVPerNucleon: topMeVPerNucleon, neededT: field, greatestT: ring.greatestFieldT)
        }
        for motion in [injection, top] {
            let megahertz =
                Double(radioFrequency.harmonic)
                * motion.revolutionFrequencyHz(circumferenceM: ring.circumferenceM) * 1e-6
            guard radioFrequency.covers(megahertz: megahertz) else {
                throw .frequencyOutsideBand(megahertz: megahertz, band: radioFrequency.bandMHz)
            }
        }
        dipole = try DipolePattern(
            from: injection.rigidityTM / ring.bendingRadiusM, to: field, rateTPerS: ring.rampRateTPerS,
            roundingS: ring.roundingS)
        heldAreaEVS = try Self.bucket(
            injection, ring, radioFrequency, voltage: radioFrequency.captureEndV, phase: 0
        ).areaEVS
        let steps = max(2, Int((dipole.durationS / 1e-3).rounded(.up)))
        voltageStepS = dipole.durationS / Double(steps)
        var voltages: [Double] = []
        for step in 0...steps {
            voltages.append(
                try Self.heldVoltage(
                    area: heldAreaEVS, at: Double(step) * voltageStepS, ion: ion, dipole: dipole, ring: ring,
                    radioFrequency: radioFrequency))
        }
        self.voltages = voltages
    }

    private static func check(_ ring: RingFigures, _ rf: RFFigures) throws(AcceleratorError) {
        try requirePositive(ring.circumferenceM, "circumference (m)")
        try requirePositive(ring.bendingRadiusM, "bending radius (m)")
        try requirePositive(ring.momentumAcceptance, "momentum acceptance")
        try requirePositive(rf.captureStartV, "RF voltage at the start of capture (V)")
        try requirePositive(rf.captureS, "duration of capture (s)")
        try requirePositive(rf.momentumSpread, "momentum spread of the injected beam")
        guard rf.captureEndV > rf.captureStartV, rf.captureEndV <= rf.greatestVoltageV else {
            throw .figure(
                "RF voltage at the end of capture (V)", rf.captureEndV,
                mustBe: "above that at its start and at most \(rf.greatestVoltageV)")
        }
    }

    private static func bucket(
        _ motion: IonMotion, _ ring: RingFigures, _ rf: RFFigures, voltage: Double, phase: Double
    ) throws(AcceleratorError) -> RFBucket {
        try RFBucket(
            motion: motion, circumferenceM: ring.circumferenceM, transitionGamma: ring.transitionGamma,
            harmonic: rf.harmonic, voltageV: voltage, synchronousPhase: phase)
    }

    /// Voltage whose moving bucket has the area, by bisection: the area grows with the voltage.
    private static func heldVoltage(
        area: Double, at time: Double, ion: ChargedIon, dipole: DipolePattern, ring: RingFigures,
        radioFrequency rf: RFFigures
    ) throws(AcceleratorError) -> Double {
        let motion = ion.motion(rigidityTM: dipole.field(at: time) * ring.bendingRadiusM)
        let needed = ring.circumferenceM * ring.bendingRadiusM * dipole.rate(at: time)
        func areaAt(_ voltage: Double) throws(AcceleratorError) -> Double {
            guard voltage > needed * 1.000_001 else { return 0 }
            return try bucket(motion, ring, rf, voltage: voltage, phase: asin(needed / voltage)).areaEVS
        }
        if try areaAt(rf.captureEndV) >= area * (1 - 1e-12) { return rf.captureEndV }
        var (low, high) = (rf.captureEndV, rf.captureEndV)
        while try areaAt(high) < area {
            low = high
            high *= 2
        }
        for _ in 0..<50 {
            let middle = 0.5 * (low + high)
            if try areaAt(middle) < area { low = middle } else { high = middle }
        }
        guard high <= rf.greatestVoltageV else {
            throw .voltageTooLow(timeS: rf.captureS + time, neededV: high, greatestV: rf.greatestVoltageV)
        }
        return high
    }

    /// Capture and ramp together, s.
    public var durationS: Double { radioFrequency.captureS + dipole.durationS }

    /// Dipole field, T.
    public func field(at time: Double) -> Double { dipole.field(at: time - radioFrequency.captureS) }

    /// The synchronous ion.
    public func motion(at time: Double) -> IonMotion {
        ion.motion(rigidityTM: field(at: time) * ring.bendingRadiusM)
    }

    /// RF voltage, V.
    public func voltage(at time: Double) -> Double {
        let rf = radioFrequency
        guard time >= rf.captureS else {
            let fall = 1 - max(0, time) / rf.captureS * (1 - (rf.captureStartV / rf.captureEndV).squareRoot())
            return rf.captureStartV / (fall * fall)
        }
        let position = (time - rf.captureS) / voltageStepS
        guard position < Double(voltages.count - 1) else { return voltages[voltages.count - 1] }
        let index = Int(position)
        return voltages[index] + (position - Double(index)) * (voltages[index + 1] - voltages[index])
    }

    /// Synchronous phase, rad: sin φ_s = C ρ (dB/dt)/V.
    public func synchronousPhase(at time: Double) -> Double {
        let gain =
            ring.circumferenceM * ring.bendingRadiusM * dipole.rate(at: time - radioFrequency.captureS)
        return asin(gain / voltage(at: time))
    }

    /// The bucket at a time.
    public func bucket(at time: Double) throws(AcceleratorError) -> RFBucket {
        try Self.bucket(
            motion(at: time), ring, radioFrequency, voltage: voltage(at: time),
            phase: synchronousPhase(at: time))
    }
}
