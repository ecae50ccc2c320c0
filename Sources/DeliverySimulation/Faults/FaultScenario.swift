import DeliveryControl
import NumericKernels

/// The 25 faults that the delivery must survive.
public enum FaultScenario: Int, CaseIterable, Sendable, Hashable {
    case monitorFrozen = 1
    case monitorsDisagree, monitorVoltage, monitorNoise, magnetOffset, magnetStuck, spillSurge, beamStuckOn
    case wrongEnergy, wrongIon, rangeShifterSensor, controlKilled, powerLost, diskFull, networkLost, replyLost
    case twoStations, twoConsoles, planApprovedAnew, wrongPatient, couchMoved, gatingSignal, clockJump,
        bitFlip
    case roomOpened

    /// What goes wrong, for tables.
    public var title: String {
        switch self {
        case .monitorFrozen: "monitor frozen at its last count"
        case .monitorsDisagree: "gain of a monitor drifts by 2 to 15 %"
        case .monitorVoltage: "voltage of the monitors drops"
        case .monitorNoise: "monitors count without beam"
        case .magnetOffset: "beam 3 mm beside its spot"
        case .magnetStuck: "scanning magnet stuck"
        case .spillSurge: "spill 20 times too intense"
        case .beamStuckOn: "beam-off is ignored"
        case .wrongEnergy: "energy index off by one"
        case .wrongIon: "wrong ion"
        case .rangeShifterSensor: "range shifter's sensor contradicts"
        case .controlKilled: "control killed or hung inside a spot"
        case .powerLost: "power lost during a commit"
        case .diskFull: "disk full or failing"
        case .networkLost: "network lost during the fraction"
        case .replyLost: "reply lost, record sent again"
        case .twoStations: "two stations claim one fraction"
        case .twoConsoles: "start pressed twice, two consoles"
        case .planApprovedAnew: "plan approved anew while loaded"
        case .wrongPatient: "wrong patient"
        case .couchMoved: "couch drifts or is moved"
        case .gatingSignal: "gating signal stuck, lost or late"
        case .clockJump: "clock jumps"
        case .bitFlip: "bit flips in the spot table"
        case .roomOpened: "door, search or emergency button"
        }
    }

    /// Whether it strikes the records on the network and no device.
    public var isOfNetwork: Bool { networkFault != nil }

    /// What the network does; nil for faults of the plant, where it only loses and doubles as usual.
    var networkFault: NetworkFault? {
        self == .networkLost
            ? .outage : self == .replyLost ? .repliesLost : self == .twoStations ? .twoStations : nil
    }

    /// How much may pass.
    ///
    /// - Parameter figures: Of the plant.
    func bound(figures: PlantFigures) -> ReactionBound {
        var bound = ReactionBound()
        switch self {
        case .monitorFrozen, .monitorsDisagree:
            bound = .secondProtection(figures: figures)
            let limits = DeliveryLimits()
            // Monitors that agree within the tolerance are believed.
            // The noise that is allowed is never more than 61.25 counts over 5 %, in each layer.
            bound.recordCounts = 3 * 62
            bound.recordShare = limits.disagreementStopAfterSpot
            bound.leastGain = 0.85
        case .bitFlip:
            bound = .secondProtection(figures: figures)
            bound.isTableDamaged = true
        case .controlKilled, .powerLost:
            bound = .secondProtection(figures: figures)
            bound.silenceNS = SecondaryProtection.Limits().heartbeatNS + figures.heartbeatNS
        case .monitorVoltage:
            bound.detectionNS += figures.chainNS
            bound.leastGain = 0.5
        case .spillSurge:
            bound.rateFactor *= Self.surge
            bound.detectionNS += figures.limiterNS
        case .beamStuckOn:
            bound.switchNS = DeliveryLimits().beamOffNS + figures.monitors.samplingNS
        case .magnetOffset, .magnetStuck: bound.beamMoves = 1
        case .monitorNoise, .wrongEnergy, .wrongIon, .rangeShifterSensor,
            .diskFull, .networkLost, .replyLost, .twoStations, .twoConsoles, .planApprovedAnew, .wrongPatient,
            .couchMoved, .gatingSignal, .clockJump, .roomOpened:
            break
        }
        return bound
    }

    /// Factor of the surge.
    static let surge = 20.0
}
