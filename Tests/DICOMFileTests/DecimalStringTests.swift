import DICOMFile
import Foundation
import Testing

@Suite struct DecimalStringTests {
    @Test(arguments: [
        (0.0, "0"), (1.0, "1"), (-2.5, "-2.5"), (0.1, "0.1"), (290.3, "290.3"), (1e20, "1e+20"),
        (1e-5, "1e-05"),
    ]) func isShortWhereItCanBe(_ value: Double, _ text: String) {
        #expect(DecimalString.text(value) == text)
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity, .greatestFiniteMagnitude])
    func refusesWhatIsNoNumber(_ value: Double) {
        #expect(DecimalString.text(value) == nil)
    }

    /// At most 16 characters of the DS repertoire, and back to 1e-9 relative, over all magnitudes and signs.
    @Test func fitsAndReadsBack() throws {
        var generator = SplitMix(state: 7)
        for _ in 0..<20_000 {
            let value = Double(bitPattern: generator.next())
            guard value.isFinite, value == 0 || abs(value) > 1e-300 else { continue }
            try check(value)
        }
        for _ in 0..<20_000 {
            let unit = Double(generator.next() >> 11) / Double(1 << 53)
            try check((unit - 0.5) * pow(10, Double(Int(generator.next() % 12)) - 4))
        }
        for value in [
            Double.leastNonzeroMagnitude, 1.7976931348e308, 0.1 + 0.2, -1 / 3.0, 1e15 + 0.3,
        ] {
            try check(value)
        }
    }

    private func check(_ value: Double) throws {
        let text = try #require(DecimalString.text(value))
        let back = try #require(Double(text))
        if text.utf8.count > 16 || abs(back - value) > 1e-9 * abs(value)
            || !text.utf8.allSatisfy({ "0123456789+-.e".utf8.contains($0) })
        {
            Issue.record("\(value) became '\(text)'")
        }
    }
}

/// A small reproducible source of bits.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
