import IonTransport
import TestSupport
import Testing

@Suite struct RandomStreamTests {
    /// Known answers of philox4x32-10 in the Random123 distribution (kat_vectors).
    @Test func philoxGivesTheKnownAnswers() {
        let ones = UInt32.max
        #expect(
            RandomStream.philox(counter: SIMD4(0, 0, 0, 0), key: SIMD2(0, 0))
                == SIMD4(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
        #expect(
            RandomStream.philox(counter: SIMD4(ones, ones, ones, ones), key: SIMD2(ones, ones))
                == SIMD4(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
        #expect(
            RandomStream.philox(
                counter: SIMD4(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344),
                key: SIMD2(0xa409_3822, 0x299f_31d0))
                == SIMD4(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
    }

    /// First numbers from the state 1, 2, 3, 4, as other implementations of xoshiro256++ test them.
    @Test func xoshiroGivesTheKnownAnswers() {
        var stream = RandomStream(state: (1, 2, 3, 4))
        let expected: [UInt64] = [
            41_943_041, 58_720_359, 3_588_806_011_781_223, 3_591_011_842_654_386,
            9_228_616_714_210_784_205, 9_973_669_472_204_895_162, 14_011_001_112_246_962_877,
            12_406_186_145_184_390_807, 15_849_039_046_786_891_736, 10_450_023_813_501_588_000,
        ]
        for value in expected { #expect(stream.next() == value) }
    }

    @Test func streamsOfDifferentHistoriesAndSeedsDiffer() {
        var words = Set<UInt64>()
        for history in 0..<1000 {
            for seed in 1...3 {
                var stream = RandomStream(seed: UInt64(seed), history: UInt64(history))
                for _ in 0..<4 { words.insert(stream.next()) }
            }
        }
        #expect(words.count == 12_000)
    }

    @Test func theFirstNumbersOfHistoriesAreUniformAndIndependent() {
        let n = 200_000
        var (sum, square, product, last) = (0.0, 0.0, 0.0, 0.5)
        for history in 0..<n {
            var stream = RandomStream(seed: 11, history: UInt64(history))
            let u = stream.uniform()
            #expect(u > 0 && u < 1)
            sum += u - 0.5
            square += (u - 0.5) * (u - 0.5)
            product += (u - 0.5) * (last - 0.5)
            last = u
        }
        let scale = 1 / Double(n)
        expectClose(sum * scale, 0, absolute: 0.0026, because: "four standard errors")
        expectClose(square * scale, 1.0 / 12, absolute: 0.0007, because: "four standard errors")
        expectClose(product * scale, 0, absolute: 0.00075, because: "four standard errors")
    }

    @Test func normalDeviatesHaveTheMomentsAndTailsOfTheNormalDistribution() {
        var stream = RandomStream(seed: 3, history: 0)
        let n = 2_000_000
        var moments = [Double](repeating: 0, count: 5)
        var beyond = [Double](repeating: 0, count: 4)
        let limits = [0.5, 1.0, 2.0, 3.6]
        for _ in 0..<n {
            let x = stream.normal()
            var power = 1.0
            for i in 0..<5 {
                moments[i] += power
                power *= x
            }
            for (i, limit) in limits.enumerated() where abs(x) > limit { beyond[i] += 1 }
        }
        let scale = 1 / Double(n)
        expectClose(moments[1] * scale, 0, absolute: 0.0029, because: "four standard errors")
        expectClose(moments[2] * scale, 1, absolute: 0.004, because: "four standard errors")
        expectClose(moments[3] * scale, 0, absolute: 0.011, because: "four standard errors")
        expectClose(moments[4] * scale, 3, absolute: 0.028, because: "four standard errors")
        // Twice the upper tail of the normal distribution; the last lies in the tail beyond the layers.
        for (i, probability) in [0.617075, 0.317311, 0.0455003, 3.18217e-4].enumerated() {
            expectClose(
                beyond[i] * scale, probability, absolute: 4 * (probability * scale).squareRoot(),
                because: "four standard errors")
        }
    }
}
