#if canImport(Glibc)
    import Glibc
#endif

/// A spill as it came out.
public struct Spill: Sendable {
    /// Time of one bin, s.
    public var binS: Double
    /// Ions that left the ring in each bin, ions.
    public var ions: [Double]
    /// Requested ions in each bin.
    public var requested: [Double]
    /// Kick of the electrodes in each bin, rad.
    public var amplitudeRad: [Double]
    /// Macroparticles that left, in order of turn.
    public var particles: [ExtractedParticle]
    /// Ions behind one macroparticle.
    public var ionsPerParticle: Double
    /// Macroparticles still in the ring.
    public var remaining: Int
    public var revolutionFrequencyHz: Double
    /// Time before the spill in which the beam was brought to the edge of the triangle, s, and ions that came out meanwhile; not part of the bins.
    public var preparationS = 0.0
    public var preparationIons = 0.0

    /// - Parameters:
    ///   - binS: Time of one bin, s.
    ///   - ions: Ions that left the ring in each bin.
    ///   - requested: Requested ions in each bin.
    ///   - amplitudeRad: Kick in each bin, rad.
    ///   - particles: Macroparticles that left, in order of turn.
    ///   - ionsPerParticle: Ions behind one macroparticle.
    ///   - remaining: Macroparticles still in the ring.
    ///   - revolutionFrequencyHz: Turns per second.
    public init(
        binS: Double, ions: [Double], requested: [Double], amplitudeRad: [Double],
        particles: [ExtractedParticle],
        ionsPerParticle: Double, remaining: Int, revolutionFrequencyHz: Double
    ) {
        self.binS = binS
        self.ions = ions
        self.requested = requested
        self.amplitudeRad = amplitudeRad
        self.particles = particles
        self.ionsPerParticle = ionsPerParticle
        self.remaining = remaining
        self.revolutionFrequencyHz = revolutionFrequencyHz
    }

    mutating func append(ions: Double, requested: Double, kick: Double, particles: [ExtractedParticle]) {
        self.ions.append(ions)
        self.requested.append(requested)
        amplitudeRad.append(kick)
        self.particles += particles
    }

    /// Share of what left that hit the wall of the septum.
    public var wallShare: Double {
        particles.isEmpty ? 0 : Double(particles.filter(\.hitWall).count) / Double(particles.count)
    }

    /// Bins whose start lies in a stretch of time.
    ///
    /// - Parameters:
    ///   - from: Begin, s.
    ///   - to: End, s.
    public func bins(from: Double, to: Double) -> Range<Int> {
        let first = max(0, Int((from / binS).rounded(.up)))
        return first..<max(first, min(ions.count, Int((to / binS).rounded(.down))))
    }

    /// Mean rate in a stretch of time, ions/s.
    ///
    /// - Parameters:
    ///   - from: Begin, s.
    ///   - to: End, s.
    public func meanRate(from: Double, to: Double) -> Double {
        let range = bins(from: from, to: to)
        return range.isEmpty ? 0 : ions[range].reduce(0, +) / (Double(range.count) * binS)
    }

    /// Duty factor F = ⟨I⟩²/⟨I²⟩ of bins; 1 for a constant spill.
    ///
    /// The counting noise of macroparticles, which stand for many ions each, is taken off: ⟨n²⟩ less ⟨n⟩.
    ///
    /// - Parameters:
    ///   - from: Begin, s.
    ///   - to: End, s.
    ///   - width: Number of bins that are put together.
    /// - Returns: Duty factor as counted, and without the counting noise.
    public func dutyFactor(from: Double, to: Double, width: Int = 1) -> (counted: Double, corrected: Double) {
        let range = bins(from: from, to: to)
        let groups = range.count / max(1, width)
        guard groups > 0 else { return (0, 0) }
        var (sum, squares) = (0.0, 0.0)
        for group in 0..<groups {
            let first = range.lowerBound + group * width
            let n = ions[first..<(first + width)].reduce(0, +) / ionsPerParticle
            sum += n
            squares += n * n
        }
        let mean = sum / Double(groups)
        guard mean > 0 else { return (0, 0) }
        let square = squares / Double(groups)
        return (mean * mean / square, min(1, mean * mean / max(square - mean, .leastNormalMagnitude)))
    }

    /// Amplitude spectrum of the rate over its mean, by frequency up to half of the inverse of the bin.
    ///
    /// - Parameters:
    ///   - from: Begin, s.
    ///   - to: End, s.
    /// - Returns: Frequencies, Hz, and 2|F|/N over the mean.
    public func spectrum(from: Double, to: Double) -> [(frequencyHz: Double, amplitude: Double)] {
        let range = bins(from: from, to: to)
        let count = range.count
        guard count > 3 else { return [] }
        let values = Array(ions[range])
        let mean = values.reduce(0, +) / Double(count)
        guard mean > 0 else { return [] }
        return (1...(count / 2)).map { k in
            let step = 2 * .pi * Double(k) / Double(count)
            let (c, s) = (cos(step), sin(step))
            // Phasor turned from bin to bin.
            var (re, im, turnRe, turnIm) = (0.0, 0.0, 1.0, 0.0)
            for value in values {
                re += value * turnRe
                im += value * turnIm
                (turnRe, turnIm) = (turnRe * c - turnIm * s, turnRe * s + turnIm * c)
            }
            return (
                Double(k) / (Double(count) * binS),
                2 * (re * re + im * im).squareRoot() / (Double(count) * mean)
            )
        }
    }

    /// Time after `moment` by which a share of all that still comes out until `end` has come, s; nil if nothing comes.
    ///
    /// - Parameters:
    ///   - share: Share, for example 0.99.
    ///   - moment: When beam was switched off, s.
    ///   - end: When it is switched on again, s.
    public func stopTimeS(share: Double, after moment: Double, until end: Double) -> Double? {
        let times = particles.map { Double($0.turn) / revolutionFrequencyHz }.filter {
            $0 >= moment && $0 < end
        }
        guard !times.isEmpty else { return nil }
        let sorted = times.sorted()
        return sorted[min(sorted.count - 1, Int((share * Double(sorted.count)).rounded(.up)) - 1)] - moment
    }
}
