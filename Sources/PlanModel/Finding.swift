/// Something a person must judge: not an error, but a result of a check.
public struct Finding: Hashable, Sendable {
    /// How serious.
    public enum Severity: String, Hashable, Sendable, Comparable {
        case information, warning, failure
        public static func < (a: Self, b: Self) -> Bool {
            a.rank < b.rank
        }
        private var rank: Int {
            switch self {
            case .information: 0
            case .warning: 1
            case .failure: 2
            }
        }
    }
    public var severity: Severity
    /// Stable code, for example `PLAN-0012`.
    public var code: String
    /// Problem (why it is one) what to do.
    public var message: String
    /// Where, for example `fields[1].layers[3]`.
    public var path: String

    public init(severity: Severity, code: String, message: String, path: String = "") {
        self.severity = severity
        self.code = code
        self.message = message
        self.path = path
    }
}
