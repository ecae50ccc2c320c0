import DICOMFile

/// How a pixel is stored: Bits Allocated, Bits Stored, High Bit and Pixel Representation.
struct CellFormat: Equatable {
    var bitsAllocated: Int
    var bitsStored: Int
    var highBit: Int
    var isSigned: Bool

    /// Reads and checks the elements of one-sample images.
    ///
    /// - Parameter allowed: the values of Bits Allocated that can be used.
    init(_ dataset: DICOMItem, allowed: [Int]) throws(DICOMError) {
        let samples = try dataset.requiredInteger(.samplesPerPixel)
        guard samples == 1 else {
            throw dataset.invalid(
                .samplesPerPixel, value: "\(samples)", why: "a colour image holds no CT numbers or doses",
                remedy: "export the original image, not a screen capture")
        }
        let photometric = try dataset.requiredText(.photometricInterpretation)
        guard photometric == "MONOCHROME2" else {
            throw dataset.invalid(
                .photometricInterpretation, value: photometric,
                why: "only MONOCHROME2 values grow with CT number or dose",
                remedy: "export the original image")
        }
        bitsAllocated = try dataset.requiredInteger(.bitsAllocated)
        guard allowed.contains(bitsAllocated) else {
            throw dataset.invalid(
                .bitsAllocated, value: "\(bitsAllocated)",
                why: "\(allowed.map { "\($0)" }.joined(separator: " or ")) is expected",
                remedy: "export the object again")
        }
        bitsStored = try dataset.requiredInteger(.bitsStored)
        guard (1...bitsAllocated).contains(bitsStored) else {
            throw dataset.invalid(
                .bitsStored, value: "\(bitsStored)", why: "it must be 1...\(bitsAllocated)",
                remedy: "export the object again")
        }
        highBit = try dataset.requiredInteger(.highBit)
        guard (bitsStored - 1..<bitsAllocated).contains(highBit) else {
            throw dataset.invalid(
                .highBit, value: "\(highBit)", why: "it must be \(bitsStored - 1)...\(bitsAllocated - 1)",
                remedy: "export the object again")
        }
        let representation = try dataset.requiredInteger(.pixelRepresentation)
        guard representation == 0 || representation == 1 else {
            throw dataset.invalid(
                .pixelRepresentation, value: "\(representation)", why: "it must be 0 or 1",
                remedy: "export the object again")
        }
        isSigned = representation == 1
    }

    /// Bytes of one stored cell.
    var bytesPerCell: Int { bitsAllocated / 8 }

    /// The stored values as numbers: the stored bits only, sign extended.
    ///
    /// - Parameter bytes: `count` little-endian cells, and possibly a padding byte.
    func values(_ bytes: [UInt8], count: Int) -> [Int64] {
        let shift = highBit + 1 - bitsStored
        let mask = bitsStored == 64 ? UInt64.max : (UInt64(1) << UInt64(bitsStored)) - 1
        let sign = UInt64(1) << UInt64(bitsStored - 1)
        let width = bytesPerCell
        var values = [Int64](repeating: 0, count: count)
        bytes.withUnsafeBufferPointer { source in
            for i in 0..<count {
                var raw: UInt64 = 0
                for b in 0..<width { raw |= UInt64(source[i * width + b]) << UInt64(8 * b) }
                let stored = (raw >> UInt64(shift)) & mask
                values[i] =
                    isSigned && stored & sign != 0
                    ? Int64(stored) - Int64(mask) - 1 : Int64(stored)
            }
        }
        return values
    }
}
