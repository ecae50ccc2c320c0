import DeliveryControl
import DeliverySimulation

/// Writes the log of one session: entries wait in memory until `commit`, which writes them as one frame and brings it to disk.
///
/// One frame is one commit: after a crash it is there or not, never half. The first failure of a write or a synchronisation ends the log for
/// good: from then on every commit says no, so that the control holds the beam and stops. What a commit said yes to stays.
///
/// ## Checked by
/// `DeliveryLogWriterTests` (full disk, errors, short writes), `CrashTests` (the process is killed).
public final class DeliveryLogWriter: RecordSink {
    public let header: DeliveryLogHeader
    /// Why the log ended; nil while it is good.
    public private(set) var failure: DeliveryLogError?
    /// Commits that reached the disk.
    public private(set) var commits = 0
    private let file: any LogFile
    private let counters: RetainedCounters
    private var pending = EntryEncoder()
    private var number: UInt32 = 0
    private var previous: UInt32 = 0
    private var size = 0
    private var isClosed = false

    /// Makes log and counters; the header is on disk when this returns.
    ///
    /// - Parameters:
    ///   - path: Of the log; must not exist.
    ///   - countersPath: Of the hardware's counters; must not exist.
    ///   - header: Of the session.
    /// - Throws: `DeliveryLogError`.
    public convenience init(
        creating path: String, counters countersPath: String, header: DeliveryLogHeader
    ) throws(DeliveryLogError) {
        let counters = try RetainedCounters(creating: countersPath)
        // 48 bytes for a visit and as much again for frames, interruptions and holds.
        let file = try SystemLogFile(creating: path, reserving: 65536 + 160 * header.field.visitCount)
        try self.init(file: file, counters: counters, header: header)
    }

    package init(
        file: any LogFile, counters: RetainedCounters, header: DeliveryLogHeader
    ) throws(DeliveryLogError) {
        self.file = file
        self.counters = counters
        self.header = header
        var content = LogBytes()
        header.encode(to: &content)
        try write(.header, content.bytes, opening: DeliveryLogFormat.opening)
    }

    public func append(_ entry: FieldRecord, at time: MonotonicTime) {
        if failure == nil, !isClosed { pending.add(entry, at: time) }
    }

    public func commit() -> Bool {
        guard failure == nil, !isClosed else { return false }
        guard pending.count > 0 else { return true }
        let content = pending.content.bytes
        pending = EntryEncoder()
        do {
            try write(.entries, content)
            commits += 1
            return true
        } catch {
            failure = error
            return false
        }
    }

    public func retain(_ registers: MonitorSample) { counters.keep(registers) }

    /// Writes what waits and the last frame: from then on any missing byte is damage.
    ///
    /// - Throws: `DeliveryLogError`, also the failure of an earlier commit.
    public func close() throws(DeliveryLogError) {
        guard !isClosed else { return }
        _ = commit()
        if let failure { throw failure }
        do {
            try write(.end, [])
            try file.trim()
        } catch {
            failure = error
            throw error
        }
        isClosed = true
        file.close()
    }

    private func write(
        _ kind: DeliveryLogFormat.Kind, _ content: [UInt8], opening: [UInt8] = []
    ) throws(DeliveryLogError) {
        let frame = DeliveryLogFormat.frame(kind, number: number, after: previous, content)
        try file.append(opening.isEmpty ? frame.bytes : opening + frame.bytes)
        try file.synchronise()
        size += opening.count + frame.bytes.count
        number += 1
        previous = frame.checksum
        counters.acknowledge(size)
    }
}
