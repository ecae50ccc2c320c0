import DeliveryControl

/// One session of a field as its files tell it.
public struct RecordedSession: Sendable {
    public var name: String
    /// Nil if the session died before its header was on disk: it delivered nothing.
    public var log: DeliveryLog?
    /// The counters that the hardware kept.
    public var counters: RetainedCounters.Reading?
    /// What it delivered; nil without a log.
    public var delivered: DeliveredSession?
}

/// All that the sessions of a field delivered in one fraction, and where delivery goes on.
///
/// Files of a fraction's folder: `field-1-session-2.log` and `field-1-session-2.counters`. Nothing is ever overwritten; every session after an
/// interruption writes files of its own.
///
/// ## Checked by
/// `DeliverySessionTests`, `CrashTests`.
public struct FieldHistory: Sendable {
    /// State in which a field waits.
    public enum Standing: String, CaseIterable, Sendable {
        /// Nothing was begun.
        case new
        /// A session ended before the field was complete, in order or not: only a new session can give the rest.
        case interrupted
        case completed
    }

    public let fieldNumber: Int
    public private(set) var sessions: [RecordedSession] = []

    /// Reads the sessions of a field.
    ///
    /// - Parameters:
    ///   - folder: Of the fraction; may be empty or missing.
    ///   - fieldNumber: DICOM Beam Number.
    /// - Throws: `DeliveryLogError` where a file is missing, damaged, or says what cannot be.
    public init(folder: String, fieldNumber: Int) throws(DeliveryLogError) {
        self.fieldNumber = fieldNumber
        let names = Set(try FractionFolder.names(in: folder))
        var start = FieldStart.beginning
        let last = FractionFolder.sessions(names, field: fieldNumber).last ?? 0
        for number in stride(from: 1, through: last, by: 1) {
            let name = FractionFolder.name(field: fieldNumber, session: number)
            guard names.contains(name + ".log") || names.contains(name + ".counters") else {
                throw .missingSession(folder: folder, name: name + ".log")
            }
            let session = try Self.read(folder, name: name, names: names)
            if let log = session.log, let delivered = session.delivered {
                guard log.header.start == start else {
                    throw .contradiction(
                        path: log.path,
                        what:
                            "it starts at layer \(log.header.start.layer + 1), count \(log.header.start.counts), but the "
                            + "sessions before end at layer \(start.layer + 1), count \(start.counts)")
                }
                if let first = sessions.compactMap(\.log).first?.header {
                    try log.header.requireSameDelivery(as: first, path: log.path)
                }
                start = delivered.rest
            }
            sessions.append(session)
        }
    }

    private static func read(
        _ folder: String, name: String, names: Set<String>
    ) throws(DeliveryLogError) -> RecordedSession {
        let (path, countersPath) = ("\(folder)/\(name).log", "\(folder)/\(name).counters")
        var counters: RetainedCounters.Reading?
        var trouble: DeliveryLogError?
        do {
            counters = try RetainedCounters.read(countersPath)
        } catch {
            trouble = error
        }
        guard names.contains(name + ".log") else {
            // Died between the two files, or while the first was made: the log comes after it, so nothing was delivered.
            let isNew: Bool
            if let counters {
                isNew = counters.registers.primary == 0 && counters.acknowledged == 0
            } else {
                isNew = try SystemLogFile.contents(of: countersPath).allSatisfy { $0 == 0 }
            }
            guard isNew else { throw .missingSession(folder: folder, name: name + ".log") }
            return RecordedSession(name: name, log: nil, counters: counters, delivered: nil)
        }
        guard let log = try DeliveryLog.read(path, acknowledged: counters?.acknowledged ?? 0) else {
            guard let counters, counters.registers.primary == 0, counters.registers.secondary == 0 else {
                throw trouble
                    ?? .contradiction(path: path, what: "the header is missing, but the monitors counted")
            }
            return RecordedSession(name: name, log: nil, counters: counters, delivered: nil)
        }
        if !log.isClosed, counters == nil {
            throw trouble ?? .noCounters(path: countersPath, why: "there is no such file")
        }
        let delivered = log.delivered(counters)
        if let counters, !log.isClosed {
            let total = delivered.total
            guard total.primary == counters.registers.primary,
                total.secondary == counters.registers.secondary
            else {
                throw .contradiction(
                    path: path,
                    what:
                        "log and salvage add up to \(total.primary) and \(total.secondary) counts, the hardware kept "
                        + "\(counters.registers.primary) and \(counters.registers.secondary)")
            }
        }
        return RecordedSession(name: name, log: log, counters: counters, delivered: delivered)
    }

    /// Where delivery goes on; layer `layers.count` if nothing is left.
    public var start: FieldStart { sessions.compactMap(\.delivered).last?.rest ?? .beginning }

    public var standing: Standing {
        guard let last = sessions.compactMap(\.delivered).last else { return .new }
        return last.rest.layer >= last.field.layers.count ? .completed : .interrupted
    }

    /// Counts of all sessions, `[layer][visit]`; empty if no session began.
    public var bookings: [[DeliveryLedger.Booking]] {
        let ledgers = sessions.compactMap(\.delivered?.ledger)
        guard var sum = ledgers.first?.bookings else { return [] }
        for ledger in ledgers.dropFirst() {
            for layer in sum.indices {
                for visit in sum[layer].indices { sum[layer][visit].add(ledger.bookings[layer][visit]) }
            }
        }
        return sum
    }
}

extension DeliveredSession {
    /// Where delivery goes on after this session.
    public var rest: FieldStart { ledger.rest }
}

extension DeliveryLog {
    /// What the session delivered.
    ///
    /// - Parameter counters: Counters and latches of the hardware; used where the log was not closed.
    public func delivered(_ counters: RetainedCounters.Reading?) -> DeliveredSession {
        DeliveredSession(
            field: header.field, from: header.start, records: records.lazy.map { ($0.entry, $0.time) },
            retained: isClosed ? nil : counters?.registers, latches: counters?.latches ?? [])
    }
}

extension DeliveryLogHeader {
    /// Refuses what does not belong to one delivery of one field.
    func requireSameDelivery(as other: DeliveryLogHeader, path: String) throws(DeliveryLogError) {
        for (what, found, expected) in [
            ("the plan with hash", field.planHash, other.field.planHash),
            ("patient", field.setup.patientID, other.field.setup.patientID),
            ("machine", machineName, other.machineName),
            ("fraction", "\(fraction)", "\(other.fraction)"),
            ("field", "\(field.fieldNumber)", "\(other.field.fieldNumber)"),
            ("monitors with ions per count", "\(ionsPerCount)", "\(other.ionsPerCount)"),
            (
                "the spot table with checksum", "\(field.layers.map(\.checksum).hashed)",
                "\(other.field.layers.map(\.checksum).hashed)"
            ),
        ] where found != expected {
            throw .otherDelivery(path: path, what: what, found: found, expected: expected)
        }
    }
}

extension DeliveryLedger.Booking {
    fileprivate mutating func add(_ other: Self) {
        primary += other.primary
        secondary += other.secondary
        positionSumMM += other.positionSumMM
        positionCounts += other.positionCounts
    }
}
