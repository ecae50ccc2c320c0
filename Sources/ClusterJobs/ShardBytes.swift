import CaseFiles
import IonTransport

/// Bytes of a shard file, version 1; see docs/formats/cluster-job.md.
///
/// ## Checked by
/// `ShardFileTests`.
extension Shard {
    /// First eight bytes of every file.
    static let mark = Array("KASANESH".utf8)
    public static let formatVersion = 1
    /// Mark, version, zero and length.
    static let preambleLength = 20
    /// SHA-256 of all bytes before it, as hexadecimal digits.
    static let digestLength = 64

    /// The shard as a file.
    public func encoded() -> [UInt8] {
        var out = ShardWriter()
        out.bytes += Self.mark
        out.little(UInt64(Self.formatVersion), bytes: 2)
        out.little(0, bytes: 2)
        out.little(0, bytes: 8)
        for text in [runID, program, node] { out.text(text) }
        out.little(UInt64(number), bytes: 4)
        out.little(seed, bytes: 8)
        out.little(UInt64(parts.count), bytes: 4)
        for part in parts {
            out.little(UInt64(part.section.field), bytes: 4)
            out.little(UInt64(part.section.first), bytes: 8)
            out.little(UInt64(part.section.end), bytes: 8)
            out.little(UInt64(part.tally.batches), bytes: 8)
            out.little(UInt64(part.tally.voxelCount), bytes: 8)
            out.little(UInt64(part.tally.fields), bytes: 4)
            for value in part.tally.balance { out.little(UInt64(bitPattern: value), bytes: 8) }
            out.voxels(of: part.tally)
        }
        let length = UInt64(out.bytes.count + Self.digestLength)
        for i in 0..<8 { out.bytes[12 + i] = UInt8(truncatingIfNeeded: length >> UInt64(8 * i)) }
        return out.bytes + Array(SHA256.digest(out.bytes).utf8)
    }

    /// Reads a file.
    ///
    /// - Throws: `ShardDamage` with what is wrong.
    public init(bytes: [UInt8]) throws(ShardDamage) {
        guard bytes.count >= Self.preambleLength, Array(bytes[..<8]) == Self.mark else {
            throw .notAShard
        }
        var reader = ShardReader(bytes: bytes, position: 8, end: bytes.count)
        let version = Int(try reader.little(bytes: 2))
        guard version == Self.formatVersion else { throw .version(version) }
        _ = try reader.little(bytes: 2)
        let length = try reader.little(bytes: 8)
        guard length == UInt64(bytes.count), bytes.count >= Self.preambleLength + Self.digestLength else {
            throw .length(found: bytes.count, wanted: length)
        }
        let end = bytes.count - Self.digestLength
        guard Array(SHA256.digest(bytes[..<end]).utf8) == Array(bytes[end...]) else { throw .checksum }
        reader.end = end
        runID = try reader.text()
        program = try reader.text()
        node = try reader.text()
        number = Int(try reader.little(bytes: 4))
        seed = try reader.little(bytes: 8)
        let count = Int(try reader.little(bytes: 4))
        var parts: [Part] = []
        for _ in 0..<count { parts.append(try reader.part()) }
        guard reader.position == end else { throw .inconsistent("bytes behind the last section") }
        self.parts = parts
    }
}

/// Why the bytes of a shard file cannot be used.
public enum ShardDamage: Error, Equatable, Sendable, CustomStringConvertible {
    case notAShard
    case version(Int)
    case length(found: Int, wanted: UInt64)
    case checksum
    /// The checksum is right, and yet the content contradicts itself.
    case inconsistent(String)

    public var description: String {
        switch self {
        case .notAShard: "it is no shard file, or shorter than a header"
        case .version(let version):
            "it is of format version \(version), this program reads \(Shard.formatVersion)"
        case .length(let found, let wanted): "it has \(found) bytes where its header says \(wanted)"
        case .checksum: "its SHA-256 does not fit its content: it is damaged"
        case .inconsistent(let what): "its content contradicts itself: \(what)"
        }
    }
}

/// Little-endian output with whole numbers of seven bits a byte.
struct ShardWriter {
    var bytes: [UInt8] = []

