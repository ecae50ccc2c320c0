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

    /// A single tick gives no scale: small pictures get a finer step.
    @Test(arguments: [-19.0...16, -0.55...0.55, 0.9...2.1, -24...(-3)])
    func smallPicturesHaveTwoTicks(range: ClosedRange<Double>) {
        for count in 1...2 {
            let ticks = AxisTicks(range, count: count)
            #expect((2...4).contains(ticks.values.count), "\(count): \(ticks.values)")
            #expect(ticks.values.allSatisfy(range.contains))
        }
    }

    @Test func sharesAreNotRoundedToWholePercent() {
        let ticks = AxisTicks(-0.063...0.063, count: 6)
        #expect(
            ticks.percentLabels
                == ["\u{2212}5.0", "\u{2212}2.5", "0.0", "2.5", "5.0"].map { $0 + "\u{00A0}%" })
    }

    @Test func labelsSayWhatTheTickIs() {
        let ticks = AxisTicks(0...10, count: 4)
        #expect(ticks.labels == ["0.0", "2.5", "5.0", "7.5", "10.0"])
    }
}
