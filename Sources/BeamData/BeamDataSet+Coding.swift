import Quantities

/// Bytes of the file, version 2; see docs/formats/beam-data.md.
extension BeamDataSet {
    /// First eight bytes of every file.
    static let mark = Array("KASANEBD".utf8)
    /// The one version that is written and read.
    public static let formatVersion = 2
    /// Bytes before the part that the checksum covers.
    private static let preambleLength = 20

    /// The set as a file.
    ///
    /// Tables are stored as 16-bit square-root steps of the greatest value of their column, so that a set that was
    /// decoded and encoded again gives the same bytes.
    public func encoded() -> [UInt8] {
        var body = ByteWriter()
        body.uint8(UInt8(clamping: ion.atomicNumber))
        body.uint8(UInt8(clamping: ion.massNumber))
        body.uint16(UInt16(BeamComponent.allCases.count))
        for count in [
            axes.depths.count, axes.spectrumDepths.count, axes.spectrumEdges.count, axes.species.count,
            nodes.count, provenance.utf8.count,
        ] {
            body.uint16(UInt16(clamping: count))
        }
        body.bytes += Array(provenance.utf8.prefix(Int(UInt16.max)))
        for value in axes.depths + axes.spectrumDepths + axes.spectrumEdges { body.float64(value) }
        for isotope in axes.species {
            body.uint8(UInt8(clamping: isotope.atomicNumber))
            body.uint8(UInt8(clamping: isotope.massNumber))
        }
        let perSpecies = axes.spectrumDepths.count * axes.energyBinCount
        for node in nodes {
            body.float64(node.energyMeVPerNucleon)
            body.float64(node.rangeMM)
            for component in node.components {
                for column in component.columns { body.column(column[...]) }
            }
            for species in axes.species.indices {
                body.column(node.spectra[(species * perSpecies)..<((species + 1) * perSpecies)])
            }
        }
        var file = ByteWriter()
        file.bytes += Self.mark
        file.uint16(UInt16(Self.formatVersion))
        file.uint16(0)
        file.uint32(UInt32(Self.preambleLength + body.bytes.count))
        file.uint32(CRC32.checksum(body.bytes[...]))
        file.bytes += body.bytes
        return file.bytes
    }

    /// Reads a file.
    ///
    /// - Throws: `notBeamData`, `unsupportedVersion`, `wrongLength`, `checksumMismatch`, or `invalidField`.
    public init(bytes: [UInt8]) throws(BeamDataError) {
        guard bytes.count >= Self.preambleLength, Array(bytes[0..<8]) == Self.mark else {
            throw .notBeamData
        }
        var preamble = ByteReader(bytes: bytes, position: 8)
        let version = Int(try preamble.uint16())
        guard version == Self.formatVersion else {
            throw .unsupportedVersion(version, supported: Self.formatVersion)
        }
        _ = try preamble.uint16()
        let length = Int(try preamble.uint32())
        guard length == bytes.count else { throw .wrongLength(bytes: bytes.count, expected: length) }
        let stored = try preamble.uint32()
        let computed = CRC32.checksum(bytes[Self.preambleLength...])
        guard stored == computed else { throw .checksumMismatch(stored: stored, computed: computed) }

        var reader = preamble
        let ion = Isotope(
            atomicNumber: Int(try reader.uint8()), massNumber: Int(try reader.uint8()))
        let components = Int(try reader.uint16())
        guard components == BeamComponent.allCases.count else {
            throw .invalidField("number of components", value: Double(components))
        }
        var counts: [Int] = []
        for _ in 0..<6 { counts.append(Int(try reader.uint16())) }
        let provenance = try reader.text(length: counts[5])
        let axes = BeamDataAxes(
            depths: try reader.float64s(counts[0]), spectrumDepths: try reader.float64s(counts[1]),
            spectrumEdges: try reader.float64s(counts[2]), species: try reader.species(counts[3]))
        var nodes: [BeamDataNode] = []
        for _ in 0..<counts[4] {
            nodes.append(try reader.node(axes: axes))
        }
        guard reader.position == bytes.count else {
            throw .wrongLength(bytes: bytes.count, expected: reader.position)
        }
        try self.init(ion: ion, provenance: provenance, axes: axes, nodes: nodes)
    }
}

