import DeliveryControl
import NumericKernels
import Quantities

/// One field on the simulated machine: control, second protection, ring, magnets, monitors, disk, gate and people on one virtual clock.
///
/// Events come from a queue; between two of them ions come from the spill until the counter's preset. The same field, figures and seed give
/// the same run, whatever the machine.
///
/// ## Checked by
/// `FieldSimulationTests`.
public struct FieldSimulation<Sink: RecordSink>: ~Copyable {
    let field: FieldSequence
    let figures: PlantFigures
    let gate: BreathingGate?
    let people: OperatorPolicy
    public internal(set) var sink: Sink

    var control: FieldControl
    var protection = SecondaryProtection()
    var supply: RingSupply
    var spill: SpillSource
    var monitors: BeamMonitors
    var magnets: ScanningMagnets
    var queue = EventQueue<PlantEvent>()
    public internal(set) var now = MonotonicTime.start
    public internal(set) var outcome: FieldOutcome

    /// Layer and visit at which the beam stands, as the plant knows them.
    var layer = 0
    var visit = 0
    /// Counter value at which the comparator reports; nil when it has.
    var preset: Int64?
    var visitGeneration = 0
    /// The move of the magnets as it was commanded: where it began, and when it must be over.
    var move = (fromMM: SIMD2<Double>.zero, over: MonotonicTime.start)
    var beamGeneration = 0
    var samplingChain = 0
    /// Counts requests and refills: what an older one promised is void.
    var service = 0
    var isGateOpen = false
    var isCounterOpen = false
    var isServed = false
    var isCommitScheduled = false
    var darkSince = MonotonicTime.start
    var resumesLeft: Int
    var isPeopleBusy = false
    var startedAt: MonotonicTime?
    var meter = TimeMeter()
    var condition = PlantCondition()
    var room = RoomControl.secured
    var chain = HardwareChain()
    var faults = FaultSchedule()
    /// Ions that left the ring in all, and when the last of them did.
    var ionsPassed = 0.0
    var lastIonAt = MonotonicTime.start
    /// Tokens that were offered, presses of the start button, and presses that were accepted.
    var offers = 0
    var presses = 0
    var acceptedPresses = 0
    /// When people last saw the field go on, and the ions at that time.
    var progress = (at: MonotonicTime.start, ions: 0.0)
    /// Entries that were handed to the disk, committed or not.
    var entriesHanded = 0
    /// Commits that were begun and whose answer the control does not have yet.
    var commitsUnderWay = 0
    /// What a control that hangs has not taken yet.
    var heldEvents: [FieldEvent] = []
    var isOver = false
    let limitNS: Int64

    /// - Parameters:
    ///   - field: What is delivered.
    ///   - start: Where it starts.
    ///   - approvedHash: Hash of the plan that was approved; nil for the field's own.
    ///   - figures: Of accelerator and nozzle.
    ///   - limits: Of the control.
    ///   - gate: Breathing gate, if the field has one.
    ///   - people: What operators do.
    ///   - seed: Of all noise.
    ///   - sink: Where the log goes.
    ///   - limitS: Virtual time after which the run is given up, s.
    public init(
        field: FieldSequence, from start: FieldStart = .beginning, approvedHash: String? = nil,
        figures: PlantFigures, limits: DeliveryLimits = DeliveryLimits(), gate: BreathingGate? = nil,
        people: OperatorPolicy = .init(),
        seed: UInt64, sink: Sink, limitS: Double = 7200
    ) {
        self.field = field
        self.figures = figures
        self.gate = gate
        self.people = people
        self.sink = sink
        control = FieldControl(limits: limits)
        supply = RingSupply(figures: figures.supply)
        spill = SpillSource(figures: figures.spill, random: SeededRandom(seed: seed, stream: 1))
        monitors = BeamMonitors(figures: figures.monitors, random: SeededRandom(seed: seed, stream: 2))
        magnets = ScanningMagnets(figures: figures.scanning)
        outcome = FieldOutcome(field: field)
        resumesLeft = people.resumes
        limitNS = Int64(limitS * 1e9)
        _ = protection.arm(field, at: now)
        send(.load(field, approvedHash: approvedHash ?? field.planHash, from: start))
        queue.add(.heartbeat, at: now)
        queue.add(.sampling(chain: 0), at: now)
        queue.add(.setupReading, at: now)
        if gate != nil {
            queue.add(.gateReading, at: now)
        } else {
            send(.permit(.gate, until: MonotonicTime(nanoseconds: .max)))
        }
    }

