/// Dipole field against time between two flat parts: its rate rises linearly, stays, and falls linearly.
///
/// With rounding time r, greatest rate R and field step D = R r + R t_lin the whole takes 2 r + t_lin; if D < R r, the rate only
/// reaches D/r.
///
/// ## Checked by
/// `DipolePatternTests`.
public struct DipolePattern: Hashable, Sendable {
    public let startT: Double
    public let endT: Double
    /// Greatest |dB/dt| that is reached, T/s.
    public let rateTPerS: Double
    public let roundingS: Double
    /// Duration of the change, s.
    public let durationS: Double

    /// - Parameters:
    ///   - startT: Field before, T.
    ///   - endT: Field after, T.
    ///   - rateTPerS: Greatest |dB/dt| allowed, T/s.
    ///   - roundingS: Time in which the rate rises from zero and falls to it, s.
    /// - Throws: If rate or rounding time are not positive.
    public init(from startT: Double, to endT: Double, rateTPerS: Double, roundingS: Double)
        throws(AcceleratorError)
    {
        try requirePositive(rateTPerS, "ramp rate (T/s)")
        try requirePositive(roundingS, "rounding time of the ramp (s)")
        self.startT = startT
        self.endT = endT
        self.roundingS = roundingS
        let step = abs(endT - startT)
        self.rateTPerS = min(rateTPerS, step / roundingS)
        durationS = step == 0 ? 0 : 2 * roundingS + max(0, step / self.rateTPerS - roundingS)
    }

    /// Field at a time since the start of the change, T; flat before and after.
    public func field(at time: Double) -> Double {
        let sign = endT < startT ? -1.0 : 1.0
        if time <= 0 { return startT }
        if time >= durationS { return endT }
        let curvature = 0.5 * rateTPerS / roundingS
        if time < roundingS { return startT + sign * curvature * time * time }
        let left = durationS - time
        if left < roundingS { return endT - sign * curvature * left * left }
        return startT + sign * rateTPerS * (time - 0.5 * roundingS)
    }

    /// dB/dt at a time since the start of the change, T/s.
    public func rate(at time: Double) -> Double {
        let sign = endT < startT ? -1.0 : 1.0
        guard time > 0, time < durationS else { return 0 }
        return sign * rateTPerS * min(1, time / roundingS, (durationS - time) / roundingS)
    }
}
