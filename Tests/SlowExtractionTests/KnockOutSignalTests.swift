import Glibc
import SlowExtraction
import TestSupport
import Testing

@Suite struct KnockOutSignalTests {
    /// Power of a signal in a band of frequencies (in units of the revolution), by correlation with a comb.
    static func power(_ values: [Double], _ band: ClosedRange<Double>) -> Double {
        var sum = 0.0
        let step = 1 / Double(values.count)
        for k in 0..<Int((band.upperBound - band.lowerBound) / step) {
            let f = band.lowerBound + Double(k) * step
            var (re, im) = (0.0, 0.0)
            for (i, v) in values.enumerated() {
                let phase = 2 * .pi * f * Double(i)
                re += v * cos(phase)
                im += v * sin(phase)
            }
            sum += 2 * (re * re + im * im) / Double(values.count * values.count)
        }
        return sum
    }

    @Test(arguments: [
        KnockOutSignal.Modulation.frequency(repetitionHz: 3000, isDual: false),
        .frequency(repetitionHz: 3000, isDual: true),
        .noise(lines: 40, seed: 5),
    ])
    func powerLiesInTheBand(modulation: KnockOutSignal.Modulation) {
        let signal = KnockOutSignal(centre: 0.3234, width: 0.01, modulation: modulation)
        let values = signal.values(from: 12345, count: 4000, revolutionFrequencyHz: 3e6)
        let total = values.reduce(0) { $0 + $1 * $1 } / 4000
        #expect(Self.power(values, 0.3164...0.3304) > 0.9 * total)
        expectClose(total, 0.5, relative: 0.25, because: "mean square of a sine; few lines beat")
        #expect(values.allSatisfy { abs($0) < 6 })
    }

    @Test func partsFitTogether() {
        let signal = KnockOutSignal(
            centre: 0.32, width: 0.01, modulation: .frequency(repetitionHz: 1000, isDual: true))
        let whole = signal.values(from: 0, count: 9000, revolutionFrequencyHz: 3e6)
        let tail = signal.values(from: 5000, count: 4000, revolutionFrequencyHz: 3e6)
        #expect(Array(whole[5000...]) == tail)
    }
}
