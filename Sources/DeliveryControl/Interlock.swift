/// What can stop or forbid the beam. The order is that of the bits of `InterlockSet` and of the log: new ones go to the end.
public enum Interlock: UInt8, CaseIterable, Sendable, Hashable {
    /// The second monitor counted more than preset and margin while the first had not ended the spot.
    case secondaryDoseLimit
    /// The two monitors disagree.
    case monitorDisagreement
    /// High voltage of a monitor out of its band.
    case monitorHighVoltage
    /// A monitor counts without beam.
    case darkCounts
    /// The beam's centre on the strip monitor is off.
    case spotPosition
    /// The beam's width on the strip monitor is off.
    case spotSize
    /// Read-back of a scanning magnet differs from what was set.
    case scanMagnet
    /// More ions per second than the layer allows.
    case intensityHigh
    /// A spot takes longer than its ions and its rate allow.
    case spotTime
    /// Beam came on although it was off, or did not go off.
    case beamOffFailure
    /// Energy of the ring or field of the line is not that of the layer.
    case energyMismatch
    /// The ring holds another ion.
    case ionMismatch
    /// Range shifter or ridge filter is not that of the plan.
    case rangeShifter
    /// The snout is not where the plan wants it.
    case snout
    /// Gantry angle out of tolerance.
    case gantry
    /// Couch out of tolerance.
    case couch
    /// The couch moved, or the room was entered, after the images.
    case imaging
    /// Patient on the couch is not the patient of the plan.
    case patientIdentity
    /// Plan differs from the approved one.
    case planHash
    /// Spot table in memory does not give its checksum.
    case sequenceChecksum
    /// Door, search or key.
    case roomSafety
    /// An emergency button.
    case emergencyStop
    /// The control's heart stopped beating.
    case watchdog
    /// The log cannot be written, or lags.
    case recording
    /// The gating signal is not alive.
    case gatingSignal
    /// The gate stays open longer than breathing can explain.
    case gateOpenTooLong
    /// Time ran backwards.
    case clock
    /// The field had beam for longer than its limit.
    case beamTime
    /// An event that the state does not know, while beam was possible.
    case unexpectedEvent
    /// Somebody pressed interrupt.
    case operatorInterrupt
    /// Somebody ended the field.
    case operatorTerminate
    /// Another permit of the chain was lost.
    case permitLost

    /// Whether it is about who the patient is and how he lies: what persons can see for themselves.
    public var isOfPosition: Bool {
        switch self {
        case .snout, .gantry, .couch, .imaging, .patientIdentity: true
        case .secondaryDoseLimit, .monitorDisagreement, .monitorHighVoltage, .darkCounts, .spotPosition,
            .spotSize, .scanMagnet, .intensityHigh, .spotTime, .beamOffFailure, .energyMismatch, .ionMismatch,
            .rangeShifter, .planHash, .sequenceChecksum, .roomSafety, .emergencyStop, .watchdog, .recording,
            .gatingSignal, .gateOpenTooLong, .clock, .beamTime, .unexpectedEvent, .operatorInterrupt,
            .operatorTerminate, .permitLost:
            false
        }
    }
}

/// A set of interlocks.
public struct InterlockSet: OptionSet, Hashable, Sendable {
    public var rawValue: UInt64
    public init(rawValue: UInt64) { self.rawValue = rawValue }
    public init(_ interlock: Interlock) { rawValue = 1 << UInt64(interlock.rawValue) }

    /// The interlocks of the set, in their order.
    public var interlocks: [Interlock] { Interlock.allCases.filter { contains(InterlockSet($0)) } }

    public func contains(_ interlock: Interlock) -> Bool { contains(InterlockSet(interlock)) }
}

/// What an interlock does.
public enum InterlockClass: UInt8, Comparable, CaseIterable, Sendable, Hashable {
    /// Beam off; the field can go on from where it stopped once the cause is gone, it was reset and somebody resumes.
    case interruption
    /// Beam off; the field is over. What is left needs a new session: set-up, images, authorisation.
    case termination
    /// Termination, and beam is kept out of the room by the second means until a right-holder of the facility resets it.
    case facilityLatch

    public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}

/// Who may reset.
public enum ResetRight: UInt8, Comparable, CaseIterable, Sendable, Hashable {
    case therapist
    case physicist
    case facility

    public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}

/// A person who resets or resumes.
public struct RightHolder: Hashable, Sendable {
    public var id: String
    public var right: ResetRight

    public init(id: String, right: ResetRight) {
        self.id = id
        self.right = right
    }
}
