/// Door, search and emergency chain of a treatment room.
///
///     open ──search──▶ searching ──last button──▶ searched ──door closed, key──▶ secured
///       ▲                                                                     │
///       └────────────── door opened, search lost ─────────────────────────────┤
///     emergency ◀── button, from everywhere ──────────────────────────────────┘   (released and reset: open)
///
/// It only reports: the same contacts take the beam off in hardware.
///
/// ## Checked by
/// `RoomControlTests`: every state and event.
public struct RoomControl: ~Copyable, Sendable {
    public enum Phase: String, CaseIterable, Sendable {
        case open, searching, searched, secured, emergency
    }
    public enum Event: String, CaseIterable, Sendable {
        case searchStarted, lastSearchButton, doorClosedAndKey, doorOpened, searchLost, emergencyPressed
        case emergencyReset
    }

    public private(set) var phase = Phase.open

    public init() {}

    /// Whether beam may enter the room.
    public var isSecured: Bool { phase == .secured }

    /// - Parameter event: What happened.
    /// - Returns: Whether it was accepted.
    public mutating func handle(_ event: Event) -> Bool {
        switch (phase, event) {
        case (_, .emergencyPressed): phase = .emergency
        case (.emergency, .emergencyReset): phase = .open
        case (.open, .searchStarted): phase = .searching
        case (.searching, .lastSearchButton): phase = .searched
        case (.searched, .doorClosedAndKey): phase = .secured
        case (.searching, .doorOpened), (.searched, .doorOpened), (.secured, .doorOpened),
            (.open, .doorOpened),
            (.searching, .searchLost), (.searched, .searchLost), (.secured, .searchLost),
            (.open, .searchLost):
            phase = .open
        case (.emergency, .doorOpened), (.emergency, .searchLost): break
        case (.open, .lastSearchButton), (.open, .doorClosedAndKey), (.open, .emergencyReset),
            (.searching, .searchStarted), (.searching, .doorClosedAndKey), (.searching, .emergencyReset),
            (.searched, .searchStarted), (.searched, .lastSearchButton), (.searched, .emergencyReset),
            (.secured, .searchStarted), (.secured, .lastSearchButton), (.secured, .doorClosedAndKey),
            (.secured, .emergencyReset), (.emergency, .searchStarted), (.emergency, .lastSearchButton),
            (.emergency, .doorClosedAndKey):
            return false
        }
        return true
    }
}
