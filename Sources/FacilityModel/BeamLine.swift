/// From the ring's extraction to a port's isocentre.
public struct BeamLine: Hashable, Sendable {
    /// Name of the beam-line file with the magnets; nil for none.
    public var file: String?
    /// Ions at the isocentre over ions extracted, 0 to 1.
    public var transmission: Double

    public init(file: String?, transmission: Double) {
        self.file = file
        self.transmission = transmission
    }
}
