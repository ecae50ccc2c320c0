import DeliveryControl

/// When a fault comes.
package enum FaultTrigger: Sendable, Hashable {
    case time(MonotonicTime)
    /// When so many ions have passed in the session: inside a spot.
    case ions(Double)
    /// So long after a layer was asked for the first time, ns.
    case request(layer: Int, delayNS: Int64)
    /// So long after entries were handed to the disk for the n-th time, ns: within the commit if it is shorter than that.
    case collect(Int, delayNS: Int64)
}

/// What goes wrong.
package enum FaultAction: Sendable, Hashable {
    case primaryFrozen, secondaryFrozen
    /// Factors on the gains of primary and secondary.
    case gains(SIMD2<Double>)
    /// Voltage of the monitors out of its band; both gains fall by the factor.
    case voltageDrops(gain: Double)
    /// Counts per second without beam.
    case darkCounts(SIMD2<Double>)
    case magnetOffset(SIMD2<Double>)
    case magnetStuck(hasReadBack: Bool)
    /// Factor on the rate; it is over after a time, ns.
    case surge(Double)
    case surgeEnds
    case switchFails
    case energyOffset(Int, echoTells: Bool)
    case wrongIon
    case rangeShifterSensor
    /// The control's process is killed; the computer goes on.
    case controlKilled
    /// The control stands still for a time, ns, and goes on with what it missed.
    case controlHangs(Int64)
    /// The control's computer has no power.
    case powerFails
    case diskFails
    case clockJumps(Int64)
    case bitFlip(layer: Int, visit: Int, bit: Int)
    case planApprovedAnew
    case wrongPatient
    /// The right patient, whose identification cannot be read.
    case patientUnread
    /// People override the identification of the patient.
    case overridePatient(OverrideAttempt)
    case couch(mm: SIMD3<Double>, degrees: SIMD3<Double>)
    case gateStuckOpen, gateLost
    case gateDelayed(Int64)
    case pressesTwice
    case doorOpened, searchLost, emergencyPressed
    /// What no design survives, to show that the invariants can fail.
    case sabotage(Sabotage)
}

/// How people override a difference of the set-up: as they may, and as they may not.
package enum OverrideAttempt: CaseIterable, Sendable, Hashable {
    case onePerson, onePersonTwice, withoutReason
    case twoPersons

    var persons: [RightHolder] {
        let names =
            switch self {
            case .onePerson: ["therapist"]
            case .onePersonTwice: ["therapist", "therapist"]
            case .withoutReason, .twoPersons: ["therapist", "therapist-2"]
            }
        return names.map { RightHolder(id: $0, right: .therapist) }
    }

    var reason: String { self == .withoutReason ? "" : "wristband not readable, known to both" }
}

/// Breaks what the safety rests on: more than one fault at once, where the design promises nothing.
package enum Sabotage: Sendable, Hashable {
    /// The room's contacts, in hardware and to the control, are welded.
    case roomContactsWelded
    /// Readings of the room tell what the plan wants.
    case readingsFalse
    /// The control forgets what it latched.
    case latchesForgotten
    /// The control starts what it was only offered.
    case startsByItself
    /// Counts are shown that nobody counted.
    case displayFalse
    /// The monitor chambers count less than comes, both by the same.
    case bothGains(Double)
}

/// One fault with its moment.
package struct FaultInjection: Sendable, Hashable {
    package var trigger: FaultTrigger
    package var action: FaultAction

    package init(_ action: FaultAction, at trigger: FaultTrigger) {
        self.trigger = trigger
        self.action = action
    }
}

/// The faults of a session that are still to come.
struct FaultSchedule: Sendable {
    private(set) var injections: [FaultInjection] = []
    /// Indices of those that wait for ions, the earliest last; of those that wait for a layer; of those that wait for the disk.
    private(set) var waitingForIons: [(ions: Double, index: Int)] = []
    var waitingForLayer: [(layer: Int, delayNS: Int64, index: Int)] = []
    var waitingForDisk: [(count: Int, delayNS: Int64, index: Int)] = []
    var collects = 0
    /// When the first fault came.
    var firstAt: MonotonicTime?

    /// Whether one of them lets the control hang.
    var hasHung: Bool {
        injections.contains { if case .controlHangs = $0.action { true } else { false } }
    }

    /// Ions at which the next one comes; nil if none waits for ions.
    var ionsAtNext: Double? { waitingForIons.last?.ions }

    mutating func add(_ injection: FaultInjection) -> Int {
        injections.append(injection)
        let index = injections.count - 1
        switch injection.trigger {
        case .time: break
        case .ions(let ions):
            waitingForIons.append((ions, index))
            waitingForIons.sort { $0.ions > $1.ions }
        case .request(let layer, let delay): waitingForLayer.append((layer, delay, index))
        case .collect(let count, let delay): waitingForDisk.append((count, delay, index))
        }
        return index
    }

    mutating func takeNextOfIons() -> Int? { waitingForIons.popLast()?.index }
}
