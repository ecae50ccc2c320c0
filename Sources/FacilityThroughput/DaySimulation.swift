import NumericKernels

/// A treatment day event by event: rooms, patients, one beam.
///
/// A patient enters a room as soon as it is free, is set up and prepared, asks for beam, waits, is irradiated, leaves. One room
/// is irradiated at a time; to lead the beam to another room takes `switchMin`. The next patient enters only if the expected room use
/// (`DayRules.expectedRoomUseMin(room:site:)`) ends before the day does, so a day ends with little overtime. Times of
/// patient n come from stream n of the seed: the same patients come, whatever the rules.
///
/// See docs/theory/accelerator.md.
///
/// ## Checked by
/// `DaySimulationTests`: constant times by hand, closed form of a closed queue, no two rooms with beam, published day.
public struct DaySimulation: Sendable {
    public let rules: DayRules
    public let seed: UInt64

    /// - Throws: If the rules are impossible.
    public init(rules: DayRules, seed: UInt64) throws(ThroughputError) {
        try rules.check()
        self.rules = rules
        self.seed = seed
    }

    /// Plays the day.
    public func run() -> DayResult {
        var day = RunningDay(rules: rules, seed: seed)
        for room in rules.rooms.indices { day.admit(to: room, at: rules.openMin) }
        while let event = day.nextEvent() { day.handle(event) }
        return day.result
    }
}

/// Times of one patient, minutes.
private struct Patient {
    var number: Int
    var site: Int
    var setUp: Double
    var preparation: Double
    var irradiation: Double
    var leaving: Double
    var enteredMin = 0.0
    var requestedMin = 0.0
}

private struct DayEvent {
    enum Kind: Int {
        case beamEnds, requestsBeam, roomFree
    }
    var timeMin: Double
    var kind: Kind
    var room: Int
}

private struct RunningDay {
    let rules: DayRules
    let seed: UInt64
    var events: [DayEvent] = []
    var patients: [Patient?]
    var queue: BeamQueue
    var isBeamBusy = false
    /// Room that the beam was led to last.
    var beamRoom: Int?
    var entered = 0
    var segments: [[DayResult.Segment]]
    var fractions: [Int]
    var waits: [Int: Double] = [:]
    var stays: [Int: Double] = [:]

    init(rules: DayRules, seed: UInt64) {
        self.rules = rules
        self.seed = seed
        patients = Array(repeating: nil, count: rules.rooms.count)
        segments = Array(repeating: [], count: rules.rooms.count)
        fractions = Array(repeating: 0, count: rules.rooms.count)
        queue = BeamQueue(rule: rules.queue)
    }

    /// The earliest event; at equal times beam ends first, then by room.
    mutating func nextEvent() -> DayEvent? {
        let first = events.indices.min { a, b in
            let (x, y) = (events[a], events[b])
            return (x.timeMin, x.kind.rawValue, x.room) < (y.timeMin, y.kind.rawValue, y.room)
        }
        return first.map { events.remove(at: $0) }
    }

    private func draw(_ number: Int, in room: DayRules.Room) -> Patient {
        var random = SeededRandom(seed: seed, stream: UInt64(number))
        let index = rules.mix.site(at: random.uniform())
        let site = rules.mix.sites[index]
        var setUp = 0.0
        for _ in 0..<site.positionings { setUp += room.setUp.sample(&random) }
        var patient = Patient(
            number: number, site: index, setUp: setUp, preparation: room.preparation.sample(&random),
            irradiation: site.irradiation.sample(&random), leaving: room.leaving.sample(&random))
        let stay = patient.setUp + patient.preparation + patient.irradiation + patient.leaving
        patient.leaving += max(0, rules.leastStayMin - stay)
        return patient
    }

    /// The next patient enters a free room, if the day is long enough.
    mutating func admit(to room: Int, at now: Double) {
        if let demand = rules.demand, entered >= demand { return }
        var patient = draw(entered, in: rules.rooms[room])
        let expected = rules.expectedRoomUseMin(room: room, site: patient.site)
        guard now + max(rules.leastStayMin, expected) <= rules.closeMin else { return }
        entered += 1
        patient.enteredMin = now
        add(.setUp, patient, room, now, now + patient.setUp)
        patient.requestedMin = now + patient.setUp + patient.preparation
        add(.preparation, patient, room, now + patient.setUp, patient.requestedMin)
        patients[room] = patient
        events.append(DayEvent(timeMin: patient.requestedMin, kind: .requestsBeam, room: room))
    }

    private mutating func add(
        _ phase: DayResult.Phase, _ patient: Patient, _ room: Int, _ start: Double, _ end: Double
    ) {
        guard end > start else { return }
        segments[room].append(
            .init(
                room: room, phase: phase, patient: patient.number, site: patient.site, startMin: start,
                endMin: end))
    }

    mutating func handle(_ event: DayEvent) {
        switch event.kind {
        case .requestsBeam:
            guard let patient = patients[event.room] else { return }
            let site = rules.mix.sites[patient.site]
            queue.add(
                .init(
                    room: event.room, madeMin: event.timeMin,
                    expectedMin: site.irradiation.meanMin + rules.switchMin,
                    greatestWaitMin: rules.rooms[event.room].greatestWaitMin))
            serve(at: event.timeMin)
        case .beamEnds:
            isBeamBusy = false
            serve(at: event.timeMin)
        case .roomFree:
            patients[event.room] = nil
            admit(to: event.room, at: event.timeMin)
        }
    }

    /// Gives the beam to the next room, if it is free.
    private mutating func serve(at now: Double) {
        guard !isBeamBusy, let request = queue.next(at: now), let patient = patients[request.room] else {
            return
        }
        let start = now + (beamRoom == request.room ? 0 : rules.switchMin)
        let end = start + patient.irradiation
        add(.waiting, patient, request.room, patient.requestedMin, start)
        add(.irradiation, patient, request.room, start, end)
        add(.leaving, patient, request.room, end, end + patient.leaving)
        waits[patient.number] = start - patient.requestedMin
        stays[patient.number] = end + patient.leaving - patient.enteredMin
        fractions[request.room] += 1
        isBeamBusy = true
        beamRoom = request.room
        events.append(DayEvent(timeMin: end, kind: .beamEnds, room: request.room))
        events.append(DayEvent(timeMin: end + patient.leaving, kind: .roomFree, room: request.room))
    }

    var result: DayResult {
        DayResult(
            rules: rules, segments: segments.flatMap { $0 }, fractionsByRoom: fractions,
            waitsMin: (0..<entered).map { waits[$0] ?? 0 }, staysMin: (0..<entered).map { stays[$0] ?? 0 },
            promotions: queue.promotions)
    }
}
