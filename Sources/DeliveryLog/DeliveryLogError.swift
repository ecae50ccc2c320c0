/// Why a log cannot be written, read or continued. The text says the problem, why it is one and what to do.
public enum DeliveryLogError: Error, Hashable, Sendable {
    /// Something with the same name is there already.
    case exists(path: String)
    /// The operating system refused; after a failed synchronisation the file is never written again.
    case refused(path: String, action: String, why: String)
    /// Not a log, or one of a version that is not known.
    case notALog(path: String)
    case unknownVersion(path: String, version: UInt32)
    /// A frame before the end does not give its checksum.
    case damaged(path: String, offset: Int, what: String)
    /// Both copies of the hardware's counters are damaged.
    case noCounters(path: String, why: String)
    /// Another process delivers this fraction.
    case inUse(folder: String)
    /// A file of an earlier session is missing.
    case missingSession(folder: String, name: String)
    /// An earlier session belongs to something else.
    case otherDelivery(path: String, what: String, found: String, expected: String)
    /// The counters say less than the log.
    case contradiction(path: String, what: String)
    /// The field has nothing left.
    case nothingLeft(folder: String, field: Int)
}

extension DeliveryLogError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .exists(let path):
            "\(path): is there already (a log is never overwritten); give another folder, or continue the fraction"
        case .refused(let path, let action, let why):
            "\(path): could not \(action) (\(why)); what was acknowledged before is on disk, beam is off; check disk and "
                + "permissions, then continue in a new session"
        case .notALog(let path):
            "\(path): does not begin like a delivery log (it would be read wrongly); give a file that a delivery wrote"
        case .unknownVersion(let path, let version):
            "\(path): version \(version) of the delivery log is not known (this program reads "
                + "\(DeliveryLogFormat.version)); use a newer program"
        case .damaged(let path, let offset, let what):
            "\(path): damaged at byte \(offset), before its end: \(what) (what was delivered cannot be told from it); restore "
                + "the file from a copy; if there is none, a physicist decides from the counters"
        case .noCounters(let path, let why):
            "\(path): the counters that the hardware kept cannot be read (\(why)), and the log beside it was not closed (what "
                + "the last moments gave is unknown); a physicist decides, nothing is repeated by itself"
        case .inUse(let folder):
            "\(folder): another process delivers this fraction (it would be given twice); wait for its end"
        case .missingSession(let folder, let name):
            "\(folder): \(name) is missing although later files are there (what it delivered would be given again); restore it"
        case .otherDelivery(let path, let what, let found, let expected):
            "\(path): belongs to \(what) '\(found)', not '\(expected)' (its counts cannot be continued); give the folder of this "
                + "fraction and the plan that it was begun with"
        case .contradiction(let path, let what):
            "\(path): \(what) (log and counters cannot both be right); a physicist decides, nothing is repeated by itself"
        case .nothingLeft(let folder, let field):
            "\(folder): field \(field) is delivered completely (beam again would be too much); deliver the next fraction"
        }
    }
}
