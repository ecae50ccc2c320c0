import DeliveryControl

/// Keeps by the log alone which interlocks are latched, and compares.
struct LatchBook: Sendable {
    private var latched = InterlockSet()
    private var read = 0
    /// Interlocks in order of their entries.
    private(set) var fired: [Interlock] = []
    private(set) var resumes = 0

    /// - Parameter plant: After an event.
    /// - Returns: What is wrong.
    mutating func check<Sink>(_ plant: borrowing FieldSimulation<Sink>) -> [String] {
        var wrong: [String] = []
        while read < plant.outcome.records.count {
            switch plant.outcome.records[read].entry {
            case .interlock(let interlock):
                latched.insert(InterlockSet(interlock))
                fired.append(interlock)
            case .reset(let interlock, let persons):
                latched.remove(InterlockSet(interlock))
                let row = plant.control.table[interlock]
                let able = Set(persons.filter { $0.right >= row.reset && !$0.id.isEmpty }.map(\.id))
                if able.count < row.persons { wrong.append("\(interlock) reset by \(able.count) persons") }
            case .resumed: resumes += 1
            case .loaded, .ready, .layerStarted, .visit, .beamOn, .beamOff, .layerEnded, .warning,
                .interrupted,
                .terminated, .completed:
                break
            }
            read += 1
        }
        if plant.control.latched != latched {
            wrong.append(
                "latched \(plant.control.latched.interlocks), by the log \(latched.interlocks)")
        }
        let phase = plant.control.phase
        if !latched.isEmpty, phase == .ready || phase == .preparing || phase == .irradiating {
            wrong.append("\(phase) with \(latched.interlocks)")
        }
        if resumes > plant.offers { wrong.append("\(resumes) resumes with \(plant.offers) tokens") }
        return wrong
    }
}