/// Little-endian output.
private struct ByteWriter {
    var bytes: [UInt8] = []

    mutating func uint8(_ value: UInt8) { bytes.append(value) }
    mutating func uint16(_ value: UInt16) { little(UInt64(value), 2) }
    mutating func uint32(_ value: UInt32) { little(UInt64(value), 4) }
    mutating func float64(_ value: Double) { little(value.bitPattern, 8) }

    private mutating func little(_ value: UInt64, _ count: Int) {
        for i in 0..<count { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * i))) }
    }

    /// Greatest value g as Float32, then q with value = g (q/65535)².
    mutating func column(_ values: ArraySlice<Float>) {
        let greatest = values.max() ?? 0
        uint32(greatest.bitPattern)
        for value in values {
            let share = greatest > 0 ? (Double(value) / Double(greatest)).squareRoot() : 0
            uint16(UInt16((share * 65535).rounded()))
        }
    }
}

/// Little-endian input that refuses to read past the end.
private struct ByteReader {
    let bytes: [UInt8]
    var position: Int

    private mutating func little(_ count: Int) throws(BeamDataError) -> UInt64 {
        guard position + count <= bytes.count else {
            throw .wrongLength(bytes: bytes.count, expected: position + count)
        }
        var value: UInt64 = 0
        for i in 0..<count { value |= UInt64(bytes[position + i]) << UInt64(8 * i) }
        position += count
        return value
    }

    mutating func uint8() throws(BeamDataError) -> UInt8 { UInt8(truncatingIfNeeded: try little(1)) }
    mutating func uint16() throws(BeamDataError) -> UInt16 { UInt16(truncatingIfNeeded: try little(2)) }
    mutating func uint32() throws(BeamDataError) -> UInt32 { UInt32(truncatingIfNeeded: try little(4)) }
    mutating func float64() throws(BeamDataError) -> Double { Double(bitPattern: try little(8)) }

    mutating func float64s(_ count: Int) throws(BeamDataError) -> [Double] {
        var values: [Double] = []
        for _ in 0..<count { values.append(try float64()) }
        return values
    }

    mutating func species(_ count: Int) throws(BeamDataError) -> [Isotope] {
        var species: [Isotope] = []
        for _ in 0..<count {
            species.append(Isotope(atomicNumber: Int(try uint8()), massNumber: Int(try uint8())))
        }
        return species
    }

    mutating func text(length: Int) throws(BeamDataError) -> String {
        guard position + length <= bytes.count else {
            throw .wrongLength(bytes: bytes.count, expected: position + length)
        }
        defer { position += length }
        guard let text = String(validating: bytes[position..<(position + length)], as: UTF8.self) else {
            throw .invalidField("provenance", value: Double(length))
        }
        return text
    }

    mutating func column(_ count: Int) throws(BeamDataError) -> [Float] {
        let greatest = Double(Float(bitPattern: try uint32()))
        var values: [Float] = []
        values.reserveCapacity(count)
        for _ in 0..<count {
            let share = Double(try uint16()) / 65535
            values.append(Float(greatest * share * share))
        }
        return values
    }

    mutating func node(axes: BeamDataAxes) throws(BeamDataError) -> BeamDataNode {
        let energy = try float64()
        let range = try float64()
        var components: [ComponentDepthTable] = []
        for _ in BeamComponent.allCases {
            var columns: [[Float]] = []
            for _ in 0..<ComponentDepthTable.columnCount { columns.append(try column(axes.depths.count)) }
            components.append(ComponentDepthTable(columns: columns))
        }
        var spectra: [Float] = []
        for _ in axes.species {
            spectra += try column(axes.spectrumDepths.count * axes.energyBinCount)
        }
        return BeamDataNode(
            energyMeVPerNucleon: energy, rangeMM: range, components: components, spectra: spectra)
    }
}
