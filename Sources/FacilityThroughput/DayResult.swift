/// What happened in a treatment day.
public struct DayResult: Hashable, Sendable {
    /// What a room does.
    public enum Phase: String, Hashable, Sendable, CaseIterable {
        case setUp = "set-up"
        case preparation
        case waiting
        case irradiation
        case leaving
    }

    /// One stretch of a room's day.
    public struct Segment: Hashable, Sendable {
        /// Index of the room.
        public let room: Int
        public let phase: Phase
        /// Number of the patient in the day, from 0, in the order of entering.
        public let patient: Int
        /// Index of the site in the mix.
        public let site: Int
        /// Minutes after midnight.
        public let startMin: Double
        public let endMin: Double

        public var durationMin: Double { endMin - startMin }
    }

    public let rules: DayRules
    /// By room, then by time; stretches of no length are left out.
    public let segments: [Segment]
    /// Fractions by room.
    public let fractionsByRoom: [Int]
    /// Time that each fraction waited for beam, minutes, in the order of entering.
    public let waitsMin: [Double]
    /// Time of each fraction in the room, minutes, in the order of entering.
    public let staysMin: [Double]
    /// How often a late request passed an earlier one.
    public let promotions: Int

    public var fractions: Int { waitsMin.count }
    /// When the last patient has left, minutes after midnight.
    public var endMin: Double { segments.map(\.endMin).max() ?? rules.openMin }
    public var overtimeMin: Double { max(0, endMin - rules.closeMin) }
    public var meanWaitMin: Double { waitsMin.isEmpty ? 0 : waitsMin.reduce(0, +) / Double(waitsMin.count) }
    public var greatestWaitMin: Double { waitsMin.max() ?? 0 }
    public var meanStayMin: Double { staysMin.isEmpty ? 0 : staysMin.reduce(0, +) / Double(staysMin.count) }

    /// Time of all rooms in a phase, minutes.
    public func timeMin(_ phase: Phase) -> Double {
        segments.reduce(0) { $1.phase == phase ? $0 + $1.durationMin : $0 }
    }

    /// Share of the working hours in which a room has a patient; above 1 with overtime.
    public func utilisation(room: Int) -> Double {
        segments.reduce(0) { $1.room == room ? $0 + $1.durationMin : $0 } / (rules.closeMin - rules.openMin)
    }

    /// Share of the working hours with beam in some room.
    public var beamUtilisation: Double { timeMin(.irradiation) / (rules.closeMin - rules.openMin) }
}
