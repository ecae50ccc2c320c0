#if canImport(Glibc)
    import Glibc
#endif

/// Sets the amplitude of the knock-out from interval to interval.
///
/// Without a stored pattern the measured rate is compared with the request,
///
///     A ← A exp(e Δt/T),   e = (r − measured)/r + owed/(r 10 T), within ±½
///
/// With one, the pattern says what the request needs, and the count of the dose monitor corrects it:
///
///     A² = (dτ/dF)(F*) r/N₀ · (1 + owed/(r T_r)) · c,   c ← c exp(owed/(r T_r) Δt/5T)
///
/// F* is the share that should be out by now, the bracket within 0.2...2. Beam off is A = 0.
///
/// ## Checked by
/// `SpillSimulationTests`, `KnockOutPatternTests`.
struct RateControl: Sendable {
    let feedback: SpillRequest.Feedback
    let greatestAmplitudeRad: Double
    let pattern: KnockOutPattern?
    /// Ions in the ring at the start of the spill.
    let storedIons: Double
    /// Last amplitude with beam on, rad.
    private(set) var amplitudeRad: Double
    private var measured = 0.0
    private var owed = 0.0
    private var planned = 0.0
    private var trim = 1.0

    init(
        feedback: SpillRequest.Feedback, greatestAmplitudeRad: Double, firstAmplitudeRad: Double,
        pattern: KnockOutPattern?, storedIons: Double
    ) {
        self.feedback = feedback
        self.greatestAmplitudeRad = greatestAmplitudeRad
        self.pattern = pattern
        self.storedIons = storedIons
        amplitudeRad = firstAmplitudeRad
    }

    /// Amplitude for the next interval, rad.
    ///
    /// - Parameters:
    ///   - wanted: Requested rate, ions/s.
    ///   - interval: Length of the interval, s.
    mutating func amplitude(wanted: Double, interval: Double) -> Double {
        guard wanted > 0 else { return 0 }
        guard let pattern else { return amplitudeRad }
        var factor = trim
        if feedback.isClosed { factor *= 1 + max(-0.8, min(1, owed / (wanted * feedback.repaymentS))) }
        let square = pattern.slope(at: planned / storedIons) * wanted / storedIons * factor
        amplitudeRad = min(greatestAmplitudeRad, max(0, square).squareRoot())
        return amplitudeRad
    }

    /// Takes what came out in an interval.
    ///
    /// - Parameters:
    ///   - ions: Ions that came out.
    ///   - wanted: Requested rate, ions/s.
    ///   - interval: Length of the interval, s.
    mutating func take(ions: Double, wanted: Double, interval: Double) {
        planned += wanted * interval
        guard wanted > 0 else {
            // What still comes counts for the dose, but not for the rate.
            measured = 0
            owed = pattern == nil ? 0 : owed - ions
            return
        }
        let weight = min(1, interval / feedback.averagingS)
        measured += weight * (ions / interval - measured)
        owed += wanted * interval - ions
        guard feedback.isClosed else { return }
        if pattern == nil {
            let count = owed / (wanted * 10 * feedback.integralTimeS)
            let error = max(-0.5, min(0.5, (wanted - measured) / wanted + count))
            amplitudeRad = min(
                greatestAmplitudeRad, amplitudeRad * exp(error * interval / feedback.integralTimeS))
        } else {
            let error = max(-0.5, min(0.5, owed / (wanted * feedback.repaymentS)))
            trim *= exp(error * interval / (5 * feedback.integralTimeS))
        }
    }
}
