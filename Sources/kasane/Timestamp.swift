import Foundation

/// The time as it is written into results.
enum Timestamp {
    /// Now, ISO 8601 in universal time.
    static var now: String { Date.now.formatted(.iso8601) }
    /// Now to the minute, for people.
    static var printed: String {
        Date.now.formatted(
            .verbatim(
                "\(year: .defaultDigits)-\(month: .twoDigits)-\(day: .twoDigits) \(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits) UTC",
                timeZone: .gmt, calendar: Calendar(identifier: .gregorian)))
    }
}
