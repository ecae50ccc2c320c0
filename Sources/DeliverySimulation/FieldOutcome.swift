import DeliveryControl

/// What the patient really got and how it went, known to the simulation alone.
public struct FieldOutcome: Sendable {
    /// Ions of each visit, `[layer][visit]`, as they passed while the beam stood at it or moved to it.
    public internal(set) var ions: [[Double]]
    /// Ions of each visit over where the beam really was, mm times ions, `[layer][visit]`.
    public internal(set) var ionPositionsMM: [[SIMD2<Double>]]
    /// Moment of the first and the last ion of each visit, s; infinite and negative infinite if none came.
    public internal(set) var firstIonS: [[Double]]
    public internal(set) var lastIonS: [[Double]]
    /// Where the ions of each visit landed, `[layer][visit]`.
    public internal(set) var places: [[IonPlaces]]
    /// Ions that came while the counters' gate was closed.
    public internal(set) var strayIons = 0.0
    /// Entries of the log, with their time and whether they reached the disk.
    public internal(set) var records: [(entry: FieldRecord, time: MonotonicTime)] = []
    public internal(set) var recordsOnDisk = 0
    /// State of the control at the end.
    public internal(set) var phase = FieldControl.Phase.idle
    public internal(set) var latched = InterlockSet()
    /// Counters of the hardware at the end.
    public internal(set) var registers = MonitorSample(primary: 0, secondary: 0)
    /// Time from the first start to the end, s, and its parts.
    public internal(set) var durationS = 0.0
    public internal(set) var times = TimeShares()
    public internal(set) var fills = 0
    /// Events that the control decided.
    public internal(set) var events = 0

    init(field: FieldSequence) {
        ions = field.layers.map { [Double](repeating: 0, count: $0.visits.count) }
        ionPositionsMM = field.layers.map { [SIMD2<Double>](repeating: .zero, count: $0.visits.count) }
        places = field.layers.map { [IonPlaces](repeating: IonPlaces(), count: $0.visits.count) }
        firstIonS = field.layers.map { [Double](repeating: .infinity, count: $0.visits.count) }
        lastIonS = field.layers.map { [Double](repeating: -.infinity, count: $0.visits.count) }
    }
}

/// Where ions of a visit landed, as the plant knows it.
public struct IonPlaces: Hashable, Sendable {
    /// Ions further from their visit than the tolerance; while the magnets move by plan, further from their way.
    public internal(set) var misplaced = 0.0
    /// Least and greatest x and y of the ions that came when the magnets should have stood, mm; infinite if none came.
    public internal(set) var leastMM = SIMD2<Double>(repeating: .infinity)
    public internal(set) var greatestMM = SIMD2<Double>(repeating: -.infinity)

    public init() {}
}

/// Where the time of a field went, s.
public struct TimeShares: Hashable, Sendable {
    /// Beam on.
    public var beam = 0.0
    /// Beam off between spots, on the way or until beam is seen to be off and on.
    public var scanning = 0.0
    /// Waiting for the breathing gate.
    public var gate = 0.0
    /// Steps to the next energy within a fill.
    public var energySteps = 0.0
    /// New fills: injection, acceleration.
    public var fills = 0.0
    /// Everything else: operators, disk, verification.
    public var other = 0.0

    public init() {}

    public var total: Double { beam + scanning + gate + energySteps + fills + other }
}
