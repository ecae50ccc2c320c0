import DeliveryControl

/// What is wrong with the plant; everything works by default.
struct PlantCondition: Sendable {
    var isRoomSecured = true
    var isEmergencyChainClosed = true
    var isBeamLineOurs = true
    var isVoltageGood = true
    var isRecorderGood = true
    var isDiskGood = true
    var isGateSignalAlive = true
    var gateStuckOpen = false
    var gateExtraLatencyNS: Int64 = 0
    var energyOffset = 0
    /// Whether the energy word of the accelerator tells of the wrong energy; the field reading always does.
    var doesEchoTell = false
    var wrongIon = false
    /// Whether the beam that is served is the one that was asked for.
    var isServedBeamRight = true
    var setupOffset = SIMD3<Double>.zero
    var setupTurn = SIMD3<Double>.zero
    var rangeShifterContradicts = false
    var imagesHold = true
    /// Another patient lies there; the right one, who cannot be identified.
    var patientIDOverride: String?
    var isPatientUnread = false
    var relativeSize = 1.0
    var isControlAlive = true
    var isControlHung = false
    var hasPowerFailed = false
    /// Clock of the control over that of the world, ns.
    var clockOffsetNS: Int64 = 0
    /// Whether the plan that the field belongs to is still the approved one.
    var isPlanApproved = true
    var hasReadBack = true
    var pressesTwice = false

    // What no design survives, to show that the invariants can fail.
    var isRoomSignalWelded = false
    var areReadingsFalse = false
    var startsByItself = false
    var displayOffset: Int64 = 0

    /// Whether the accelerator makes the beam that it is asked for.
    var isBeamRight: Bool { energyOffset == 0 && !wrongIon }

    /// People mend what can be mended while the session lasts. A clock that ran ahead stays ahead: set back it would run backwards.
    mutating func repair() {
        var sound = PlantCondition()
        sound.isControlAlive = isControlAlive
        sound.isControlHung = isControlHung
        sound.hasPowerFailed = hasPowerFailed
        sound.isServedBeamRight = isServedBeamRight
        sound.isPlanApproved = isPlanApproved
        sound.clockOffsetNS = max(0, clockOffsetNS)
        sound.isRoomSignalWelded = isRoomSignalWelded
        sound.areReadingsFalse = areReadingsFalse
        sound.startsByItself = startsByItself
        sound.displayOffset = displayOffset
        self = sound
    }
}

/// Contacts in series with the second means of ending the beam, without any program: room, emergency buttons, line, voltage of the monitors,
/// second protection, intensity limiter, facility latch.
struct HardwareChain: Sendable {
    /// The contacts as the relays have them; they follow the world by `PlantFigures.chainNS`.
    var isOpen = false
    /// The facility latch: beam is kept out until somebody of the facility resets it.
    var isLatchedOut = false
    var isLimiterOpen = false
    /// Whether the trip of the second protection was told to the control.
    var isTripReported = false
}

extension RoomControl {
    /// A room that was searched and closed.
    static var secured: RoomControl {
        var room = RoomControl()
        room.search()
        return room
    }

    /// Emergency reset where needed, search, last button, door and key.
    mutating func search() {
        for event in [Event.emergencyReset, .searchStarted, .lastSearchButton, .doorClosedAndKey] {
            _ = handle(event)
        }
    }
}
