import Reporting
import TestSupport
import Testing

@Suite struct AxisTicksTests {
    @Test(arguments: [0.0...1.1, 0...66.9, -81...97, 0...0.0003, 172...432, 0...1.25e8])
    func stepsAreRoundAndInside(range: ClosedRange<Double>) {
        let ticks = AxisTicks(range, count: 6)
        #expect((3...13).contains(ticks.values.count), "\(ticks.values)")
        #expect(ticks.values.allSatisfy { range.contains($0 * (1 - 1e-12)) || range.contains($0) })
        #expect(
            Set(ticks.labels).count == ticks.labels.count, "labels must tell the ticks apart: \(ticks.labels)"
        )
        for (a, b) in zip(ticks.values, ticks.values.dropFirst()) {
            expectClose(b - a, ticks.step, relative: 1e-9, because: "equidistant but for rounding")
        }
    }

    @Test func labelsSayWhatTheTickIs() {
        let ticks = AxisTicks(0...10, count: 4)
        #expect(ticks.labels == ["0.0", "2.5", "5.0", "7.5", "10.0"])
    }
}
