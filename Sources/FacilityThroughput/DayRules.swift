import FacilityModel

/// How a treatment day runs.
public struct DayRules: Hashable, Sendable {
    /// One room and what a fraction does in it without beam.
    public struct Room: Hashable, Sendable {
        public var name: String
        /// One positioning: from entering the room to the approved position.
        public var setUp: TimeDistribution
        /// From the approved position to the request for beam.
        public var preparation: TimeDistribution
        /// From the end of the beam until the room is free.
        public var leaving: TimeDistribution
        /// Greatest time that the room shall wait for beam, minutes.
        public var greatestWaitMin: Double

        public init(
            name: String, setUp: TimeDistribution, preparation: TimeDistribution, leaving: TimeDistribution,
            greatestWaitMin: Double
        ) {
            self.name = name
            self.setUp = setUp
            self.preparation = preparation
            self.leaving = leaving
            self.greatestWaitMin = greatestWaitMin
        }
    }

    public var rooms: [Room]
    public var mix: PatientMix
    /// Start of the first patient, minutes after midnight.
    public var openMin: Double
    /// No patient enters whose room use is expected to end later, minutes after midnight.
    public var closeMin: Double
    /// Shortest time in the room, minutes.
    public var leastStayMin: Double
    /// To lead the beam to another room, minutes.
    public var switchMin: Double
    public var queue: FacilityOperation.QueueRule
    /// Fractions that are to be given; nil for as many as the day takes.
    public var demand: Int?

    /// - Parameters:
    ///   - rooms: At least one.
    ///   - mix: Who is treated.
    ///   - openMin: Start of the first patient, minutes after midnight.
    ///   - closeMin: When the last patient should have left, minutes after midnight.
    ///   - leastStayMin: Shortest time in the room, minutes; 0 for none.
    ///   - switchMin: To lead the beam to another room, minutes.
    ///   - queue: Which room gets the beam next.
    ///   - demand: Fractions to be given; nil for as many as the day takes.
    public init(
        rooms: [Room], mix: PatientMix, openMin: Double, closeMin: Double, leastStayMin: Double,
        switchMin: Double, queue: FacilityOperation.QueueRule, demand: Int? = nil
    ) {
        self.rooms = rooms
        self.mix = mix
        self.openMin = openMin
        self.closeMin = closeMin
        self.leastStayMin = leastStayMin
        self.switchMin = switchMin
        self.queue = queue
        self.demand = demand
    }

    /// A day of a machine as its file tells it; this is the one place where a file becomes a day.
    ///
    /// Rooms that are not in use stay empty. The hour of opening only names the hours: no result depends on it.
    ///
    /// - Parameters:
    ///   - description: The machine.
    ///   - openMin: Start of the first patient, minutes after midnight.
    /// - Throws: `missing` for what the file does not tell; what `PatientMix` refuses.
    public init(_ description: MachineDescription, openMin: Double) throws(ThroughputError) {
        let name = description.machine.name
        guard !description.rooms.isEmpty else { throw .missing("rooms", machine: name) }
        guard let operation = description.operation else { throw .missing("operation", machine: name) }
        self.init(
            rooms: description.rooms.filter(\.isInUse).map {
                Room(
                    name: $0.id, setUp: TimeDistribution($0.setUp),
                    preparation: TimeDistribution($0.preparation), leaving: TimeDistribution($0.leaving),
                    greatestWaitMin: operation.greatestWaitMin)
            },
            mix: try PatientMix(operation), openMin: openMin, closeMin: openMin + 60 * operation.hoursPerDay,
            leastStayMin: operation.leastStayMin ?? 0, switchMin: operation.roomSwitchTimeS / 60,
            queue: operation.queueRule)
    }

    /// Expected use of a room by a fraction, minutes: positionings · time of one + preparation + irradiation + leaving.
    ///
    /// ## Source
    /// Rule of JP2011-194066 (room use = number of positionings · minutes per positioning + irradiation minutes), to which
    /// preparation and leaving are added.
    ///
    /// - Parameters:
    ///   - room: Index of the room.
    ///   - site: Index of the site in the mix.
    public func expectedRoomUseMin(room: Int, site: Int) -> Double {
        let (room, site) = (rooms[room], mix.sites[site])
        return Double(site.positionings) * room.setUp.meanMin + room.preparation.meanMin
            + site.irradiation.meanMin + room.leaving.meanMin
    }

    func check() throws(ThroughputError) {
        guard !rooms.isEmpty else { throw .noRooms }
        guard openMin >= 0, openMin.isFinite else {
            throw .figure("start of the day (min)", openMin, mustBe: "not negative")
        }
        guard closeMin > openMin, closeMin <= 48 * 60 else {
            throw .figure("end of the day (min)", closeMin, mustBe: "after its start and within two days")
        }
        for (value, name) in [(leastStayMin, "least stay (min)"), (switchMin, "switch time (min)")]
        where !(value >= 0 && value.isFinite) {
            throw .figure(name, value, mustBe: "not negative")
        }
        for room in rooms {
            guard room.greatestWaitMin >= 0 else {
                throw .figure(
                    "greatest wait of room \(room.name) (min)", room.greatestWaitMin, mustBe: "not negative")
            }
            try room.setUp.check("set-up in room \(room.name)")
            try room.preparation.check("preparation in room \(room.name)")
            try room.leaving.check("leaving of room \(room.name)")
        }
        if let demand, demand < 0 {
            throw .figure("fractions to be given", Double(demand), mustBe: "not negative")
        }
    }
}
