import DeliveryControl

/// One session of a field on the machine: what earlier ones gave, where it starts, and the log that it writes.
///
/// Opening a session never switches anything on: it says where delivery would go on. A field that was interrupted comes back as
/// `interrupted` with the remainder; set-up, images and a start by a person come again.
///
/// ## Checked by
/// `DeliverySessionTests`, `CrashTests`.
public final class DeliverySession {
    /// What earlier sessions delivered.
    public let history: FieldHistory
    /// Where this one starts.
    public let start: FieldStart
    /// The log of this session.
    public let writer: DeliveryLogWriter
    /// Name of its files without extension.
    public let name: String
    private let lock: FractionLock

    /// Opens the next session of a field and makes its log.
    ///
    /// - Parameters:
    ///   - folder: Of the fraction; is made if it does not exist.
    ///   - header: Of the session; `session` and `start` are set here from what the folder holds.
    /// - Throws: `DeliveryLogError`: in use, another plan or fraction, damaged or missing files, nothing left.
    public init(opening folder: String, header: DeliveryLogHeader) throws(DeliveryLogError) {
        lock = try FractionLock(folder: folder)
        let field = header.field.fieldNumber
        history = try FieldHistory(folder: folder, fieldNumber: field)
        guard history.standing != .completed else {
            throw .nothingLeft(folder: folder, field: field)
        }
        if let first = history.sessions.compactMap(\.log).first {
            try first.header.requireSameDelivery(as: header, path: first.path)
        }
        start = history.start
        var header = header
        header.session = history.sessions.count + 1
        header.start = start
        name = FractionFolder.name(field: field, session: header.session)
        writer = try DeliveryLogWriter(
            creating: "\(folder)/\(name).log", counters: "\(folder)/\(name).counters", header: header)
    }

    /// Closes the log; another session may begin.
    ///
    /// - Throws: `DeliveryLogError`.
    public func close() throws(DeliveryLogError) { try writer.close() }
}
