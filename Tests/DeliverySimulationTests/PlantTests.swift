import DeliveryControl
import DeliverySimulation
import NumericKernels
import Testing

struct SpillSourceTests {
    private static func source(_ change: (inout PlantFigures.Spill) -> Void = { _ in }) -> SpillSource {
        var figures = PlantFigures.Spill()
        change(&figures)
        var source = SpillSource(figures: figures, random: SeededRandom(seed: 4))
        source.rateIonsPerS = 1e8
        return source
    }

    /// A given shape, bin by bin on the clock, repeated after its end.
    @Test func givenShape() throws {
        #expect(SpillShape(binNS: 100_000, values: [1, -1]) == nil)
        #expect(SpillShape(binNS: 100, values: [1, 1]) == nil)
        #expect(SpillShape(binNS: 100_000, values: [0, 0]) == nil)
        let shape = try #require(SpillShape(binNS: 100_000, values: [0.5, 1.5, 0, 2]))
        var source = Self.source { $0.shape = shape }
        source.switchOn(at: MonotonicTime(nanoseconds: 30_000))
        // Long after the rise.
        _ = source.run(until: MonotonicTime(nanoseconds: 10_000_000), atMost: .infinity)
        let bins = (100..<112).map {
            source.run(until: MonotonicTime(nanoseconds: Int64($0 + 1) * 100_000), atMost: .infinity) / 1e4
        }
        for (index, value) in bins.enumerated() {
            #expect(abs(value - shape.values[index % 4]) < 1e-6, "\(bins)")
        }
    }

    /// Mean 1 and duty factor 1/(1 + σ²), each within four standard errors of 5,000 correlation times.
    @Test func meanAndDutyFactor() {
        var source = Self.source { $0.ripple = [] }
        source.switchOn(at: .start)
        _ = source.run(until: MonotonicTime(seconds: 0.01005), atMost: .infinity)
        var (sum, squares) = (0.0, 0.0)
        for bin in 0..<20_000 {
            let ions = source.run(
                until: MonotonicTime(seconds: 0.01005 + 20e-6 * Double(bin + 1)), atMost: .infinity)
            sum += ions
            squares += ions * ions
        }
        let mean = sum / 20_000
        #expect(abs(mean / 2000 - 1) < 0.012)
        let duty = mean * mean / (squares / 20_000)
        #expect(abs(duty - 1 / 1.04) < 0.005, "\(duty)")
    }

    /// Noise-free: delay, rise with its time constant, linear fall.
    @Test func riseAndFall() {
        var source = Self.source {
            $0.noise = 0
            $0.ripple = []
        }
        source.switchOn(at: .start)
        #expect(source.run(until: MonotonicTime(nanoseconds: 50_000), atMost: .infinity) < 1)
        let rise = source.run(until: MonotonicTime(nanoseconds: 550_000), atMost: .infinity)
        // 1e8/s over 500 µs less the time constant of 100 µs.
        #expect(abs(rise / (1e8 * (500e-6 - 100e-6 * 0.99326)) - 1) < 0.005)
        source.switchOff(at: MonotonicTime(nanoseconds: 550_000))
        #expect(source.lastIon == MonotonicTime(nanoseconds: 720_000))
        let fall = source.run(until: MonotonicTime(nanoseconds: 2_000_000), atMost: .infinity)
        #expect(abs(fall / (1e8 * (20e-6 + 75e-6)) - 1) < 0.02)
        #expect(!source.isOn)
    }

    @Test func stopsAtTheWantedIons() {
        var source = Self.source()
        source.switchOn(at: .start)
        let ions = source.run(until: MonotonicTime(seconds: 1), atMost: 12_345)
        #expect(ions == 12_345)
        #expect(source.time < MonotonicTime(seconds: 0.001))
    }

    @Test func secondMeansWorksWhereTheSwitchDoesNot() {
        var source = Self.source()
        source.switchFails = true
        source.switchOn(at: .start)
        source.switchOff(at: MonotonicTime(nanoseconds: 1_000_000))
        #expect(source.lastIon == nil)
        source.cut(at: MonotonicTime(nanoseconds: 1_000_000))
        _ = source.run(until: MonotonicTime(nanoseconds: 1_100_000), atMost: .infinity)
        #expect(source.run(until: MonotonicTime(nanoseconds: 9_000_000), atMost: .infinity) < 1)
    }
}

struct EventQueueTests {
    @Test func orderOfTimeThenOfEntry() {
        var queue = EventQueue<Int>()
        var random = SeededRandom(seed: 9)
        for index in 0..<500 {
            queue.add(index, at: MonotonicTime(nanoseconds: Int64(random.uniform() * 50)))
        }
        var last = (time: MonotonicTime(nanoseconds: -1), event: -1)
        var count = 0
        while let next = queue.next() {
            #expect(next.time > last.time || (next.time == last.time && next.event > last.event))
            last = next
            count += 1
        }
        #expect(count == 500)
    }
}

