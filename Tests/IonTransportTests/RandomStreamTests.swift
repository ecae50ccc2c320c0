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

    @Test func streamsOfDifferentHistoriesDiffer() {
        var words = Set<UInt64>()
        for history in 0..<1000 {
            var stream = RandomStream(seed: 1, history: UInt64(history))
            words.insert(stream.next())
        }
        #expect(words.count == 1000)
    }
}
