/// Decides when beam may be on during one field. It holds no clock, no file and no device: events come in with their time, commands go out.
///
///     idle ──load──▶ loaded ⇄ ready ──start──▶ preparing ──layer ready──▶ holding ⇄ (irradiating ──▶ stopping)
///                                                  ▲                                    │      │
///                                                  ├──────────── next layer ────────────┘      ├─▶ completed
///                                                  └─ resume ── interrupted ◀── interlock ─────┤
///                                                                               terminated ◀───┘  (no way back)
///
/// Beam is on in `irradiating` alone, and in `stopping` until it is seen to be off. An event that does not belong to a state is refused and,
/// where beam is possible, turns the beam off. One value serves one field; a new session, also after a restart, makes a new one, which
/// starts in `idle`: nothing comes back to beam by itself.
///
/// Requirements with their numbers, the table of states and events and what verifies each: docs/components/delivery-control.md.
///
/// ## Checked by
/// `FieldControlTests`, `StateEventTests` (every pair), `FieldControlRandomTests` (invariants), scripts/mutate-delivery-control.
public struct FieldControl: ~Copyable, Sendable {
    public enum Phase: String, CaseIterable, Sendable {
        case idle, loaded, ready, preparing, holding, irradiating, stopping, interrupted, terminated,
            completed

        /// Whether the accelerator was asked for beam that may come.
        public var isBeamPossible: Bool {
            switch self {
            case .preparing, .holding, .irradiating, .stopping: true
            case .idle, .loaded, .ready, .interrupted, .terminated, .completed: false
            }
        }
    }

    /// What comes when the beam is off.
    enum StopGoal: UInt8, Comparable {
        /// Go on with the next visit as soon as beam is allowed.
        case hold
        case interrupt
        case terminate

        static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
    }

    public let limits: DeliveryLimits
    public let table: InterlockTable
    public internal(set) var phase = Phase.idle
    /// The field; nil in `idle`.
    public internal(set) var field: FieldSequence?
    /// Interlocks that fired and were not reset.
    public package(set) var latched = InterlockSet()
    /// Causes that are there now.
    public package(set) var present = InterlockSet()
    /// Layer and visit at which delivery stands.
    public internal(set) var layer = 0
    public internal(set) var visit = 0
    /// Counts of the primary monitor since the layer's start.
    public internal(set) var layerCounts: Int64 = 0

    var permits = PermitBoard()
    /// Whether the last readings of the room agree with the field.
    package var setupHolds = false
    /// What the devices of the room said last; nil if they never spoke, or the room was opened since.
    var lastSetup: SetupReadings?
    /// Differences of the set-up that persons let stand, and the set-up that they saw.
    public internal(set) var overridden = InterlockSet()
    var overriddenSetup: SetupReadings?
    /// The token that starts or resumes; nil if none is on offer.
    package var offered: UInt64?
    var lastToken: UInt64 = 0

    /// Whether the accelerator has the layer's beam, verified.
    var beamReady = false
    /// The visit at which the magnets stand.
    var settledVisit: Int?
    /// Counters at zero counts of the layer.
    var primaryBase: Int64 = 0
    var secondaryBase: Int64 = 0
    var lastSample = MonitorSample(primary: 0, secondary: 0)
    /// Where the rate is measured from.
    var rateFrom = (time: MonotonicTime.start, counts: Int64(0))
    /// Dark counts and moment from which dark counts are judged.
    var darkFrom = (time: MonotonicTime.start, counts: SIMD2<Int64>.zero)
    var visitSince = MonotonicTime.start
    var beamSince = MonotonicTime.start
    var beamTimeNS: Int64 = 0
    var offSince = MonotonicTime.start
    var goal = StopGoal.hold
    var positionWarnings = 0
    var warned = InterlockSet()
    var gateSince: MonotonicTime?
    /// The group of visits that has had beam since its gate opening; nil if none of the layer has.
    var begunGroup: Int?
    /// Moment of the oldest entry that is not known to be on disk, and of the newest entry.
    var unrecordedSince: MonotonicTime?
    var newestRecord = MonotonicTime.start
    /// Moment of the entry that says where the layer's counters start, and whether it is on disk: no beam before it is.
    var layerRecord = MonotonicTime.start
    var isLayerRecorded = false

    var now = MonotonicTime.start
    var commands: [FieldCommand] = []

    /// - Parameters:
    ///   - limits: Tolerances and times.
    ///   - table: What interlocks do.
    public init(limits: DeliveryLimits = DeliveryLimits(), table: InterlockTable = .standard) {
        self.limits = limits
        self.table = table
    }

    /// Decides.
    ///
    /// - Parameters:
    ///   - event: What happened.
    ///   - time: When; never before that of the last event.
    /// - Returns: What is to be done, in order.
    public mutating func handle(_ event: FieldEvent, at time: MonotonicTime) -> [FieldCommand] {
        commands.removeAll(keepingCapacity: true)
        if time < now {
            raise(.clock)
        } else {
            now = time
        }
        switch event {
        case .load(let sequence, let hash, let start): load(sequence, approvedHash: hash, from: start)
        case .setup(let readings): setup(readings)
        case .start(let token): start(token)
        case .layerReady(let readings, let counters): layerReady(readings, counters)
        case .beamUnavailable: beamUnavailable()
        case .beamAvailable(let readings): beamAvailable(readings)
        case .magnetsSettled(let visit): magnetsSettled(visit)
        case .permit(let permit, let until): granted(permit, until: until)
        case .withdrawn(let permit): withdrawn(permit)
        case .recorded(let through): recorded(through)
        case .sample(let sample): sampled(sample)
        case .beamSeen(let on, let sample): beamSeen(on, sample)
        case .tick: break
        case .fault(let interlock): fault(interlock)
        case .cleared(let interlock): present.remove(InterlockSet(interlock))
        case .interrupt: interruptByOperator()
        case .terminate: terminateByOperator()
        case .reset(let interlock, let persons): reset(interlock, by: persons)
        case .override(let interlock, let persons, let reason):
            override(interlock, by: persons, reason: reason)
        }
        watch()
        return commands
    }

    // MARK: - What all parts use

    func currentLayer() -> LayerSequence? {
        guard let field, field.layers.indices.contains(layer) else { return nil }
        return field.layers[layer]
    }

    mutating func record(_ entry: FieldRecord) {
        commands.append(.record(entry))
        newestRecord = now
        if unrecordedSince == nil { unrecordedSince = now }
    }

    mutating func refuse(_ why: Refusal) { commands.append(.refused(why)) }

    /// An event that the state does not know.
    mutating func unexpected() {
        refuse(.notInThisState)
        switch phase {
        case .preparing, .holding, .irradiating, .stopping: raise(.unexpectedEvent)
        case .idle, .loaded, .ready, .interrupted, .terminated, .completed: break
        }
    }

    /// The log's part up to a moment is on disk.
    mutating func recorded(_ through: MonotonicTime) {
        if through >= layerRecord { isLayerRecorded = true }
        guard let since = unrecordedSince, through >= since else { return }
        // Entries after `through` are not older than the moment after it.
        unrecordedSince = through >= newestRecord ? nil : through.after(1)
        tryBeam()
    }
}

extension FieldControl {
    /// Flips a bit of a preset in memory, as radiation does: for fault injection alone.
    ///
    /// - Parameters:
    ///   - layer: Whose table is damaged.
    ///   - visit: Whose preset.
    ///   - bit: Which one, from 0.
    package mutating func damage(layer: Int, visit: Int = 0, bit: Int = 7) {
        field?.layers[layer].visits[visit].presetCounts ^= 1 << Int64(bit)
    }
}
