import DeliveryControl

/// Where the log's entries go: a file, or memory in tests.
public protocol RecordSink {
    /// Takes an entry; it need not be on disk yet.
    mutating func append(_ entry: FieldRecord, at time: MonotonicTime)
    /// Brings all that was appended to the disk.
    ///
    /// - Returns: Whether it is there.
    mutating func commit() -> Bool
    /// The hardware's counters moved; a sink that outlives the process keeps them.
    mutating func retain(_ registers: MonitorSample)
}

/// Keeps nothing: the outcome has the entries anyway.
public struct NoSink: RecordSink, Sendable {
    public init() {}
    public mutating func append(_ entry: FieldRecord, at time: MonotonicTime) {}
    public mutating func commit() -> Bool { true }
    public mutating func retain(_ registers: MonitorSample) {}
}
