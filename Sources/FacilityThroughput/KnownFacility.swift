/// Rooms of the five facilities with the throughput that is published for them, for comparison with simulated days.
public struct KnownFacility: Hashable, Sendable {
    public var name: String
    public var rooms: [DayRules.Room]
    /// Treatment days per year.
    public var daysPerYear: Double
    /// Patients per year that are published; nil for none.
    public var publishedPatientsPerYear: Double?
    /// What that number is.
    public var remark: String

    public init(
        name: String, rooms: [DayRules.Room], daysPerYear: Double, publishedPatientsPerYear: Double?,
        remark: String
    ) {
        self.name = name
        self.rooms = rooms
        self.daysPerYear = daysPerYear
        self.publishedPatientsPerYear = publishedPatientsPerYear
        self.remark = remark
    }

    private init(_ name: String, _ rooms: [String], _ published: Double?, _ remark: String) {
        self.init(
            name: name, rooms: rooms.map { DayRules.Room(name: $0) }, daysPerYear: Self.fourDayWeeks,
            publishedPatientsPerYear: published, remark: remark)
    }

    /// Treatment days of a year with four a week, holidays and maintenance off.
    public static let fourDayWeeks = 190.0

    /// HIMAC's new building, i-ROCK, Yamagata, Yonsei, and the system proposed for Russia (not contracted).
    ///
    /// ## Source
    /// HIMAC: Mohamad et al., Cancers 10 (2018) 66; i-ROCK: design figure; Yamagata: Nikkei 2024; Yonsei: announcements of 2018. Rooms:
    /// announcements of the facilities. Four treatment days a week: NIRS and Yamagata, assumed for the others.
    public static let all: [KnownFacility] = [
        KnownFacility("HIMAC new building", ["E", "F", "G"], 800, "more than 800: workflow capacity"),
        KnownFacility("i-ROCK", ["1", "2", "3", "4"], 880, "design figure"),
        KnownFacility("Yamagata", ["fixed", "gantry"], 662, "treated in fiscal year 2023"),
        KnownFacility("Yonsei", ["fixed", "gantry 1", "gantry 2"], 1500, "planned, not reached"),
        KnownFacility("Russia (proposed)", ["fixed", "gantry"], nil, "not contracted; as Yamagata"),
    ]
}
