import NumericKernels

#if canImport(Glibc)
    import Glibc
#endif

/// What drives the RF-knockout electrodes, at an amplitude of one: a signal about a betatron sideband.
///
/// ## Source
/// Noda et al., Nucl. Instrum. Methods A 374 (1996) 269 (frequency and amplitude modulation); noise band as at several rings since.
/// ## Checked by
/// `KnockOutSignalTests`.
public struct KnockOutSignal: Sendable, Hashable {
    /// How the band is filled.
    public enum Modulation: Sendable, Hashable {
        /// The frequency is swept linearly through the band, `repetitionHz` times a second; two signals half a period apart with `isDual`.
        case frequency(repetitionHz: Double, isDual: Bool)
        /// Lines of random phase over the band.
        case noise(lines: Int, seed: UInt64)
    }
    /// Middle of the band in units of the revolution frequency: the fractional tune or one minus it.
    public var centre: Double
    /// Full width of the band in units of the revolution frequency.
    public var width: Double
    public var modulation: Modulation

    /// - Parameters:
    ///   - centre: Middle of the band over the revolution frequency.
    ///   - width: Full width of the band over the revolution frequency.
    ///   - modulation: How the band is filled.
    public init(centre: Double, width: Double, modulation: Modulation) {
        self.centre = centre
        self.width = width
        self.modulation = modulation
    }

    /// The signal at turns from `first` on, amplitude one.
    ///
    /// - Parameters:
    ///   - first: Turn of the first value.
    ///   - count: Number of turns.
    ///   - revolutionFrequencyHz: Turns per second.
    public func values(from first: Int, count: Int, revolutionFrequencyHz: Double) -> [Double] {
        switch modulation {
        case .frequency(let repetition, let isDual):
            let period = revolutionFrequencyHz / repetition
            func swept(_ turn: Double) -> Double {
                let sweeps = (turn / period).rounded(.down)
                let t = turn - sweeps * period
                // ∫ (centre − w/2 + w t/T) dt over whole sweeps and the present one.
                let phase =
                    sweeps * centre * period + (centre - 0.5 * width) * t + 0.5 * width * t * t / period
                return sin(2 * .pi * (phase - phase.rounded(.down)))
            }
            return (0..<count).map { i in
                let turn = Double(first + i)
                return isDual ? 0.5.squareRoot() * (swept(turn) + swept(turn + 0.5 * period)) : swept(turn)
            }
        case .noise(let lines, let seed):
            var random = SeededRandom(seed: seed)
            let tones = (0..<lines).map { i in
                // Jittered places, so that the signal does not repeat at the spacing of the lines.
                (
                    frequency: centre + width * ((Double(i) + random.uniform()) / Double(lines) - 0.5),
                    phase: random.uniform()
                )
            }
            let scale = (1 / Double(lines)).squareRoot()
            return (0..<count).map { i in
                let turn = Double(first + i)
                var sum = 0.0
                for tone in tones {
                    let phase = tone.frequency * turn + tone.phase
                    sum += sin(2 * .pi * (phase - phase.rounded(.down)))
                }
                return scale * sum
            }
        }
    }
}
