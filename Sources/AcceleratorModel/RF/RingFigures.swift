import FacilityModel

/// What capture and acceleration need of a ring.
public struct RingFigures: Hashable, Sendable {
    /// Circumference of the design orbit, m.
    public var circumferenceM: Double
    /// Bending radius in the dipoles, m.
    public var bendingRadiusM: Double
    /// Greatest dipole field, T.
    public var greatestFieldT: Double
    /// Greatest dB/dt, T/s.
    public var rampRateTPerS: Double
    /// Time in which dB/dt rises and falls, s.
    public var roundingS: Double
    /// Horizontal and vertical tune.
    public var tunes: SIMD2<Double>
    /// γ at transition.
    public var transitionGamma: Double
    /// Greatest |δp/p| that the aperture takes.
    public var momentumAcceptance: Double
    /// Vertical emittance behind injection that holds 4 σ², µm.
    public var verticalEmittanceUM: Double

    public init(
        circumferenceM: Double, bendingRadiusM: Double, greatestFieldT: Double, rampRateTPerS: Double,
        roundingS: Double, tunes: SIMD2<Double>, transitionGamma: Double, momentumAcceptance: Double,
        verticalEmittanceUM: Double
    ) {
        self.circumferenceM = circumferenceM
        self.bendingRadiusM = bendingRadiusM
        self.greatestFieldT = greatestFieldT
        self.rampRateTPerS = rampRateTPerS
        self.roundingS = roundingS
        self.tunes = tunes
        self.transitionGamma = transitionGamma
        self.momentumAcceptance = momentumAcceptance
        self.verticalEmittanceUM = verticalEmittanceUM
    }
}

/// The accelerating cavity and how it captures.
public struct RFFigures: Hashable, Sendable {
    /// RF periods per revolution.
    public var harmonic: Int
    /// Frequencies that the cavity can give, MHz.
    public var bandMHz: ClosedRange<Double>
    /// Greatest peak voltage per turn, V.
    public var greatestVoltageV: Double
    /// Voltage at the start of capture, V.
    public var captureStartV: Double
    /// Voltage at the end of capture, V.
    public var captureEndV: Double
    /// Duration of capture, s.
    public var captureS: Double
    /// RMS relative momentum spread of the injected beam.
    public var momentumSpread: Double

    public init(
        harmonic: Int, bandMHz: ClosedRange<Double>, greatestVoltageV: Double, captureStartV: Double,
        captureEndV: Double, captureS: Double, momentumSpread: Double
    ) {
        self.harmonic = harmonic
        self.bandMHz = bandMHz
        self.greatestVoltageV = greatestVoltageV
        self.captureStartV = captureStartV
        self.captureEndV = captureEndV
        self.captureS = captureS
        self.momentumSpread = momentumSpread
    }

    /// Whether the cavity gives a frequency, MHz, within the digits that bands are printed with.
    public func covers(megahertz: Double) -> Bool {
        let tolerance = Synchrotron.Ring.bandTolerance
        return megahertz >= bandMHz.lowerBound * (1 - tolerance)
            && megahertz <= bandMHz.upperBound * (1 + tolerance)
    }
}