    mutating func little(_ value: UInt64, bytes count: Int) {
        for i in 0..<count { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * i))) }
    }

    /// Length in two bytes, then UTF-8.
    mutating func text(_ text: String) {
        let utf8 = Array(text.utf8.prefix(Int(UInt16.max)))
        little(UInt64(utf8.count), bytes: 2)
        bytes += utf8
    }

    /// Seven bits a byte, lowest first, the highest bit set on all but the last.
    mutating func variable(_ value: UInt128) {
        if let low = UInt64(exactly: value) { return variable(low) }
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    @inline(__always) mutating func variable(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// Runs of empty voxels and of others in turn; an empty voxel has nothing but zeros.
    mutating func voxels(of tally: VoxelTally) {
        let (fields, count) = (tally.fields, tally.voxelCount)
        tally.voxels.withUnsafeBufferPointer { cells in
            tally.squares.withUnsafeBufferPointer { squares in
                func isEmpty(_ voxel: Int) -> Bool {
                    guard squares[voxel] == 0 else { return false }
                    for i in voxel * fields..<(voxel + 1) * fields where cells[i] != 0 { return false }
                    return true
                }
                var voxel = 0
                while voxel < count {
                    var end = voxel
                    while end < count && isEmpty(end) { end += 1 }
                    variable(UInt64(end - voxel))
                    voxel = end
                    while end < count && !isEmpty(end) { end += 1 }
                    variable(UInt64(end - voxel))
                    while voxel < end {
                        for i in voxel * fields..<(voxel + 1) * fields {
                            // The sign goes into the lowest bit.
                            variable(UInt64(bitPattern: (cells[i] << 1) ^ (cells[i] >> 63)))
                        }
                        variable(squares[voxel])
                        voxel += 1
                    }
                }
            }
        }
    }
}

/// Input that refuses to read past the end.
struct ShardReader {
    let bytes: [UInt8]
    var position: Int
    var end: Int

    mutating func little(bytes count: Int) throws(ShardDamage) -> UInt64 {
        guard position + count <= end else { throw .inconsistent("it ends too early") }
        var value: UInt64 = 0
        for i in 0..<count { value |= UInt64(bytes[position + i]) << UInt64(8 * i) }
        position += count
        return value
    }

    mutating func text() throws(ShardDamage) -> String {
        let length = Int(try little(bytes: 2))
        guard position + length <= end,
            let text = String(validating: bytes[position..<position + length], as: UTF8.self)
        else { throw .inconsistent("a text is cut or not UTF-8") }
        position += length
        return text
    }

    @inline(__always) mutating func variable() throws(ShardDamage) -> UInt128 {
        var (value, shift) = (UInt64(0), UInt64(0))
        while position < end && shift <= 56 {
            let byte = bytes[position]
            position += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return UInt128(value) }
            shift += 7
        }
        var (wide, wideShift) = (UInt128(value), UInt128(shift))
        while position < end && wideShift <= 126 {
            let byte = bytes[position]
            position += 1
            guard wideShift < 126 || byte < 4 else { break }
            wide |= UInt128(byte & 0x7F) << wideShift
            if byte < 0x80 { return wide }
            wideShift += 7
        }
        throw .inconsistent("a number is cut or too long")
    }

    @inline(__always) mutating func word() throws(ShardDamage) -> UInt64 {
        guard let word = UInt64(exactly: try variable()) else {
            throw .inconsistent("a number is too long")
        }
        return word
    }

    mutating func part() throws(ShardDamage) -> Shard.Part {
        let field = Int(try little(bytes: 4))
        let first = try count("first history")
        let last = try count("last history")
        let batches = try count("batches")
        let voxelCount = try count("voxels")
        let fields = Int(try little(bytes: 4))
        guard first < last, voxelCount > 0, (3...16).contains(fields) else {
            throw .inconsistent("histories \(first) to \(last), \(voxelCount) voxels, \(fields) numbers each")
        }
        var balance: [Int64] = []
        for _ in 0..<VoxelTally.balanceCount { balance.append(Int64(bitPattern: try little(bytes: 8))) }
        var voxels = [Int64](repeating: 0, count: voxelCount * fields)
        var squares = [UInt128](repeating: 0, count: voxelCount)
        var voxel = 0
        while voxel < voxelCount {
            let empty = try word()
            let full = try word()
            guard empty <= UInt64(voxelCount - voxel), full <= UInt64(voxelCount - voxel) - empty,
                empty + full > 0
            else { throw .inconsistent("a run of voxels is too long or empty") }
            voxel += Int(empty)
            for _ in 0..<Int(full) {
                for i in voxel * fields..<(voxel + 1) * fields {
                    let word = try word()
                    voxels[i] = Int64(bitPattern: (word >> 1) ^ (0 &- (word & 1)))
                }
                squares[voxel] = try variable()
                voxel += 1
            }
        }
        return Shard.Part(
            section: .init(field: field, first: first, end: last),
            tally: VoxelTally(
                histories: last - first, batches: batches, voxels: voxels, squares: squares, balance: balance)
        )
    }

    /// A number of things that must fit into memory.
    private mutating func count(_ what: String) throws(ShardDamage) -> Int {
        let value = try little(bytes: 8)
        guard value < (what == "voxels" ? 1 << 28 : 1 << 40) else { throw .inconsistent("\(what): \(value)") }
        return Int(value)
    }
}
