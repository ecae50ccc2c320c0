/// What one session of a field delivered, visit by visit, and how it ended: the entries of its log and, after a crash, the counters of the
/// hardware, brought into the form that records and doses are made from.
///
/// ## Checked by
/// `DeliveredSessionTests`.
public struct DeliveredSession: Sendable {
    /// One stay at a spot that got counts.
    public struct Stay: Hashable, Sendable {
        /// Index in the layer's visits, and the spot's index in the plan's layer.
        public var visit: Int
        public var spot: Int
        public var painting: Int
        public var primary: Int64
        public var secondary: Int64
        /// Where the beam was measured, IEC gantry at the isocentre plane, mm; where it was sent if nothing was measured.
        public var positionMM: SIMD2<Double>
        public var isMeasured: Bool
        /// From beam on at the visit, or the end of the visit before, to its end; equal where the log does not know.
        public var begin: MonotonicTime
        public var end: MonotonicTime
    }

    /// The part of the session in one layer.
    public struct Layer: Sendable {
        /// Index in the field's layers.
        public var layer: Int
        /// When the layer's beam was ready first, and its last entry.
        public var begin: MonotonicTime
        public var end: MonotonicTime
        public var stays: [Stay]

        public init(layer: Int, begin: MonotonicTime, end: MonotonicTime, stays: [Stay]) {
            self.layer = layer
            self.begin = begin
            self.end = end
            self.stays = stays
        }

        public var primary: Int64 { stays.reduce(0) { $0 + $1.primary } }
        public var secondary: Int64 { stays.reduce(0) { $0 + $1.secondary } }
    }

    /// An interlock and what became of it.
    public struct Event: Hashable, Sendable {
        public var interlock: Interlock
        public var time: MonotonicTime
        /// A warning does not stop.
        public var isWarning: Bool
        /// When it was reset, and by whom; nil if it still stands.
        public var reset: MonotonicTime?
        public var persons: [RightHolder] = []
    }

    /// A difference of the set-up that persons let stand.
    public struct Override: Hashable, Sendable {
        public var interlock: Interlock
        public var time: MonotonicTime
        public var persons: [RightHolder]
        public var reason: String

        public init(interlock: Interlock, time: MonotonicTime, persons: [RightHolder], reason: String) {
            self.interlock = interlock
            self.time = time
            self.persons = persons
            self.reason = reason
        }
    }

    /// How it ended.
    public enum Ending: String, CaseIterable, Sendable {
        /// The whole field is delivered.
        case completed
        /// Ended by an interlock or a person.
        case terminated
        /// The log breaks off: the program died.
        case brokenOff
    }

    public let field: FieldSequence
    public let start: FieldStart
    /// Layers in which this session had beam ready, in order.
    public private(set) var layers: [Layer] = []
    public private(set) var events: [Event] = []
    public private(set) var overrides: [Override] = []
    public private(set) var ending = Ending.brokenOff
    public private(set) var ledger: DeliveryLedger
    /// First and last entry; nil if there is none.
    public private(set) var begin: MonotonicTime?
    public private(set) var end: MonotonicTime?

    /// - Parameters:
    ///   - field: As it was loaded.
    ///   - start: Where the session started.
    ///   - records: Entries with their times, in order.
    ///   - retained: Counters of the hardware after a crash; nil if the log was closed in order.
    ///   - latches: Of the hardware, the last ones before the crash without a gap, in their order.
    public init(
        field: FieldSequence, from start: FieldStart, records: some Sequence<(FieldRecord, MonotonicTime)>,
        retained: MonitorSample?, latches: [VisitLatch] = []
    ) {
        self.field = field
        self.start = start
        ledger = DeliveryLedger(field: field)
        var windows = Windows(field: field)
        for (entry, time) in records {
            if begin == nil { begin = time }
            end = time
            ledger.add(entry)
            windows.add(entry, at: time, rest: ledger.rest)
            note(entry, at: time)
        }
        if let retained { ledger.salvage(retained, latches: latches) }
        if ledger.isComplete || ledger.rest.layer >= field.layers.count {
            ending = .completed
        } else if ledger.isTerminated {
            ending = .terminated
        }
        layers = windows.layers(ledger)
    }

    /// Counts of the session, primary and secondary.
    public var total: (primary: Int64, secondary: Int64) { ledger.total }

    private mutating func note(_ entry: FieldRecord, at time: MonotonicTime) {
        switch entry {
        case .interlock(let interlock):
            events.append(Event(interlock: interlock, time: time, isWarning: false))
        case .warning(let interlock):
            events.append(Event(interlock: interlock, time: time, isWarning: true))
        case .reset(let interlock, let persons):
            let open = events.indices.filter {
                events[$0].interlock == interlock && !events[$0].isWarning && events[$0].reset == nil
            }
            for index in open {
                events[index].reset = time
                events[index].persons = persons
            }
        case .overridden(let interlock, let persons, let reason):
            overrides.append(
                Override(interlock: interlock, time: time, persons: persons, reason: reason))
        default: break
        }
    }
}

/// Begin and end of layers and visits, from the entries.
private struct Windows {
    let field: FieldSequence
    var layerTimes: [Int: (begin: MonotonicTime, end: MonotonicTime)] = [:]
    var visits: [Int: [Int: (begin: MonotonicTime, end: MonotonicTime)]] = [:]
    private var layer = 0
    /// The visit at which beam is on now.
    private var current: Int?

    init(field: FieldSequence) { self.field = field }

    mutating func add(_ entry: FieldRecord, at time: MonotonicTime, rest: FieldStart) {
        switch entry {
        case .layerStarted(let layer, _, _):
            self.layer = layer
            if layerTimes[layer] == nil { layerTimes[layer] = (time, time) }
        case .beamOn:
            let next = min(
                field.layers[layer].visit(
                    after: rest.layer == layer ? rest.counts : field.layers[layer].counts),
                field.layers[layer].visits.count - 1)
            current = next
            touch(next, time)
        case .visit(_, let visit, _):
            touch(visit, time)
            let sequence = field.layers[layer].visits
            current = visit + 1 < sequence.count && !sequence[visit + 1].beamOffBefore ? visit + 1 : visit
            if let current { touch(current, time) }
        case .beamOff:
            if let current { touch(current, time) }
            current = nil
        default: break
        }
        if layerTimes[layer] != nil { layerTimes[layer]?.end = time }
    }

    private mutating func touch(_ visit: Int, _ time: MonotonicTime) {
        if visits[layer, default: [:]][visit] == nil {
            visits[layer, default: [:]][visit] = (time, time)
        } else {
            visits[layer, default: [:]][visit]?.end = time
        }
    }

    func layers(_ ledger: DeliveryLedger) -> [DeliveredSession.Layer] {
        field.layers.indices.compactMap { layer in
            guard let times = layerTimes[layer] else { return nil }
            let sequence = field.layers[layer]
            let stays = sequence.visits.indices.compactMap { index -> DeliveredSession.Stay? in
                let booking = ledger.bookings[layer][index]
                guard booking.primary > 0 || booking.secondary > 0 else { return nil }
                let visit = sequence.visits[index]
                let window = visits[layer]?[index] ?? (times.end, times.end)
                return DeliveredSession.Stay(
                    visit: index, spot: Int(visit.spot), painting: Int(visit.painting),
                    primary: booking.primary, secondary: booking.secondary,
                    positionMM: booking.positionMM ?? visit.positionMM,
                    isMeasured: booking.positionMM != nil, begin: window.begin, end: window.end)
            }
            return DeliveredSession.Layer(layer: layer, begin: times.begin, end: times.end, stays: stays)
        }
    }
}
