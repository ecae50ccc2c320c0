import DeliveryControl

/// What must really be so for ions to come into the room, as the plant is, not as anybody reports it.
enum PlantTruth: Int, CaseIterable {
    case room, emergencyButtons, line, voltage, disk, gate, control
    // For these, readiness too.
    case plan, patient, couch, rangeShifter
    case beam

    /// Whether `ready` may be shown only while it is so.
    var isOfSetup: Bool {
        switch self {
        case .plan, .patient, .couch, .rangeShifter: true
        case .room, .emergencyButtons, .line, .voltage, .disk, .gate, .control, .beam: false
        }
    }

    /// Longest time from its loss to the last ion, ns.
    ///
    /// - Parameters:
    ///   - figures: Of the plant.
    ///   - limits: Of the control.
    ///   - gate: Of the field.
    ///   - bound: What the injected faults may let through.
    ///   - visitNS: Longest visit of the field.
    func reactionNS(
        figures: PlantFigures, limits: DeliveryLimits, gate: BreathingGate?, bound: ReactionBound,
        visitNS: Int64
    ) -> Int64 {
        // The second means ends beam one nanosecond after its time.
        let cut = figures.spill.cutNS + 1
        let off = max(figures.spill.offDelayNS + figures.spill.fallNS, cut) + bound.switchNS
        return switch self {
        // Contacts and the second means.
        case .room, .emergencyButtons, .line, .voltage: figures.chainNS + cut
        // The visit ends, an entry is made, and not on disk in time.
        case .disk: limits.recordHoldNS + max(limits.spotTimeNS, visitNS) + off + bound.silenceNS
        // The signal goes its way; if it does not come, its permit ends.
        case .gate:
            (gate.map { 4 * $0.samplingNS + 5_000_000 + $0.latencyNS } ?? 0) + figures.heartbeatNS + off
                + bound.silenceNS + bound.gateNS
        case .control:
            SecondaryProtection.Limits().heartbeatNS + figures.heartbeatNS + cut
        case .plan: figures.planNewsNS + off + bound.silenceNS
        case .couch, .rangeShifter: figures.sensorNS + off + bound.silenceNS
        case .patient: figures.setupReadingNS + off + bound.silenceNS
        // Verified before beam: there is no time for it.
        case .beam: 0
        }
    }

    /// Whether it is so.
    func holds<Sink>(in plant: borrowing FieldSimulation<Sink>) -> Bool {
        switch self {
        case .room: plant.condition.isRoomSecured
        case .emergencyButtons: plant.condition.isEmergencyChainClosed
        case .line: plant.condition.isBeamLineOurs
        case .voltage: plant.condition.isVoltageGood
        case .disk: plant.condition.isDiskGood
        case .gate: plant.gate?.isOpen(atS: plant.now.seconds) ?? true
        case .control: plant.condition.isControlAlive && !plant.condition.isControlHung
        case .plan: plant.condition.isPlanApproved
        case .patient: plant.condition.patientIDOverride == nil
        case .couch:
            plant.condition.imagesHold && plant.condition.setupOffset == .zero
                && plant.condition.setupTurn == .zero
        case .rangeShifter: !plant.condition.rangeShifterContradicts
        case .beam: plant.condition.isServedBeamRight
        }
    }
}
