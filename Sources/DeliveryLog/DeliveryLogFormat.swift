import NumericKernels

/// How a log lies in its file; docs/formats/delivery-log.md.
///
///     "KASANEDL" version │ frame 0: header │ frame 1: entries │ … │ last frame: end
///     frame = marker, CRC-32C of all that follows, length, payload;  payload = number, CRC of the frame before, kind, content
public enum DeliveryLogFormat {
    /// Version that is written and read.
    public static let version: UInt32 = 2
    static let magic = Array("KASANEDL".utf8)
    static let marker: [UInt8] = [0xD5, 0x4B, 0x46, 0x0A]
    /// Bytes before the first frame.
    static let prefix = 12
    /// Marker, checksum, length.
    static let frameHead = 12
    /// Longest payload.
    static let longestPayload = 1 << 28

    enum Kind: UInt8 {
        case header = 1
        case entries, end
    }

    /// Magic and version.
    static var opening: [UInt8] {
        var bytes = LogBytes(bytes: magic)
        bytes.add(word: version)
        return bytes.bytes
    }

    /// A frame, and its checksum for the next one.
    static func frame(
        _ kind: Kind, number: UInt32, after previous: UInt32, _ content: [UInt8]
    ) -> (
        bytes: [UInt8], checksum: UInt32
    ) {
        var body = LogBytes()
        body.bytes.reserveCapacity(content.count + 13)
        body.add(word: UInt32(content.count + 9))
        body.add(word: number)
        body.add(word: previous)
        body.add(kind.rawValue)
        body.bytes.append(contentsOf: content)
        let checksum = CyclicRedundancyCheck.value(body.bytes)
        var frame = LogBytes(bytes: marker)
        frame.add(word: checksum)
        frame.bytes.append(contentsOf: body.bytes)
        return (frame.bytes, checksum)
    }

    /// A frame that was found whole.
    package struct Frame {
        var kind: UInt8
        var number: UInt32
        var previous: UInt32
        var checksum: UInt32
        var content: ArraySlice<UInt8>
        package var end: Int
    }

    /// The frame that begins at a place; nil unless it is whole and gives its checksum.
    package static func frame(in bytes: [UInt8], at offset: Int) -> Frame? {
        guard offset + frameHead + 9 <= bytes.count,
            bytes[offset..<offset + 4].elementsEqual(marker)
        else { return nil }
        func word(_ place: Int) -> UInt32 {
            (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[place + $1]) << UInt32(8 * $1) }
        }
        let length = Int(word(offset + 8))
        guard (9...longestPayload).contains(length), offset + frameHead + length <= bytes.count else {
            return nil
        }
        let end = offset + frameHead + length
        let checksum = word(offset + 4)
        guard CyclicRedundancyCheck.value(bytes[(offset + 8)..<end]) == checksum else { return nil }
        return Frame(
            kind: bytes[offset + 20], number: word(offset + 12), previous: word(offset + 16),
            checksum: checksum, content: bytes[(offset + 21)..<end], end: end)
    }
}
