import DeliveryControl

/// Where the log's entries go: a file, or memory in tests.
public protocol RecordSink {
    /// Takes an entry; it need not be on disk yet.
    mutating func append(_ entry: FieldRecord, at time: MonotonicTime)
    /// Begins to bring all that was appended to the disk; what is appended from here on belongs to the next commit.
    mutating func beginCommit()
    /// Waits for the oldest commit that was begun and not asked for yet.
    ///
    /// - Returns: Whether it is on disk.
    mutating func finishCommit() -> Bool
    /// The hardware's counters moved; a sink that outlives the process keeps them.
    mutating func retain(_ registers: MonitorSample)
    /// The magnets are sent to a visit: from these counts on, what is counted belongs there. A sink that outlives the process keeps it.
    ///
    /// - Parameters:
    ///   - layer: Index in the field's layers.
    ///   - visit: Index in the layer's visits.
    ///   - registers: Counters at this moment.
    mutating func latch(layer: Int, visit: Int, _ registers: MonitorSample)
    /// Ions passed while the beam stood at a visit or moved to it: what the plant knows and no log can, for a witness that checks the log.
    ///
    /// - Parameters:
    ///   - ions: That came in this step; the counters follow.
    ///   - layer: Index in the field's layers.
    ///   - visit: Index in the layer's visits.
    mutating func witness(ions: Double, layer: Int, visit: Int)
}

extension RecordSink {
    /// Most sinks have no use for the truth.
    public mutating func witness(ions: Double, layer: Int, visit: Int) {}
}

/// Keeps nothing: the outcome has the entries anyway.
public struct NoSink: RecordSink, Sendable {
    public init() {}
    public mutating func append(_ entry: FieldRecord, at time: MonotonicTime) {}
    public mutating func beginCommit() {}
    public mutating func finishCommit() -> Bool { true }
    public mutating func retain(_ registers: MonitorSample) {}
    public mutating func latch(layer: Int, visit: Int, _ registers: MonitorSample) {}
}
