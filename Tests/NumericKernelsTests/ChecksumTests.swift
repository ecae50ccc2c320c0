import NumericKernels
import Testing

struct ChecksumTests {
    /// RFC 3720, B.4: 32 bytes of zeros, of ones, ascending.
    @Test func cyclicRedundancyCheck() {
        #expect(CyclicRedundancyCheck.value([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
        #expect(CyclicRedundancyCheck.value([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
        #expect(CyclicRedundancyCheck.value((0..<32).map { UInt8($0) }) == 0x46DD_794E)
        #expect(CyclicRedundancyCheck.value("123456789".utf8) == 0xE306_9283)
    }

    @Test func wordsInOrder() {
        var (a, b) = (WordChecksum(), WordChecksum())
        a.add(UInt64(1))
        a.add(UInt64(2))
        b.add(UInt64(2))
        b.add(UInt64(1))
        #expect(a.value != b.value)
        var single = WordChecksum()
        single.add(UInt64(0))
        // (offset basis ⊕ 0) · prime modulo 2⁶⁴
        #expect(single.value == 0xCBF2_9CE4_8422_2325 &* 0x100_0000_01B3)
    }
}
