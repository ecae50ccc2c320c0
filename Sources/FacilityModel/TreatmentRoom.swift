/// A treatment room as its day runs: ports, set-up and times.
///
/// Times are those of one fraction. Where spread is given, it is the standard deviation; the distribution is the
/// choice of whoever simulates (a log-normal one suits times).
public struct TreatmentRoom: Hashable, Sendable {
    /// Images that the set-up is checked with.
    public enum Imaging: String, Hashable, Sendable, CaseIterable {
        case xRayPair = "x-ray-pair"
        case ctOnRails = "ct-on-rails"
        case coneBeamCT = "cone-beam-ct"
        case fluoroscopy
    }

    /// Mean and standard deviation of a time, minutes.
    public struct Duration: Hashable, Sendable {
        public var meanMin: Double
        public var deviationMin: Double

        public init(meanMin: Double, deviationMin: Double) {
            self.meanMin = meanMin
            self.deviationMin = deviationMin
        }
    }

    public var id: String
    /// IDs of the ports of the room, in the order of the file.
    public var ports: [String]
    public var imaging: [Imaging]
    /// From entering the room to the approved position.
    public var setUp: Duration
    /// From the approved position to the request for beam: gating, checks, search of the room.
    public var preparation: Duration
    /// From the end of the beam until the room is free.
    public var leaving: Duration
    /// Whether patients are positioned in a room outside first, so that set-up in the room is short.
    public var hasSimulationRoom: Bool
    /// Whether patients are treated in it; a room that is not in use has no part in the day.
    public var isInUse: Bool

    public init(
        id: String, ports: [String], imaging: [Imaging], setUp: Duration, preparation: Duration,
        leaving: Duration, hasSimulationRoom: Bool, isInUse: Bool = true
    ) {
        self.id = id
        self.ports = ports
        self.imaging = imaging
        self.setUp = setUp
        self.preparation = preparation
        self.leaving = leaving
        self.hasSimulationRoom = hasSimulationRoom
        self.isInUse = isInUse
    }

    /// Mean time in the room without beam, minutes.
    public var meanTimeWithoutBeamMin: Double { setUp.meanMin + preparation.meanMin + leaving.meanMin }
}
