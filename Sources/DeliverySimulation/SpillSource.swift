import DeliveryControl
import NumericKernels

#if canImport(Glibc)
    import Glibc
#endif

/// Ions against time: the rate that was asked for with a noise that remembers, lines of the supplies, a rise when it is switched on and a
/// fall when it is switched off.
///
/// or, in place of noise and lines, the shape of a spill that was simulated or measured.
///
///     I(t) = I₀ · max(0, 1 + x_k + Σ a sin 2πft) · (1 − exp(−(t − t_on)/τ)) · fall(t),   x_(k+1) = ρ x_k + √(1 − ρ²) σ n
///
/// ## Checked by
/// `SpillSourceTests`: mean, duty factor 1/(1 + σ²), rise and fall, a given shape.
package struct SpillSource: Sendable {
    private let figures: PlantFigures.Spill
    private let memory: Double
    private var random: SeededRandom
    /// Ions per second that are asked for.
    package var rateIonsPerS = 0.0
    /// Time up to which ions were given.
    package private(set) var time = MonotonicTime.start
    private var begin: MonotonicTime?
    private var end: MonotonicTime?
    private var fallNS: Int64 = 1
    private var state = 0.0
    private var factor = 1.0
    private var binEnd = MonotonicTime.start
    /// Faults: factor on the rate; the switch does not work.
    package var surge = 1.0
    package var switchFails = false

    package init(figures: PlantFigures.Spill, random: SeededRandom) {
        self.figures = figures
        self.random = random
        memory = exp(-Double(figures.binNS) / Double(figures.correlationNS))
    }

    /// Whether ions may come now or later.
    package var isOn: Bool { begin != nil && (end.map { $0.after(fallNS) > time } ?? true) }

    /// When the last ion can come; nil while it is on without end.
    package var lastIon: MonotonicTime? { end.map { $0.after(fallNS) } }

    package mutating func switchOn(at now: MonotonicTime) {
        time = max(time, now)
        begin = now.after(figures.onDelayNS)
        end = nil
        binEnd = now
    }

    package mutating func switchOff(at now: MonotonicTime) {
        guard !switchFails, begin != nil, end == nil else { return }
        end = now.after(figures.offDelayNS)
        fallNS = max(1, figures.fallNS)
    }

    /// The second means: works even where the first does not.
    package mutating func cut(at now: MonotonicTime) {
        guard begin != nil else { return }
        let last = now.after(figures.cutNS)
        if let end, end.after(fallNS) <= last { return }
        end = last
        fallNS = 1
    }

    /// Lets ions come until a moment or until there are enough.
    ///
    /// - Parameters:
    ///   - limit: Moment.
    ///   - wanted: Ions after which it stops, infinite for no such limit.
    /// - Returns: Ions that came; `time` is the moment, `limit` if there were not enough.
    package mutating func run(until limit: MonotonicTime, atMost wanted: Double) -> Double {
        guard let begin else {
            time = max(time, limit)
            return 0
        }
        var ions = 0.0
        while time < limit {
            if let last = lastIon, time >= last {
                self.begin = nil
                end = nil
                time = limit
                return ions
            }
            if time < begin {
                time = min(begin, limit)
                continue
            }
            if time >= binEnd { nextBin() }
            var step = min(limit, binEnd).since(time)
            if let end {
                // The fall is divided finely.
                let next = time < end ? end.since(time) : max(1, fallNS / 16)
                step = min(step, next)
            }
            let rate = self.rate(at: time.after(step / 2), begin: begin)
            let more = rate * Double(step) * 1e-9
            if ions + more >= wanted, rate > 0 {
                let part = Int64(((wanted - ions) / rate * 1e9).rounded(.up))
                time = time.after(min(step, max(0, part)))
                return wanted
            }
            ions += more
            time = time.after(step)
        }
        return ions
    }

    private func rate(at moment: MonotonicTime, begin: MonotonicTime) -> Double {
        let rise = 1 - exp(-Double(moment.since(begin)) / Double(max(1, figures.riseNS)))
        var rate = rateIonsPerS * surge * factor * rise
        if let end, moment > end { rate *= max(0, 1 - Double(moment.since(end)) / Double(fallNS)) }
        return max(0, rate)
    }

    private mutating func nextBin() {
        if let shape = figures.shape {
            factor = shape.value(atNS: time.nanoseconds)
            // Bins lie on the clock, whenever beam was switched on.
            binEnd = MonotonicTime(nanoseconds: (time.nanoseconds / shape.binNS + 1) * shape.binNS)
            return
        }
        state = memory * state + (1 - memory * memory).squareRoot() * figures.noise * random.normal()
        let middle = time.after(figures.binNS / 2).seconds
        var value = 1 + state
        for line in figures.ripple { value += line.y * sin(2 * .pi * line.x * middle) }
        factor = max(0, value)
        binEnd = time.after(figures.binNS)
    }
}
