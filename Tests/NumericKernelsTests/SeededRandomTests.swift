import NumericKernels
import TestSupport
import Testing

@Suite struct SeededRandomTests {
    /// First numbers of the authors' reference program from the state 1, 2, 3, 4.
    @Test func knownAnswers() {
        var random = SeededRandom(state: (1, 2, 3, 4))
        #expect(
            (0..<4).map { _ in random.next() } == [
                41_943_041, 58_720_359, 3_588_806_011_781_223, 3_591_011_842_654_386,
            ])
        var mixer = SplitMix64(state: 1_234_567)
        #expect(
            (0..<3).map { _ in mixer.next() } == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
            ])
    }

    @Test func streamsDifferAndRepeat() {
        var (a, b, c) = (SeededRandom(seed: 7), SeededRandom(seed: 7, stream: 1), SeededRandom(seed: 7))
        let first = (0..<8).map { _ in a.next() }
        #expect(first == (0..<8).map { _ in c.next() })
        #expect(first != (0..<8).map { _ in b.next() })
    }

    @Test func moments() {
        var random = SeededRandom(seed: 3)
        let count = 200_000
        var (mean, square, fourth, exponential, uniform) = (0.0, 0.0, 0.0, 0.0, 0.0)
        for _ in 0..<count {
            let x = random.normal()
            mean += x
            square += x * x
            fourth += x * x * x * x
            exponential += random.exponential()
            uniform += random.uniform()
        }
        let n = Double(count)
        expectClose(mean / n, 0, absolute: 0.01, because: "4 standard errors")
        expectClose(square / n, 1, absolute: 0.015, because: "4 standard errors")
        expectClose(fourth / n, 3, absolute: 0.1, because: "4 standard errors")
        expectClose(exponential / n, 1, absolute: 0.01, because: "4 standard errors")
        expectClose(uniform / n, 0.5, absolute: 0.003, because: "4 standard errors")
        #expect((0..<1000).allSatisfy { _ in abs(random.normal(within: 0.5)) <= 0.5 })
    }
}