struct SafeRateTests {
    /// 0.25 Gy over 3.5 · 10⁻⁷ Gy an ion, 42 times and 120 µs: 1.4 · 10⁸; a slower second means asks for less.
    @Test func surgeLimitsTheRate() {
        var figures = SphereField.figures
        #expect(abs(figures.safeRates(1e7...1e9).upperBound / 1.42e8 - 1) < 0.05)
        #expect(figures.safeRates(1e7...1e8) == 1e7...1e8)
        figures.spill.cutNS = 1_000_000
        #expect(abs(figures.safeRates(1e7...1e9).upperBound / 1.67e7 - 1) < 0.05)
        #expect(figures.safeRates(1e8...1e9) == 1e8...1e8)
    }
}

struct BeamMonitorTests {
    /// Boag's loss at 10⁹ ions/s, and the comparator that reports when the counter, not the beam, is there.
    @Test func chambersLoseChargeAtHighRates() {
        var figures = PlantFigures.Monitors()
        figures.gainError = 0
        figures.countNoise = 0
        for (rate, loss) in [(0.0, 0.0), (1e8, 3.5e-4), (1e9, 3.5e-3)] {
            var monitors = BeamMonitors(figures: figures, random: SeededRandom(seed: 1, stream: 1))
            monitors.rateIonsPerS = rate
            let ions = monitors.ions(until: 10_000)
            #expect(abs(ions / 5e5 - 1 - loss) < 1e-9)
            monitors.passed(ions: ions * (1 + 1e-12))
            #expect(monitors.registers.primary == 10_000)
            #expect(abs(Double(monitors.registers.secondary) - 10_000) <= 1)
        }
    }
}

struct BreathingTraceTests {
    @Test func regularBreathing() {
        let trace = BreathingTrace(periodS: 4, exponent: 2)
        #expect(trace.amplitude(atS: 0) < 1e-12 && trace.amplitude(atS: 8) < 1e-12)
        #expect(abs(trace.amplitude(atS: 2) - 1) < 1e-12)
        // 1 - cos⁴(π/4)
        #expect(abs(trace.amplitude(atS: 1) - 0.75) < 1e-12)
        #expect(abs(trace.phase(atS: 7) - 0.75) < 1e-12)
    }

    @Test func irregularBreathingIsReproducibleAndDrifts() {
        let trace = BreathingTrace(periodS: 3.5, irregularity: 0.2, driftPerMinute: 0.3, seed: 3)
        #expect(trace == BreathingTrace(periodS: 3.5, irregularity: 0.2, driftPerMinute: 0.3, seed: 3))
        let peaks = stride(from: 0, to: 300, by: 0.05).map { trace.amplitude(atS: $0) }
        #expect(peaks.max() ?? 0 > 1.5)
        // At rest, after five minutes, the drift is what is left.
        let rest = peaks.suffix(200).min() ?? 0
        #expect(abs(rest - 1.5) < 0.1)
    }

    @Test func breathingThatBeginsLater() {
        let trace = BreathingTrace(periodS: 4, irregularity: 0.1, seed: 2)
        let later = trace.begun(atS: 7).begun(atS: 3)
        for time in [0.0, 1.3, 50] { #expect(later.amplitude(atS: time) == trace.amplitude(atS: time + 10)) }
    }

    @Test func gateLooksAtWhatItIsTold() {
        let trace = BreathingTrace(periodS: 4, exponent: 2)
        var gate = BreathingGate(trace: trace, threshold: 0.3)
        #expect(gate.isOpen(atS: 0) && !gate.isOpen(atS: 2))
        // A skin that is half a breath late says the contrary.
        gate.lagS = 2
        #expect(!gate.isOpen(atS: 0) && gate.isOpen(atS: 2))
        gate.lagS = 0
        // Exhaled deeper than the window allows.
        gate.trace = BreathingTrace(periodS: 4, exponent: 2, driftPerMinute: -1)
        gate.lowest = -0.3
        #expect(gate.isOpen(atS: 8) && !gate.isOpen(atS: 24))
        // Errors of reading: reproducible, and as large as they are said to be.
        gate = BreathingGate(trace: trace, threshold: 0, error: 0.1, errorSeed: 5)
        let rests = (0..<4000).map { gate.isOpen(atS: 4 * Double($0)) }
        #expect(rests == (0..<4000).map { gate.isOpen(atS: 4 * Double($0)) })
        // At rest the signal is 0 and its error symmetric: four standard deviations of half.
        #expect(abs(Double(rests.count { $0 }) - 2000) < 4 * 31.6)
    }

    @Test func recordedTrace() throws {
        typealias Point = BreathingTrace.Point
        #expect(BreathingTrace(recorded: [Point(timeS: 0, amplitude: 1)]) == nil)
        #expect(
            BreathingTrace(recorded: [Point(timeS: 1, amplitude: 1), Point(timeS: 1, amplitude: 0)]) == nil)
        #expect(
            BreathingTrace(recorded: [Point(timeS: 0, amplitude: .nan), Point(timeS: 1, amplitude: 0)]) == nil
        )
        let trace = try #require(
            BreathingTrace(recorded: [
                Point(timeS: 10, amplitude: 0), Point(timeS: 12, amplitude: 1),
                Point(timeS: 14, amplitude: 0),
            ]))
        #expect(
            trace.amplitude(atS: 1) == 0.5 && trace.amplitude(atS: 5) == 0.5 && trace.phase(atS: 3) == 0.75)
    }
}
