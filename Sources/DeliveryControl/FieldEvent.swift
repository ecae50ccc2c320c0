import Quantities

/// What the monitors have counted and seen.
///
/// The hardware gates its counters: `primary` and `secondary` count from beam on until beam is seen to be off, and nothing else;
/// what comes at other times goes to `dark`. None is reset during a session.
public struct MonitorSample: Hashable, Sendable {
    public var primary: Int64
    public var secondary: Int64
    /// Counts of primary and secondary outside the gate.
    public var dark: SIMD2<Int64>
    /// Counts on which position and width below rest; 0 if none were measured.
    public var positionCounts: Int64
    /// Centre of the beam since it settled at the visit, projected on the isocentre plane, IEC gantry x and y, mm.
    public var positionMM: SIMD2<Double>
    /// Width over the expected one.
    public var relativeSize: Double

    public init(
        primary: Int64, secondary: Int64, dark: SIMD2<Int64> = .zero, positionCounts: Int64 = 0,
        positionMM: SIMD2<Double> = .zero, relativeSize: Double = 1
    ) {
        self.primary = primary
        self.secondary = secondary
        self.dark = dark
        self.positionCounts = positionCounts
        self.positionMM = positionMM
        self.relativeSize = relativeSize
    }
}

/// What the accelerator and the line say of the beam they are ready to give.
public struct LayerReadings: Hashable, Sendable {
    /// Layer that the accelerator believes to serve.
    public var layer: Int
    public var ion: Isotope
    public var energy: EnergyPerNucleon
    /// Rigidity from the field of the line's dipoles, a reading of its own, T m.
    public var rigidityTM: Double

    public init(layer: Int, ion: Isotope, energy: EnergyPerNucleon, rigidityTM: Double) {
        self.layer = layer
        self.ion = ion
        self.energy = energy
        self.rigidityTM = rigidityTM
    }
}

/// Where a field starts: nothing delivered, or a remainder.
public struct FieldStart: Hashable, Sendable {
    /// Layer in which delivery goes on.
    public var layer: Int
    /// Counts that this layer already has.
    public var counts: Int64

    public init(layer: Int, counts: Int64) {
        self.layer = layer
        self.counts = counts
    }

    public static let beginning = FieldStart(layer: 0, counts: 0)
}

/// Everything that can happen to a field.
public enum FieldEvent: Sendable, Hashable {
    /// A field is to be delivered from somewhere on; `approvedHash` is that of the plan which was approved.
    case load(FieldSequence, approvedHash: String, from: FieldStart)
    /// The devices of the room were read.
    case setup(SetupReadings)
    /// Somebody starts or resumes, with the token that was offered.
    case start(token: UInt64)
    /// The accelerator has the beam of a layer.
    case layerReady(LayerReadings, counters: MonitorSample)
    /// The accelerator cannot give beam for a while (fill used up, ramp).
    case beamUnavailable
    /// It can again; same layer.
    case beamAvailable(LayerReadings)
    /// The scanning magnets stand at a visit.
    case magnetsSettled(visit: Int)
    /// A permit is given for a time, or taken away.
    case permit(Permit, until: MonotonicTime)
    case withdrawn(Permit)
    /// All that was written to the log until a moment is on disk.
    case recorded(through: MonotonicTime)
    /// The monitors report.
    case sample(MonitorSample)
    /// Beam was seen to go on or off in the line.
    case beamSeen(Bool, MonitorSample)
    /// Time passes.
    case tick
    /// A device reports that a cause is there, or is gone.
    case fault(Interlock)
    case cleared(Interlock)
    /// Somebody wants the beam off; the field to end; interlocks reset.
    case interrupt
    case terminate
    case reset(Interlock, by: [RightHolder])
    /// Persons let a difference of the set-up stand as it is now, and say why.
    case override(Interlock, by: [RightHolder], reason: String)

    /// Names without values, for the table of states and events.
    public enum Kind: String, CaseIterable, Sendable {
        case load, setup, start, layerReady, beamUnavailable, beamAvailable, magnetsSettled, permit, withdrawn
        case recorded, sample, beamSeen, tick, fault, cleared, interrupt, terminate, reset, override
    }

    public var kind: Kind {
        switch self {
        case .load: .load
        case .setup: .setup
        case .start: .start
        case .layerReady: .layerReady
        case .beamUnavailable: .beamUnavailable
        case .beamAvailable: .beamAvailable
        case .magnetsSettled: .magnetsSettled
        case .permit: .permit
        case .withdrawn: .withdrawn
        case .recorded: .recorded
        case .sample: .sample
        case .beamSeen: .beamSeen
        case .tick: .tick
        case .fault: .fault
        case .cleared: .cleared
        case .interrupt: .interrupt
        case .terminate: .terminate
        case .reset: .reset
        case .override: .override
        }
    }
}

/// What the control wants done. Commands of one answer are carried out in their order.
public enum FieldCommand: Sendable, Hashable {
    /// To the accelerator: the beam of a layer.
    case requestLayer(Int)
    /// To the scanning magnets and the counters: a visit, and the count of the primary monitor at which to report at once.
    case visit(Int, reportAt: Int64)
    /// Extraction on; off; off by the second means too.
    case beamOn
    case beamOff
    case cut
    /// To the log.
    case record(FieldRecord)
    /// To the operator: a token with which to start or resume; each works once.
    case offer(token: UInt64)
    /// To the operator: refused, and why.
    case refused(Refusal)
    /// To the second protection: what may be counted from here on.
    case protect(LayerBounds)
}

/// What the second protection needs to know of a layer: its counters' values at the layer's start and the visits' presets.
public struct LayerBounds: Hashable, Sendable {
    public var layer: Int
    /// Reading of the secondary monitor that belongs to zero counts of the layer.
    public var secondaryBase: Int64

    public init(layer: Int, secondaryBase: Int64) {
        self.layer = layer
        self.secondaryBase = secondaryBase
    }
}

/// Why something was not done.
public enum Refusal: Hashable, Sendable {
    /// The event does not belong to this state.
    case notInThisState
    /// Start or resume with a token that was not offered, or is used up.
    case wrongToken
    /// Permits are missing; the token stays good.
    case permits([Permit])
    /// Interlocks stand in the way.
    case interlocks(InterlockSet)
    /// The plan is not the approved one, or its table is damaged, or the start lies outside it.
    case plan(Interlock?)
    /// Too few persons, or without the right.
    case notAuthorised
    /// The interlock is none that may be overridden, or the set-up does not differ in it.
    case override(Interlock)
    /// An override without a reason.
    case noReason
}

/// One entry of the log, as the control wants it.
public enum FieldRecord: Sendable, Hashable {
    case loaded(field: Int, from: FieldStart)
    case ready
    /// With the counters' readings that belong to zero counts of the layer.
    case layerStarted(layer: Int, primaryBase: Int64, secondaryBase: Int64)
    /// The visit ended with the counters at these values.
    case visit(layer: Int, visit: Int, MonitorSample)
    case beamOn
    /// With the counters when beam was seen to be off.
    case beamOff(MonitorSample)
    case layerEnded(layer: Int, MonitorSample)
    case warning(Interlock)
    case interlock(Interlock)
    case reset(Interlock, by: [RightHolder])
    /// A difference of the set-up was let stand.
    case overridden(Interlock, by: [RightHolder], reason: String)
    /// All overrides are void: the set-up changed, or the room was opened.
    case overridesVoid
    case resumed
    case interrupted
    case terminated
    case completed
}
