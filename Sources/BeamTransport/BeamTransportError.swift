import BeamOptics

/// Why a beam line could not be followed.
public enum BeamTransportError: Error, Hashable, Sendable, CustomStringConvertible {
    case optics(BeamOpticsError)
    /// Something about the line as a whole.
    case line(String)
    /// The ion stops in a part.
    case stopped(part: String, energyMeVPerNucleon: Double)
    /// The line has no scanning magnet for an axis.
    case noScanner(String)
    /// A place that the scanning magnets cannot reach.
    case unreachable(String)

    public var description: String {
        switch self {
        case .optics(let error): "\(error)"
        case .line(let why): why
        case .stopped(let part, let energy):
            "ions of \(energy) MeV/u stop in \(part); use a thinner one or a greater energy"
        case .noScanner(let axis): "the line has no scanning magnet for \(axis)"
        case .unreachable(let why): why
        }
    }
}
