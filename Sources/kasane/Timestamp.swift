import Foundation

/// The time as it is written into results.
enum Timestamp {
    /// Now, ISO 8601 in universal time.
    static var now: String { Date.now.formatted(.iso8601) }
}