    /// Runs to the end, or until `shouldPause` says so.
    ///
    /// - Parameter shouldPause: Asked after every event.
    /// - Returns: Whether the field is over.
    public mutating func run(until shouldPause: (borrowing FieldSimulation) -> Bool = { _ in false }) -> Bool
    {
        while !isOver {
            step()
            if shouldPause(self) { return isOver }
        }
        return true
    }

    /// State of the control, for displays.
    public var phase: FieldControl.Phase { control.phase }
    public var currentLayer: Int { control.layer }
    public var currentVisit: Int { control.visit }
    public var hasOpenGate: Bool { isGateOpen }
    public var hasBeam: Bool { spill.isOn }
    /// Whether the control was killed, or lost its power: its log breaks off.
    public var hasControlDied: Bool { !condition.isControlAlive }
    /// Why the second protection tripped; nil if it did not.
    public var tripReason: SecondaryProtection.Reason? { protection.reason }

    /// The next thing that happens: ions up to the preset, or the next event.
    mutating func step() {
        guard let next = queue.nextTime, now.nanoseconds < limitNS else {
            finish()
            return
        }
        if spill.isOn, pass(until: next) { return }
        guard let (time, event) = queue.next() else { return }
        meter.count(control.phase, from: now, to: time, simulation: meterState)
        now = max(now, time)
        handle(event)
        let hasEnded =
            control.phase == .completed || control.phase == .terminated || !condition.isControlAlive
        if hasEnded, !spill.isOn, condition.isControlAlive || !isCounterOpen { finish() }
    }

    /// Books ions where the beam is.
    mutating func account(
        _ ions: Double, from: MonotonicTime, to: MonotonicTime, end: MonotonicTime?
    ) {
        guard ions > 0 else { return }
        supply.extracted(ions)
        ionsPassed += ions
        lastIonAt = end.map { min(to, $0) } ?? to
        guard isCounterOpen else {
            outcome.strayIons += ions
            monitors.outside(ions: ions, seconds: 0)
            return
        }
        monitors.passed(ions: ions)
        outcome.ions[layer][visit] += ions
        let middle = from.after(to.since(from) / 2)
        let position = magnets.position(at: middle)
        outcome.ionPositionsMM[layer][visit] += ions * position
        place(ions, at: position, middle)
        outcome.firstIonS[layer][visit] = min(outcome.firstIonS[layer][visit], from.seconds)
        outcome.lastIonS[layer][visit] = max(outcome.lastIonS[layer][visit], to.seconds)
        sink.witness(ions: ions, layer: layer, visit: visit)
        sink.retain(monitors.registers)
    }

    /// The ring has no more ions, or they are too old.
    mutating func endOfFill() {
        spill.cut(at: now)
        announceBeamOff()
        isServed = false
        send(.beamUnavailable)
        let ready = supply.refill(field.layers[layer].energy, at: now)
        service += 1
        queue.add(.beamAvailable(layer, service: service), at: ready)
        queue.add(.fillExpires(fill: supply.fills), at: supply.expires)
        meter.fillsUntil = ready
    }

    mutating func finish() {
        isOver = true
        outcome.phase = control.phase
        outcome.latched = control.latched
        outcome.registers = monitors.registers
        outcome.durationS = startedAt.map { now.since($0) }.map { Double($0) * 1e-9 } ?? 0
        outcome.times = meter.shares
        outcome.fills = supply.fills
        sink.retain(monitors.registers)
        guard condition.isControlAlive, condition.isDiskGood else { return }
        while commitsUnderWay > 0 { _ = finishCommit() }
        beginCommit()
        if finishCommit() { outcome.recordsOnDisk = outcome.records.count }
    }

    var meterState: TimeMeter.State {
        TimeMeter.State(isGateOpen: isGateOpen || gate == nil, isBeamOn: spill.isOn, isServed: isServed)
    }
}
