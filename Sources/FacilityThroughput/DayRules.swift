import FacilityModel

/// How a treatment day runs.
public struct DayRules: Hashable, Sendable {
    /// One room.
    public struct Room: Hashable, Sendable {
        public var name: String
        /// Greatest time that the room shall wait for beam, minutes.
        public var greatestWaitMin: Double

        public init(name: String, greatestWaitMin: Double = 10) {
            self.name = name
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
    public var queue: BeamQueue.Rule
    /// Fractions that are to be given; nil for as many as the day takes.
    public var demand: Int?

    /// - Parameters:
    ///   - rooms: At least one.
    ///   - mix: Who is treated.
    ///   - openMin: 9:00, assumed (quality assurance comes before).
    ///   - closeMin: 17:00, assumed.
    ///   - leastStayMin: 7 (Mori et al., J. Appl. Clin. Med. Phys. 13 (2012) 226).
    ///   - switchMin: 0.5, assumed.
    ///   - queue: Which room gets the beam next.
    ///   - demand: Fractions to be given; nil for as many as the day takes.
    public init(
        rooms: [Room], mix: PatientMix, openMin: Double = 9 * 60, closeMin: Double = 17 * 60,
        leastStayMin: Double = 7, switchMin: Double = 0.5, queue: BeamQueue.Rule = .promoteLate,
        demand: Int? = nil
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

    /// A day of a machine: one room for each room that its ports name.
    ///
    /// This is the one place where a machine file becomes a day.
    ///
    /// - Parameters:
    ///   - description: The machine.
    ///   - mix: Who is treated.
    public init(_ description: MachineDescription, mix: PatientMix) {
        var names: [String] = []
        for port in description.machine.ports where !names.contains(port.room) { names.append(port.room) }
        self.init(rooms: names.map { Room(name: $0) }, mix: mix)
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
        for room in rooms where !(room.greatestWaitMin >= 0) {
            throw .figure(
                "greatest wait of room \(room.name) (min)", room.greatestWaitMin, mustBe: "not negative")
        }
        if let demand, demand < 0 {
            throw .figure("fractions to be given", Double(demand), mustBe: "not negative")
        }
    }
}
