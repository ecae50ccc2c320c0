import BeamOptics
import NumericKernels

#if canImport(Glibc)
    import Glibc
#endif

/// A beam in a ring, tracked interval by interval on several threads; the result does not depend on their number.
struct ExtractionTracker: Sendable {
    var ring: ReducedRing
    var beam: ExtractionBeam
    var signal: KnockOutSignal
    var ripple: [SpillRequest.Ripple]
    let threads: Int

    /// Tracks some turns.
    ///
    /// - Parameters:
    ///   - first: Number of the first turn.
    ///   - count: Turns.
    ///   - kick: Amplitude of the exciter, rad.
    /// - Returns: What left the ring, in order of turn.
    mutating func advance(from first: Int, count: Int, kick: Double) async throws -> [ExtractedParticle] {
        let frequency = ring.revolutionFrequencyHz
        let kicks =
            kick == 0
            ? [Double](repeating: 0, count: count)
            : signal.values(from: first, count: count, revolutionFrequencyHz: frequency).map { kick * $0 }
        let detuning = self.detuning(from: first, count: count)
        let step = ExtractionStep(ring: ring)
        let blocks = beam.blocks
        let share = max(1, (blocks.count + 7) / 8)
        let parts = try await ParallelBatches.map(
            count: (blocks.count + share - 1) / share, threads: max(1, threads)
        ) { batch in
            var own = Array(blocks[batch * share..<min((batch + 1) * share, blocks.count)])
            var out: [ExtractedParticle] = []
            for i in own.indices {
                out += step.track(&own[i], firstTurn: first, kicks: kicks, detuning: detuning)
            }
            return (blocks: own, out: out)
        }
        beam.blocks = parts.flatMap(\.blocks)
        return parts.flatMap(\.out).sorted { $0.turn < $1.turn }
    }

    /// Brings the beam to the edge of the stable triangle: knocks out until a share has left, the kick 20 % greater from interval to interval where nothing comes.
    ///
    /// A beam that does not reach the edge answers late and then with a surge. What leaves meanwhile is not delivered.
    ///
    /// - Parameters:
    ///   - share: Share of the particles that is to leave; 0 for no preparation.
    ///   - firstKick: Kick at the start, rad.
    ///   - greatestKick: Greatest kick, rad.
    ///   - turns: Turns of an interval.
    /// - Returns: Turns that it took, and particles that left.
    mutating func prepare(
        share: Double, firstKick: Double, greatestKick: Double, turns: Int
    ) async throws -> (turns: Int, particles: Int) {
        let wanted = Int((share * Double(beam.aliveCount)).rounded())
        var (turn, count, kick) = (0, 0, firstKick)
        while count < wanted {
            guard turn < 2_000_000 else {
                throw BeamOpticsError.element(
                    "exciter",
                    "a kick of \(kick) rad brings \(count) of \(wanted) macroparticles out within \(turn) turns; raise the greatest kick or "
                        + "check tune and band")
            }
            let out = try await advance(from: turn, count: turns, kick: kick)
            count += out.count
            turn += turns
            if out.isEmpty { kick = min(greatestKick, 1.2 * kick) }
        }
        return (turn, count)
    }

    private func detuning(from first: Int, count: Int) -> [Double] {
        guard !ripple.isEmpty else { return [Double](repeating: 0, count: count) }
        return (0..<count).map { i in
            let time = Double(first + i) / ring.revolutionFrequencyHz
            return ripple.reduce(0) { $0 + $1.tuneAmplitude * sin(2 * .pi * $1.frequencyHz * time) }
        }
    }
}
