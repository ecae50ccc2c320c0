import NumericKernels

#if canImport(Glibc)
    import Glibc
#endif

/// What a delivery needs to know of spills, without tracking: how soon they come, how much they flutter, how they end.
///
///     r(t) = r_requested (1 + σ x(t) + owed/(r T_r)),   ⟨x(t) x(t + s)⟩ = e^{−s/τ}
///
/// from the start-up time on: a noise of one correlation time, and the repayment by the count of the dose monitor. Behind beam off the tail comes, decaying.
///
/// ## Checked by
/// `SpillProfileTests`: mean, duty factor and noise of windows against tracked spills.
public struct SpillProfile: Sendable, Hashable {
    /// From beam on until the rate is there, s.
    public var startUpS: Double
    /// σ: standard deviation of the rate over the request in bins of `binS`, counting noise taken off.
    public var noise: Double
    /// τ, s.
    public var correlationS: Double
    /// T_r, s.
    public var repaymentS: Double
    /// Ions behind beam off over the rate before it, s.
    public var tailS: Double
    /// Time of one bin, s.
    public var binS: Double

    /// - Parameters:
    ///   - startUpS: From beam on until the rate is there, s.
    ///   - noise: Standard deviation of the rate over the request.
    ///   - correlationS: Correlation time of the noise, s.
    ///   - repaymentS: Time in which owed ions are repaid, s.
    ///   - tailS: Ions behind beam off over the rate before it, s.
    ///   - binS: Time of one bin, s.
    public init(
        startUpS: Double, noise: Double, correlationS: Double, repaymentS: Double, tailS: Double, binS: Double
    ) {
        self.startUpS = startUpS
        self.noise = noise
        self.correlationS = correlationS
        self.repaymentS = repaymentS
        self.tailS = tailS
        self.binS = binS
    }

    /// Duty factor of long spills in bins of `binS`: 1/(1 + σ²).
    public var dutyFactor: Double { 1 / (1 + noise * noise) }

    /// Measures layers that were tracked, behind their first 2 ms.
    ///
    /// - Parameters:
    ///   - layers: Layers of constant request.
    ///   - repaymentS: Repayment time of the loop that held them, s.
    ///   - binS: Time of one bin, s; a multiple of the interval of the loop.
    /// - Returns: Nil if no layer has 10 bins.
    public init?(measuring layers: [FilledLayer], repaymentS: Double, binS: Double = 5e-4) {
        var (square, product, count, pairs) = (0.0, 0.0, 0.0, 0.0)
        var (startUp, tail, starts) = (0.0, 0.0, 0.0)
        for layer in layers {
            guard let spill = layer.spill, let figures = layer.statistics else { continue }
            startUp += figures.startUpS
            tail += figures.tailIons / layer.request.rateIonsPerS
            starts += 1
            let width = max(1, Int((binS / spill.binS).rounded()))
            let first = Int((2e-3 / spill.binS).rounded())
            let end = Int((layer.beamOffS / spill.binS).rounded())
            var before: Double?
            for bin in stride(from: first, through: end - width, by: width) {
                let asked = spill.requested[bin..<(bin + width)].reduce(0, +)
                guard asked > 0 else {
                    before = nil
                    continue
                }
                let x = spill.ions[bin..<(bin + width)].reduce(0, +) / asked - 1
                square += x * x - spill.ionsPerParticle / asked
                count += 1
                if let before {
                    product += before * x
                    pairs += 1
                }
                before = x
            }
        }
        guard count >= 10, pairs > 0, starts > 0 else { return nil }
        let variance = max(0, square / count)
        // Counting noise is not correlated from bin to bin.
        let correlation = variance > 0 ? min(0.99, max(0.01, product / pairs / variance)) : 0.01
        self.init(
            startUpS: startUp / starts, noise: variance.squareRoot(), correlationS: -binS / log(correlation),
            repaymentS: repaymentS, tailS: tail / starts, binS: binS)
    }

    /// Draws a spill.
    ///
    /// - Parameters:
    ///   - segments: What is asked for.
    ///   - seed: Seed of the noise.
    /// - Returns: Ions in each bin of `binS`, and behind the end one bin with the tail.
    public func draw(_ segments: [SpillRequest.Segment], seed: UInt64) -> [Double] {
        var random = SeededRandom(seed: seed)
        let total = segments.reduce(0) { $0 + $1.durationS }
        let keep = exp(-binS / max(correlationS, 1e-9))
        var x = random.normal()
        var (owed, since, rest) = (0.0, 0.0, 0.0)
        var ions: [Double] = []
        for bin in 0..<Int((total / binS).rounded()) {
            let wanted = SpillRequest.rate(segments, at: (Double(bin) + 0.5) * binS)
            x = keep * x + (1 - keep * keep).squareRoot() * random.normal()
            guard wanted > 0 else {
                ions.append(rest)
                (since, rest) = (0, 0)
                continue
            }
            // The share of the bin behind the start-up.
            let open = min(1, max(0, (since + binS - startUpS) / binS))
            since += binS
            let correction = max(-0.8, min(1, owed / (wanted * repaymentS)))
            let came = max(0, wanted * binS * open * (1 + noise * x + correction))
            owed += wanted * binS - came
            rest = wanted * tailS
            ions.append(came)
        }
        ions.append(rest)
        return ions
    }
}
