/// Checksum of 64-bit words, Fowler–Noll–Vo 1a with the word in place of the byte.
///
///     h ← (h ⊕ word) · 0x100000001B3   modulo 2⁶⁴
///
/// Every step is one to one in h and in the word, so that a single changed word, hence a single flipped bit, always changes the sum.
///
/// ## Source
/// draft-eastlake-fnv (constants).
/// ## Checked by
/// `ChecksumTests`.
public struct WordChecksum: Hashable, Sendable {
    public private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    public init() {}

    @inlinable public mutating func add(_ number: Double) { add(number.bitPattern) }

    @inlinable public mutating func add(_ number: Int64) { add(UInt64(bitPattern: number)) }

    public mutating func add(_ word: UInt64) { value = (value ^ word) &* 0x100_0000_01B3 }
}

/// CRC-32C (Castagnoli): finds every burst of up to 32 bits and every torn record with 1 - 2⁻³².
///
/// ## Source
/// RFC 3720, appendix B.4.
/// ## Checked by
/// `ChecksumTests`: the RFC's answers.
public enum CyclicRedundancyCheck {
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { crc, _ in crc & 1 == 1 ? (crc >> 1) ^ 0x82F6_3B78 : crc >> 1 }
    }

    /// - Parameter bytes: In order.
    public static func value(_ bytes: some Sequence<UInt8>) -> UInt32 {
        if let value = bytes.withContiguousStorageIfAvailable({ contiguous($0) }) { return value }
        return ~bytes.reduce(~UInt32(0)) { crc, byte in table[Int((crc ^ UInt32(byte)) & 0xFF)] ^ (crc >> 8) }
    }

    private static func contiguous(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt32 {
        table.withUnsafeBufferPointer { table in
            var crc = ~UInt32(0)
            for byte in bytes { crc = table[Int((crc ^ UInt32(byte)) & 0xFF)] ^ (crc >> 8) }
            return ~crc
        }
    }
}
