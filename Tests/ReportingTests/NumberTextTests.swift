import Reporting
import Testing

@Suite struct NumberTextTests {
    @Test(arguments: [
        (60.8, 2, "60.80"), (-12.04, 1, "\u{2212}12.0"), (0, 1, "0.0"), (-0.04, 1, "0.0"), (.nan, 2, "–"),
        (.infinity, 0, "–"), (1e6, 0, "1000000"),
    ])
    func printsFixedDecimals(value: Double, decimals: Int, expected: String) {
        #expect(NumberText.fixed(value, decimals) == expected)
    }

    @Test func groupsThousandsWithNarrowSpaces() {
        #expect(NumberText.grouped(1_234_567) == "1\u{202F}234\u{202F}567")
        #expect(NumberText.grouped(999) == "999")
        #expect(NumberText.grouped(-1000) == "\u{2212}1\u{202F}000")
    }

    @Test func printsParticlesAsPowersOfTen() {
        #expect(NumberText.particles(12_345_678) == "1.23 × 10⁷")
        #expect(NumberText.particles(9_999) == "9\u{202F}999")
        #expect(NumberText.particles(.nan) == "–")
    }

    @Test func printsShares() {
        #expect(NumberText.percent(0.9512) == "95.1\u{00A0}%")
        #expect(NumberText.percent(1, 0) == "100\u{00A0}%")
    }

    @Test func givesTicksAsManyDecimalsAsTheirStepNeeds() {
        #expect(NumberText.tick(0.3, step: 0.1) == "0.3")
        #expect(NumberText.tick(2.5, step: 2.5) == "2.5")
        #expect(NumberText.tick(20, step: 10) == "20")
        #expect(NumberText.tick(0.25, step: 0.05) == "0.25")
    }

    @Test func keepsSignificantDigits() {
        #expect(NumberText.significant(0.957, 3) == "0.957")
        #expect(NumberText.significant(60.8, 4) == "60.80")
        #expect(NumberText.significant(1234.4, 3) == "1234")
    }
}
