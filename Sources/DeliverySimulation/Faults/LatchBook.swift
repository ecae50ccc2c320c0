import DeliveryControl

/// Keeps by the log alone which interlocks are latched, and compares.
struct LatchBook: Sendable {
    private var latched = InterlockSet()
    private var read = 0
    /// Interlocks in order of their entries.
    private(set) var fired: [Interlock] = []
    private(set) var resumes = 0
    /// Overrides in force, by the log.
    private(set) var overridden = InterlockSet()
    private(set) var overrides = 0

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
            case .overridden(let interlock, let persons, let reason):
                overridden.insert(InterlockSet(interlock))
                overrides += 1
                let rule = plant.control.table[interlock].override
                let able = Set(
                    persons.filter { $0.right >= rule?.right ?? .facility && !$0.id.isEmpty }.map(\.id))
                if able.count < rule?.persons ?? .max || reason.isEmpty {
                    wrong.append("\(interlock) overridden by \(able.count) persons: \(reason)")
                }
            case .overridesVoid: overridden = []
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
        if plant.control.overridden != overridden {
            wrong.append(
                "overridden \(plant.control.overridden.interlocks), by the log \(overridden.interlocks)")
        }
        let phase = plant.control.phase
        if !latched.isEmpty, phase == .ready || phase == .preparing || phase == .irradiating {
            wrong.append("\(phase) with \(latched.interlocks)")
        }
        if resumes > plant.offers { wrong.append("\(resumes) resumes with \(plant.offers) tokens") }
        return wrong
    }
}
