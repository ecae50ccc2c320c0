import DeliveryControl
import DeliverySimulation

/// Writes the log of one session: entries wait in memory until a commit is begun, which hands them as one frame to a thread that writes it
/// and brings it to disk; `finishCommit` waits for its answer.
///
/// One frame is one commit: after a crash it is there or not, never half. One commit is under way at a time: the next waits for it. The first
/// failure of a write or a synchronisation ends the log for good: from then on every commit says no, so that the control holds the beam and
/// stops. What a commit said yes to stays.
///
/// ## Checked by
/// `DeliveryLogWriterTests` (full disk, errors, slow disk), `CrashTests` (the process is killed).
public final class DeliveryLogWriter: RecordSink {
    public let header: DeliveryLogHeader
    /// Why the log ended; nil while it is good.
    public private(set) var failure: DeliveryLogError?
    /// Commits that are known to be on disk.
    public private(set) var commits = 0
    private let file: any LogFile
    private let thread: CommitThread
    private let counters: RetainedCounters
    private var pending = EntryEncoder()
    private var number: UInt32 = 0
    private var previous: UInt32 = 0
    /// Bytes of all frames that were handed to the thread.
    private var size = 0
    private var isClosed = false
    /// Whether the thread has a frame whose answer was not looked at.
    private var isUnderWay = false
    /// Answers that are known and were not asked for, oldest first.
    private var answers: [Bool] = []

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
        thread = try CommitThread(file: file)
        var content = LogBytes()
        header.encode(to: &content)
        try write(.header, content.bytes, opening: DeliveryLogFormat.opening)
    }

    public func append(_ entry: FieldRecord, at time: MonotonicTime) {
        if failure == nil, !isClosed { pending.add(entry, at: time) }
    }

    public func beginCommit() {
        lookAtAnswer()
        guard failure == nil, !isClosed else { return answers.append(false) }
        guard pending.count > 0 else { return answers.append(true) }
        let content = pending.content.bytes
        pending = EntryEncoder()
        hand(.entries, content)
        isUnderWay = true
    }

    public func finishCommit() -> Bool {
        if answers.isEmpty { lookAtAnswer() }
        precondition(!answers.isEmpty, "a commit is finished that was not begun")
        return answers.removeFirst()
    }

    /// Brings all that was appended to the disk and waits for it.
    ///
    /// - Returns: Whether it is there.
    public func commit() -> Bool {
        beginCommit()
        lookAtAnswer()
        return answers.removeLast()
    }

    public func retain(_ registers: MonitorSample) { counters.keep(registers) }

    public func latch(layer: Int, visit: Int, _ registers: MonitorSample) {
        counters.latch(layer: layer, visit: visit, registers)
    }

    /// Writes what waits and the last frame: from then on any missing byte is damage.
    ///
    /// - Throws: `DeliveryLogError`, also the failure of an earlier commit.
    public func close() throws(DeliveryLogError) {
        guard !isClosed else { return }
        _ = commit()
        if let failure { throw failure }
        do {
            try write(.end, [])
            thread.end()
            try file.trim()
        } catch {
            failure = error
            throw error
        }
        isClosed = true
        file.close()
    }

    /// Waits for the frame under way. The counters' file learns of its bytes here, hence never before they are on disk.
    private func lookAtAnswer() {
        guard isUnderWay else { return }
        isUnderWay = false
        do {
            try thread.wait()
            counters.acknowledge(size)
            commits += 1
            answers.append(true)
        } catch {
            failure = error
            answers.append(false)
        }
    }

    private func hand(_ kind: DeliveryLogFormat.Kind, _ content: [UInt8], opening: [UInt8] = []) {
        let frame = DeliveryLogFormat.frame(kind, number: number, after: previous, content)
        size += opening.count + frame.bytes.count
        number += 1
        previous = frame.checksum
        thread.begin(opening.isEmpty ? frame.bytes : opening + frame.bytes)
    }

    private func write(
        _ kind: DeliveryLogFormat.Kind, _ content: [UInt8], opening: [UInt8] = []
    ) throws(DeliveryLogError) {
        hand(kind, content, opening: opening)
        try thread.wait()
        counters.acknowledge(size)
    }
}
