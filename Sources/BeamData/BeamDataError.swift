/// Why beam data cannot be read or used.
public enum BeamDataError: Error, Equatable, Sendable {
    /// The bytes do not begin with the mark of a beam data file.
    case notBeamData
    /// The format version is none that this program reads.
    case unsupportedVersion(Int, supported: Int)
    /// The file is shorter or longer than its header says.
    case wrongLength(bytes: Int, expected: Int)
    /// The bytes were changed after the file was written.
    case checksumMismatch(stored: UInt32, computed: UInt32)
    /// A field holds what it must not.
    case invalidField(String, value: Double)
    /// The energy lies outside the nodes; nothing is extrapolated.
    case energyOutsideNodes(Double, valid: ClosedRange<Double>)
    /// The range lies outside the nodes; nothing is extrapolated.
    case rangeOutsideNodes(Double, valid: ClosedRange<Double>)
    /// An argument of the interpolation is out of bounds.
    case invalidArgument(String, value: Double)
}

extension BeamDataError: CustomStringConvertible {
    /// The problem, why it is one, and what to do.
    public var description: String {
        switch self {
        case .notBeamData:
            "this is not beam data (the file does not begin with KASANEBD); give a file made by "
                + "`kasane beam-data build`"
        case .unsupportedVersion(let version, let supported):
            "beam data of format version \(version) (this program reads \(supported)); rebuild it with "
                + "`kasane beam-data build`"
        case .wrongLength(let bytes, let expected):
            "beam data has \(bytes) bytes (its header says \(expected)); the file is truncated or damaged, "
                + "restore or rebuild it"
        case .checksumMismatch(let stored, let computed):
            "beam data has checksum \(String(computed, radix: 16)) (its header says "
                + "\(String(stored, radix: 16))); the file is damaged, restore or rebuild it"
        case .invalidField(let field, let value):
            "beam data field \(field) is \(value) (outside what the format allows); rebuild the file"
        case .energyOutsideNodes(let energy, let valid):
            "energy \(energy) MeV/u is outside the beam data (\(valid.lowerBound)...\(valid.upperBound) "
                + "MeV/u); choose an energy inside or build beam data for it"
        case .rangeOutsideNodes(let range, let valid):
            "range \(range) mm is outside the beam data (\(valid.lowerBound)...\(valid.upperBound) mm); "
                + "choose a range inside or build beam data for it"
        case .invalidArgument(let name, let value):
            "\(name) is \(value) (must be finite and not negative, steps positive); correct it"
        }
    }
}
