import FacilityModel

/// Rooms that wait for the one beam.
///
/// Requests stand in the order in which they were made. Each room has a greatest waiting time; a request that would exceed it, if all in
/// front of it were served first, is put at the head. Of several, the one with the least time left is first.
///
/// ## Source
/// Rule of JP2011-182866 (Toshiba): a list of requests with a greatest waiting time per room.
/// ## Checked by
/// `BeamQueueTests`.
public struct BeamQueue: Hashable, Sendable {
    /// One room's wish for beam.
    public struct Request: Hashable, Sendable {
        /// Index of the room.
        public let room: Int
        /// When it was made, minutes.
        public let madeMin: Double
        /// How long the beam will be used, as expected, minutes.
        public let expectedMin: Double
        /// Greatest waiting time of the room, minutes.
        public let greatestWaitMin: Double

        public init(room: Int, madeMin: Double, expectedMin: Double, greatestWaitMin: Double) {
            self.room = room
            self.madeMin = madeMin
            self.expectedMin = expectedMin
            self.greatestWaitMin = greatestWaitMin
        }

        /// Minutes that are left at `now` until the greatest wait is reached.
        func slackMin(at now: Double) -> Double { madeMin + greatestWaitMin - now }
    }

    /// Which request is served next.
    public let rule: FacilityOperation.QueueRule
    public private(set) var requests: [Request] = []
    /// How often a request was put in front of an earlier one.
    public private(set) var promotions = 0

    public init(rule: FacilityOperation.QueueRule) { self.rule = rule }

    public mutating func add(_ request: Request) { requests.append(request) }

    /// Takes the request that is served now; nil if there is none.
    public mutating func next(at now: Double) -> Request? {
        guard !requests.isEmpty else { return nil }
        guard rule == .promoteLate, let late = latest(at: now), late != 0 else {
            return requests.removeFirst()
        }
        promotions += 1
        return requests.remove(at: late)
    }

    /// The request with the least slack among those that would wait too long; nil if none would.
    private func latest(at now: Double) -> Int? {
        var ahead = 0.0
        var found: Int?
        for (index, request) in requests.enumerated() {
            let slack = request.slackMin(at: now)
            if ahead > slack, found.map({ slack < requests[$0].slackMin(at: now) }) ?? true { found = index }
            ahead += request.expectedMin
        }
        return found
    }
}
