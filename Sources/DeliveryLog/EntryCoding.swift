import DeliveryControl

/// An entry and the moment at which the control wanted it.
public struct TimedRecord: Hashable, Sendable {
    public var entry: FieldRecord
    public var time: MonotonicTime

    public init(_ entry: FieldRecord, at time: MonotonicTime) {
        self.entry = entry
        self.time = time
    }
}

/// Number of an entry's kind in the file; never changed, new ones go to the end.
private enum Kind: UInt8 {
    case loaded = 1
    case ready, layerStarted, visit, beamOn, beamOff, layerEnded, warning, interlock, reset, resumed
    case interrupted, terminated, completed, overridden, overridesVoid
}

/// Entries of one frame as bytes. Times and counters are written as differences from the entry before; the first starts from zero, so that
/// a frame can be read alone.
struct EntryEncoder {
    private(set) var content = LogBytes()
    private(set) var count = 0
    private var time: Int64 = 0
    private var last = MonitorSample(primary: 0, secondary: 0)

    mutating func add(_ entry: FieldRecord, at moment: MonotonicTime) {
        count += 1
        switch entry {
        case .loaded(let field, let start):
            begin(.loaded, moment)
            content.add(signed: Int64(field))
            content.add(count: start.layer)
            content.add(signed: start.counts)
        case .ready: begin(.ready, moment)
        case .layerStarted(let layer, let primaryBase, let secondaryBase):
            begin(.layerStarted, moment)
            content.add(count: layer)
            content.add(signed: primaryBase)
            content.add(signed: secondaryBase)
        case .visit(let layer, let visit, let sample):
            begin(.visit, moment)
            content.add(count: layer)
            content.add(count: visit)
            add(sample)
        case .beamOn: begin(.beamOn, moment)
        case .beamOff(let sample):
            begin(.beamOff, moment)
            add(sample)
        case .layerEnded(let layer, let sample):
            begin(.layerEnded, moment)
            content.add(count: layer)
            add(sample)
        case .warning(let interlock):
            begin(.warning, moment)
            content.add(interlock.rawValue)
        case .interlock(let interlock):
            begin(.interlock, moment)
            content.add(interlock.rawValue)
        case .reset(let interlock, let persons):
            begin(.reset, moment)
            content.add(interlock.rawValue)
            add(persons)
        case .overridden(let interlock, let persons, let reason):
            begin(.overridden, moment)
            content.add(interlock.rawValue)
            add(persons)
            content.add(reason)
        case .overridesVoid: begin(.overridesVoid, moment)
        case .resumed: begin(.resumed, moment)
        case .interrupted: begin(.interrupted, moment)
        case .terminated: begin(.terminated, moment)
        case .completed: begin(.completed, moment)
        }
    }

    private mutating func add(_ persons: [RightHolder]) {
        content.add(count: persons.count)
        for person in persons {
            content.add(person.id)
            content.add(person.right.rawValue)
        }
    }

    private mutating func begin(_ kind: Kind, _ moment: MonotonicTime) {
        content.add(kind.rawValue)
        content.add(signed: moment.nanoseconds &- time)
        time = moment.nanoseconds
    }

    private mutating func add(_ sample: MonitorSample) {
        content.add(signed: sample.primary &- last.primary)
        content.add(signed: sample.secondary &- last.secondary)
        content.add(signed: sample.dark[0] &- last.dark[0])
        content.add(signed: sample.dark[1] &- last.dark[1])
        content.add(signed: sample.positionCounts)
        if sample.positionCounts != 0 {
            content.add(sample.positionMM.x)
            content.add(sample.positionMM.y)
            content.add(sample.relativeSize)
        }
        last = sample
    }
}

/// Reads what `EntryEncoder` wrote.
struct EntryDecoder {
    private var cursor: LogCursor
    private var time: Int64 = 0
    private var last = MonitorSample(primary: 0, secondary: 0)

    init(_ cursor: LogCursor) { self.cursor = cursor }

    mutating func records() throws(PayloadError) -> [TimedRecord] {
        var records: [TimedRecord] = []
        while !cursor.isAtEnd { records.append(try next()) }
        return records
    }

    private mutating func next() throws(PayloadError) -> TimedRecord {
        let code = try cursor.byte()
        guard let kind = Kind(rawValue: code) else {
            throw PayloadError(what: "entries of kind \(code) are not known")
        }
        time = time &+ (try cursor.signed())
        let entry: FieldRecord
        switch kind {
        case .loaded:
            let field = Int(try cursor.signed())
            let layer = try index()
            entry = .loaded(field: field, from: FieldStart(layer: layer, counts: try cursor.signed()))
        case .ready: entry = .ready
        case .layerStarted:
            let layer = try index()
            let primary = try cursor.signed()
            entry = .layerStarted(
                layer: layer, primaryBase: primary, secondaryBase: try cursor.signed())
        case .visit:
            let layer = try index()
            let visit = try index()
            entry = .visit(layer: layer, visit: visit, try sample())
        case .beamOn: entry = .beamOn
        case .beamOff: entry = .beamOff(try sample())
        case .layerEnded:
            let layer = try index()
            entry = .layerEnded(layer: layer, try sample())
        case .warning: entry = .warning(try interlock())
        case .interlock: entry = .interlock(try interlock())
        case .reset:
            let interlock = try interlock()
            entry = .reset(interlock, by: try persons())
        case .overridden:
            let interlock = try interlock()
            let persons = try persons()
            entry = .overridden(interlock, by: persons, reason: try cursor.text())
        case .overridesVoid: entry = .overridesVoid
        case .resumed: entry = .resumed
        case .interrupted: entry = .interrupted
        case .terminated: entry = .terminated
        case .completed: entry = .completed
        }
        return TimedRecord(entry, at: MonotonicTime(nanoseconds: time))
    }

    private mutating func index() throws(PayloadError) -> Int { try cursor.count(upTo: Int(Int32.max)) }

    private mutating func persons() throws(PayloadError) -> [RightHolder] {
        var persons: [RightHolder] = []
        for _ in 0..<(try cursor.count(upTo: 1000)) {
            let id = try cursor.text()
            guard let right = ResetRight(rawValue: try cursor.byte()) else {
                throw PayloadError(what: "a right is not known")
            }
            persons.append(RightHolder(id: id, right: right))
        }
        return persons
    }

    private mutating func interlock() throws(PayloadError) -> Interlock {
        let code = try cursor.byte()
        guard let interlock = Interlock(rawValue: code) else {
            throw PayloadError(what: "interlock \(code) is not known")
        }
        return interlock
    }

    private mutating func sample() throws(PayloadError) -> MonitorSample {
        var sample = MonitorSample(
            primary: last.primary &+ (try cursor.signed()), secondary: last.secondary &+ (try cursor.signed())
        )
        let dark = SIMD2(try cursor.signed(), try cursor.signed())
        sample.dark = last.dark &+ dark
        sample.positionCounts = try cursor.signed()
        if sample.positionCounts != 0 {
            sample.positionMM.x = try cursor.double()
            sample.positionMM.y = try cursor.double()
            sample.relativeSize = try cursor.double()
        }
        last = sample
        return sample
    }
}
