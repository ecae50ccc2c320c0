import BeamOptics
import NumericKernels

#if canImport(Glibc)
    import Glibc
#endif

/// Slow extraction by RF-knockout, with the loop that holds the rate.
///
/// Interval by interval all macroparticles are tracked with the present amplitude; then the rate is measured and
///
///     A ← A exp(e Δt/T),   e = (requested − measured)/requested + (owed ions)/(requested 10 T), within ±½
///
/// because the rate goes with the square of the amplitude; the ions owed since beam on, by the count of the dose monitor, keep the mean on the request. Beam off is A = 0; on again it goes on with the last amplitude.
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
        var beam = ExtractionBeam(
            count: request.macroparticles, emittanceMRad: request.emittanceMRad,
            momentumSpread: request.momentumSpread,
            momentumOffset: request.momentumOffset, cutoff: 3, seed: request.seed)
        var spill = Spill(
            binS: interval, ions: [], requested: [], amplitudeRad: [], particles: [],
            ionsPerParticle: ionsPerParticle, remaining: 0, revolutionFrequencyHz: frequency)
        var amplitude = request.firstAmplitudeRad
        var measured = 0.0
        var owed = 0.0
        let step = ExtractionStep(ring: ring)
        let share = max(1, (beam.blocks.count + 7) / 8)
        for index in 0..<count {
            let first = index * turns
            let wanted = rate(request, at: (Double(index) + 0.5) * interval)
            let kick = wanted > 0 ? amplitude : 0
            let kicks = request.signal.values(from: first, count: turns, revolutionFrequencyHz: frequency)
                .map { kick * $0 }
            let detuning = ripple(request, first: first, count: turns)
            let blocks = beam.blocks
            let parts = try await ParallelBatches.map(
                count: (blocks.count + share - 1) / share, threads: max(1, threads)
            ) {
                batch in
                var own = Array(blocks[batch * share..<min((batch + 1) * share, blocks.count)])
                var out: [ExtractedParticle] = []
                for i in own.indices {
                    out += step.track(&own[i], firstTurn: first, kicks: kicks, detuning: detuning)
                }
                return (blocks: own, out: out)
            }
            beam.blocks = parts.flatMap(\.blocks)
            let out = parts.flatMap(\.out).sorted { $0.turn < $1.turn }
            spill.particles += out
            let ions = Double(out.count) * ionsPerParticle
            spill.ions.append(ions)
            spill.requested.append(wanted * interval)
            spill.amplitudeRad.append(kick)
            if wanted > 0 {
                let weight = min(1, interval / request.feedback.averagingS)
                measured += weight * (ions / interval - measured)
                owed += wanted * interval - ions
                if request.feedback.isClosed {
                    let count = owed / (wanted * 10 * request.feedback.integralTimeS)
                    let error = max(-0.5, min(0.5, (wanted - measured) / wanted + count))
                    amplitude = min(
                        request.greatestAmplitudeRad,
                        amplitude * exp(error * interval / request.feedback.integralTimeS))
                }
            } else {
                (measured, owed) = (0, 0)
            }
            progress(Double(index + 1) / Double(count))
        }
        spill.remaining = beam.aliveCount
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
            request.feedback.integralTimeS > 0
        else {
            throw refuse("spill", "times of the feedback must be positive")
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

    private func rate(_ request: SpillRequest, at time: Double) -> Double {
        var end = 0.0
        for segment in request.segments {
            end += segment.durationS
            if time < end { return segment.rateIonsPerS }
        }
        return 0
    }

    private func ripple(_ request: SpillRequest, first: Int, count: Int) -> [Double] {
        guard !request.ripple.isEmpty else { return [Double](repeating: 0, count: count) }
        return (0..<count).map { i in
            let time = Double(first + i) / ring.revolutionFrequencyHz
            return request.ripple.reduce(0) { $0 + $1.tuneAmplitude * sin(2 * .pi * $1.frequencyHz * time) }
        }
    }
}
