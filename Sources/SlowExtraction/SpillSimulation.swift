import BeamOptics

/// Slow extraction by RF-knockout, with the loop that holds the rate.
///
/// Interval by interval all macroparticles are tracked with the present amplitude; then the rate is measured and the amplitude set anew (`RateControl`): by feedback alone, or with what an earlier
/// spill of the kind has shown (`SpillRequest.pattern`). Beam off is an amplitude of 0.
///
/// ## Source
/// Noda et al., Nucl. Instrum. Methods A 374 (1996) 269; Sato et al., ibid. 574 (2007) 226 (dynamic intensity control).
/// ## Checked by
/// `SpillSimulationTests`.
public struct SpillSimulation: Sendable {
    let ring: ReducedRing

    /// - Parameter ring: The ring, reduced.
    public init(_ ring: ReducedRing) { self.ring = ring }

    /// Runs a spill.
    ///
    /// - Parameters:
    ///   - request: What is asked for.
    ///   - threads: Threads; the result does not depend on it.
    ///   - progress: Called with the share that is done.
    /// - Throws: `BeamOpticsError` if the request is impossible, or `CancellationError`.
    public func run(
        _ request: SpillRequest, threads: Int = 1, progress: (Double) -> Void = { _ in }
    ) async throws -> Spill {
        try check(request)
        let frequency = ring.revolutionFrequencyHz
        let turns = max(1, Int((request.feedback.intervalS * frequency).rounded()))
        let interval = Double(turns) / frequency
        let total = request.segments.reduce(0) { $0 + $1.durationS }
        let count = max(1, Int((total / interval).rounded(.up)))
        let ionsPerParticle = request.storedIons / Double(request.macroparticles)
        var tracker = ExtractionTracker(
            ring: ring,
            beam: ExtractionBeam(
                count: request.macroparticles, emittanceMRad: request.emittanceMRad,
                momentumSpread: request.momentumSpread, momentumOffset: request.momentumOffset, cutoff: 3,
                seed: request.seed), signal: request.signal, ripple: request.ripple, threads: threads)
        var spill = Spill(
            binS: interval, ions: [], requested: [], amplitudeRad: [], particles: [],
            ionsPerParticle: ionsPerParticle, remaining: 0, revolutionFrequencyHz: frequency)
        var control = RateControl(
            feedback: request.feedback, greatestAmplitudeRad: request.greatestAmplitudeRad,
            firstAmplitudeRad: request.firstAmplitudeRad, pattern: request.pattern,
            storedIons: request.storedIons)
        let prepared = try await tracker.prepare(
            share: request.preparationShare, firstKick: request.firstAmplitudeRad,
            greatestKick: request.greatestAmplitudeRad, turns: turns)
        spill.preparationS = Double(prepared.turns) / frequency
        spill.preparationIons = Double(prepared.particles) * ionsPerParticle
        for index in 0..<count {
            let wanted = SpillRequest.rate(request.segments, at: (Double(index) + 0.5) * interval)
            let kick = control.amplitude(wanted: wanted, interval: interval)
            let out = try await tracker.advance(
                from: prepared.turns + index * turns, count: turns, kick: kick)
            let ions = Double(out.count) * ionsPerParticle
            spill.append(
                ions: ions, requested: wanted * interval, kick: kick,
                particles: out.map { $0.shifted(turns: -prepared.turns) })
            control.take(ions: ions, wanted: wanted, interval: interval)
            progress(Double(index + 1) / Double(count))
        }
        spill.remaining = tracker.beam.aliveCount
        return spill
    }

    private func check(_ request: SpillRequest) throws {
        func refuse(_ what: String, _ why: String) -> BeamOpticsError { .element(what, why) }
        guard request.macroparticles > 0, request.storedIons > 0 else {
            throw refuse("spill", "there are no ions in the ring")
        }
        guard request.emittanceMRad > 0, request.momentumSpread >= 0 else {
            throw refuse(
                "spill",
                "emittance \(request.emittanceMRad) m rad and momentum spread \(request.momentumSpread) are not possible"
            )
        }
        guard request.feedback.intervalS > 0, request.feedback.averagingS > 0,
            request.feedback.integralTimeS > 0, request.feedback.repaymentS > 0
        else {
            throw refuse("spill", "times of the feedback must be positive")
        }
        guard (0..<0.5).contains(request.preparationShare) else {
            throw refuse(
                "spill", "a share of \(request.preparationShare) let out before it is not between 0 and 0.5")
        }
        for segment in request.segments where !(segment.durationS > 0) || segment.rateIonsPerS < 0 {
            throw refuse(
                "spill",
                "a stretch of \(segment.durationS) s at \(segment.rateIonsPerS) ions/s is not possible")
        }
        let asked = request.segments.reduce(0) { $0 + $1.durationS * $1.rateIonsPerS }
        guard asked <= request.storedIons else {
            throw refuse("spill", "\(asked) ions are asked for, \(request.storedIons) are in the ring")
        }
    }
}
