import AcceleratorModel
import TestSupport
import Testing

@Suite struct DipolePatternTests {
    @Test func fieldIsTheIntegralOfTheRate() throws {
        for (from, to, rate) in [(0.1, 1.5, 2.0), (1.5, 0.1, 2.0), (1.0, 1.02, 2.0)] {
            let pattern = try DipolePattern(from: from, to: to, rateTPerS: rate, roundingS: 0.05)
            let count = 20_000
            let step = pattern.durationS / Double(count)
            var field = from
            for i in 0..<count {
                field += pattern.rate(at: (Double(i) + 0.5) * step) * step
                expectClose(
                    pattern.field(at: Double(i + 1) * step), field, absolute: 1e-6, because: "midpoint rule")
            }
            expectClose(field, to, absolute: 1e-6, because: "it ends where it should")
        }
    }

    @Test func durationByHand() throws {
        // 1.4 T at 2 T/s: 0.1 T in the two roundings, 1.3 T in 0.65 s.
        expectClose(
            try DipolePattern(from: 0.1, to: 1.5, rateTPerS: 2, roundingS: 0.05).durationS, 0.75,
            absolute: 1e-12,
            because: "hand sum")
        // A small step only reaches 0.4 T/s.
        let small = try DipolePattern(from: 1, to: 1.02, rateTPerS: 2, roundingS: 0.05)
        expectClose(small.rateTPerS, 0.4, absolute: 1e-9, because: "hand sum")
        expectClose(small.durationS, 0.1, absolute: 1e-12, because: "hand sum")
        #expect(try DipolePattern(from: 1, to: 1, rateTPerS: 2, roundingS: 0.05).durationS == 0)
        #expect(throws: AcceleratorError.self) {
            try DipolePattern(from: 0, to: 1, rateTPerS: 0, roundingS: 0.05)
        }
    }
}
