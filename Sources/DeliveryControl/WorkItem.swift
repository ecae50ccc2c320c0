/// The lock and the record of one scheduled fraction: one station claims it, what was delivered is stored once.
///
///     scheduled ──claim──▶ inProgress ──complete──▶ completed
///                              └──────cancel──────▶ cancelled
///
/// The transaction UID that a station claims with is the key to every later change (DICOM PS3.4 CC.2.1, Unified Procedure Step); a record is
/// known by its SOP Instance UID, so that sending it again changes nothing.
///
/// ## Checked by
/// `WorkItemTests`.
public struct WorkItem: Hashable, Sendable {
    public enum Phase: String, CaseIterable, Sendable {
        case scheduled, inProgress, completed, cancelled
    }

    public private(set) var phase = Phase.scheduled
    private var transactionUID: String?
    /// SOP Instance UIDs of the stored records, in order of arrival.
    public private(set) var recordUIDs: [String] = []
    /// Fractions that were counted: 0 or 1.
    public private(set) var fractionsCounted = 0

    /// Share of the fraction that the station told last, percent; it never falls, also where messages overtake each other.
    public private(set) var progressPercent = 0

    public init() {}

    /// - Parameter uid: Transaction UID of the station.
    /// - Returns: Whether this station has it now; true again for the station that has it.
    public mutating func claim(_ uid: String) -> Bool {
        guard !uid.isEmpty else { return false }
        switch phase {
        case .scheduled:
            phase = .inProgress
            transactionUID = uid
            return true
        case .inProgress: return transactionUID == uid
        case .completed, .cancelled: return false
        }
    }

    /// Progress while the fraction is delivered (Procedure Step Progress).
    ///
    /// - Parameters:
    ///   - percent: 0 to 100.
    ///   - uid: Transaction UID.
    /// - Returns: Whether it was taken.
    public mutating func update(progressPercent percent: Int, transactionUID uid: String) -> Bool {
        guard phase == .inProgress, transactionUID == uid, (0...100).contains(percent) else { return false }
        progressPercent = max(progressPercent, percent)
        return true
    }

    /// - Parameters:
    ///   - record: SOP Instance UID.
    ///   - uid: Transaction UID.
    /// - Returns: Whether the record is stored (now or before).
    public mutating func store(record: String, transactionUID uid: String) -> Bool {
        if recordUIDs.contains(record) { return true }
        guard phase == .inProgress, transactionUID == uid, !record.isEmpty else { return false }
        recordUIDs.append(record)
        return true
    }

    /// - Parameter uid: Transaction UID.
    /// - Returns: Whether it is completed (now or before, by the same station) and the fraction counted once.
    public mutating func complete(transactionUID uid: String) -> Bool {
        switch phase {
        case .inProgress:
            guard transactionUID == uid, !recordUIDs.isEmpty else { return false }
            phase = .completed
            fractionsCounted += 1
            return true
        case .completed: return transactionUID == uid
        case .scheduled, .cancelled: return false
        }
    }

    /// - Parameter uid: Transaction UID.
    /// - Returns: Whether it is cancelled.
    public mutating func cancel(transactionUID uid: String) -> Bool {
        switch phase {
        case .inProgress:
            guard transactionUID == uid else { return false }
            phase = .cancelled
            return true
        case .cancelled: return transactionUID == uid
        case .scheduled, .completed: return false
        }
    }
}
