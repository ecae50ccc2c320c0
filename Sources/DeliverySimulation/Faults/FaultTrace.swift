import DeliveryControl

/// One line for each entry of the log, fault and change of state.
struct FaultTrace {
    let isOn: Bool
    let session: Int
    private(set) var lines: [String] = []
    private var phase = FieldControl.Phase.idle
    private var read = 0
    private var isFaulty = false

    init(isOn: Bool, session: Int) {
        self.isOn = isOn
        self.session = session
    }

    mutating func look<Sink>(_ plant: borrowing FieldSimulation<Sink>) {
        guard isOn else { return }
        if !isFaulty, let first = plant.faults.firstAt {
            isFaulty = true
            add(first, "fault")
        }
        while read < plant.outcome.records.count {
            let (entry, time) = plant.outcome.records[read]
            add(time, "log: \(entry)")
            read += 1
        }
        if plant.control.phase != phase {
            phase = plant.control.phase
            add(
                plant.now,
                "\(phase), layer \(plant.control.layer), visit \(plant.control.visit), beam \(plant.spill.isOn)"
            )
        }
    }

    private mutating func add(_ time: MonotonicTime, _ text: String) {
        lines.append("session \(session)  \(time.seconds) s  \(text)")
    }
}
