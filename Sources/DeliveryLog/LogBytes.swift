/// Bytes of a log being written: little-endian words, and whole numbers of seven bits a byte, so that small numbers are short.
struct LogBytes {
    var bytes: [UInt8] = []

    mutating func add(_ byte: UInt8) { bytes.append(byte) }

    mutating func add(word value: UInt32) {
        for shift in stride(from: UInt32(0), to: 32, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }

    mutating func add(_ value: Double) {
        let bits = value.bitPattern
        for shift in stride(from: UInt64(0), to: 64, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: bits >> shift))
        }
    }

    mutating func add(count value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func add(count value: Int) { add(count: UInt64(value)) }

    /// With its sign in the lowest bit.
    mutating func add(signed value: Int64) { add(count: UInt64(bitPattern: (value << 1) ^ (value >> 63))) }

    mutating func add(_ text: String) {
        add(count: text.utf8.count)
        bytes.append(contentsOf: text.utf8)
    }
}

/// What is wrong inside a frame whose checksum holds; the reader adds file and place.
struct PayloadError: Error {
    var what: String
}

/// Reads what `LogBytes` wrote.
struct LogCursor {
    private let bytes: ArraySlice<UInt8>
    private var position: Int

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    var isAtEnd: Bool { position == bytes.endIndex }

    mutating func byte() throws(PayloadError) -> UInt8 {
        guard position < bytes.endIndex else { throw PayloadError(what: "it ends early") }
        defer { position += 1 }
        return bytes[position]
    }

    mutating func word() throws(PayloadError) -> UInt32 {
        var value: UInt32 = 0
        for shift in stride(from: UInt32(0), to: 32, by: 8) { value |= UInt32(try byte()) << shift }
        return value
    }

    mutating func double() throws(PayloadError) -> Double {
        var bits: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 8) { bits |= UInt64(try byte()) << shift }
        return Double(bitPattern: bits)
    }

    mutating func unsigned() throws(PayloadError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            let next = try byte()
            guard shift < 63 || next <= 1 else { throw PayloadError(what: "a number is too large") }
            value |= UInt64(next & 0x7F) << shift
            if next < 0x80 { return value }
        }
        throw PayloadError(what: "a number does not end")
    }

    mutating func signed() throws(PayloadError) -> Int64 {
        let value = try unsigned()
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    /// A number from 0 to `limit`.
    mutating func count(upTo limit: Int) throws(PayloadError) -> Int {
        let value = try unsigned()
        guard value <= UInt64(limit) else { throw PayloadError(what: "\(value) is above \(limit)") }
        return Int(value)
    }

    mutating func text() throws(PayloadError) -> String {
        let length = try count(upTo: bytes.endIndex - position)
        let slice = bytes[position..<position + length]
        position += length
        guard let text = String(validating: slice, as: UTF8.self) else {
            throw PayloadError(what: "a text is not UTF-8")
        }
        return text
    }
}
