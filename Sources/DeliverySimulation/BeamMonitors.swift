import DeliveryControl
import NumericKernels

/// Two ionisation chambers with counters that the beam gate opens, and strips for the position.
///
/// A counter counts ions over ions per count times a gain, less what recombines at the rate of the beam; the secondary has noise of its own. The
/// registers survive a crash of the control.
///
/// ## Checked by
/// `BeamMonitorTests`.
package struct BeamMonitors: Sendable {
    let figures: PlantFigures.Monitors
    private var random: SeededRandom
    /// Gains of primary and secondary; faults change them.
    var gain: SIMD2<Double>
    /// Rate of the beam, ions/s, by which ions recombine in the chambers.
    package var rateIonsPerS = 0.0
    /// Faults: a counter stands still; counts per second without beam.
    var frozen = SIMD2<Double>(1, 1)
    var darkPerS: SIMD2<Double>
    /// Gains as they were calibrated.
    let soundGain: SIMD2<Double>
    private(set) var gated = SIMD2<Double>.zero
    private var dark = SIMD2<Double>.zero
    private var floors = SIMD2<Int64>.zero
    /// Counts, position sum and time since the magnets settled at a visit.
    private var settledFrom = 0.0
    private var isSettled = false

    package init(figures: PlantFigures.Monitors, random: SeededRandom) {
        self.figures = figures
        self.random = random
        soundGain = SIMD2(
            1 + figures.gainError * self.random.normal(), 1 + figures.gainError * self.random.normal())
        gain = soundGain
        darkPerS = SIMD2(repeating: figures.darkPerS)
    }

    /// Share of the charge that is collected: 1/(1 + k R).
    private var efficiency: Double { 1 / (1 + figures.recombinationS * rateIonsPerS) }

    /// Ions until the primary's counter stands at a value; infinite if it never will.
    package func ions(until count: Int64) -> Double {
        guard gain.x * frozen.x > 0 else { return .infinity }
        return max(0, (Double(count) - gated.x) * figures.ionsPerCount / (gain.x * frozen.x * efficiency))
    }

    /// Ions passed while the gate was open.
    package mutating func passed(ions: Double) {
        guard ions > 0 else { return }
        let counts = ions / figures.ionsPerCount * efficiency
        gated.x += counts * gain.x * frozen.x
        let noise = figures.countNoise * counts.squareRoot() * random.normal()
        gated.y += max(0, counts * gain.y + noise) * frozen.y
    }

    /// Ions or noise while the gate was closed.
    mutating func outside(ions: Double, seconds: Double) {
        let counts = ions / figures.ionsPerCount
        dark += SIMD2(repeating: counts) * gain + darkPerS * seconds
    }

    /// The comparator saw the preset: rounding must not undo that.
    mutating func reached(_ count: Int64) { gated.x = max(gated.x, Double(count)) }

    /// The position is measured anew from here on, or not any more.
    mutating func positionStarts(_ settled: Bool) {
        isSettled = settled
        settledFrom = gated.y
    }

    /// What the registers say.
    ///
    /// - Parameters:
    ///   - positionMM: Where the beam really is.
    ///   - relativeSize: Its width over the expected one.
    mutating func sample(positionMM: SIMD2<Double>, relativeSize: Double) -> MonitorSample {
        let counts = Int64(max(0, gated.y - settledFrom))
        var sample = registers
        guard isSettled, counts > 0 else { return sample }
        sample.positionCounts = counts
        let noise =
            figures.positionNoiseMM + figures.positionNoisePerRootCountMM / Double(counts).squareRoot()
        sample.positionMM = positionMM + noise * SIMD2(random.normal(), random.normal()) / 2.0.squareRoot()
        sample.relativeSize = relativeSize * (1 + figures.sizeNoise * random.normal())
        return sample
    }

    /// All faults are mended.
    mutating func repair() {
        gain = soundGain
        frozen = SIMD2(1, 1)
        darkPerS = SIMD2(repeating: figures.darkPerS)
    }

    /// Counters alone.
    package var registers: MonitorSample {
        MonitorSample(
            primary: Int64(gated.x), secondary: Int64(gated.y), dark: SIMD2(Int64(dark.x), Int64(dark.y)))
    }
}
