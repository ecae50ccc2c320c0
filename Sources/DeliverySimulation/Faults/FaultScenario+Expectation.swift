import DeliveryControl

/// What each scenario must lead to, beyond the invariants.
extension FaultScenario {
    /// - Parameter result: Of a run with this scenario alone.
    /// - Returns: What is missing; nil if all is as it must be.
    func missed(by result: FaultResult) -> String? {
        guard let first = result.sessions.first else { return "no session" }
        let fired = InterlockSet(first.fired)
        // Noise of the monitors alone may end a session before its fault comes.
        guard first.wasStruck || result.wasNetworkStruck && networkFault != nil else {
            return first.fired.isEmpty ? "the fault did not strike" : nil
        }
        func needs(_ any: [Interlock], ends: Bool = false, then outcomes: [FaultResult.Outcome]) -> String? {
            // Noise of the monitors may end the session before the fault is found.
            if first.fired == [.monitorDisagreement], result.outcome == .continued { return nil }
            guard any.contains(where: { fired.contains($0) }) else {
                return "none of \(any) fired, but \(first.fired)"
            }
            if ends, first.phase != .terminated { return "not terminated but \(first.phase)" }
            let isNoise = result.outcome == .continued && fired.contains(.monitorDisagreement)
            return outcomes.contains(result.outcome) || isNoise
                ? nil : "\(result.outcome) after \(first.fired)"
        }
        /// Faults that come too late, or are within tolerance, let the field be completed.
        func mayPass() -> Bool { first.fired.isEmpty && result.outcome == .completed }
        func delivered() -> String? { result.isComplete ? nil : "\(result.outcome) after \(first.fired)" }
        switch self {
        case .monitorFrozen, .monitorsDisagree:
            if mayPass() { return nil }
            return needs(
                [.secondaryDoseLimit, .monitorDisagreement], ends: true, then: [.completed, .continued])
        case .monitorVoltage: return mayPass() ? nil : needs([.monitorHighVoltage], then: [.resumed])
        case .monitorNoise:
            return needs([.darkCounts, .beamOffFailure], then: [.completed, .resumed, .continued])
        case .magnetOffset: return needs([.spotPosition], then: [.resumed])
        case .magnetStuck: return needs([.scanMagnet, .spotPosition], then: [.resumed])
        case .spillSurge:
            return needs([.intensityHigh, .secondaryDoseLimit], then: [.completed, .resumed, .continued])
        case .beamStuckOn:
            // The last beam off may be the end of the fill.
            return mayPass()
                ? nil
                : needs([.beamOffFailure, .secondaryDoseLimit], ends: true, then: [.continued, .completed])
        case .wrongEnergy: return needs([.energyMismatch], then: [.resumed])
        case .wrongIon: return needs([.ionMismatch], ends: true, then: [.continued])
        case .rangeShifterSensor:
            return mayPass() ? nil : needs([.rangeShifter], then: [.completed, .resumed])
        case .controlKilled, .powerLost, .clockJump: return delivered()
        case .diskFull: return mayPass() ? nil : needs([.recording], then: [.resumed])
        case .networkLost, .replyLost, .twoStations, .twoConsoles: return delivered()
        case .planApprovedAnew:
            if mayPass() { return nil }
            return needs([.planHash], ends: true, then: [.completed, .ended, .notStarted])
        case .wrongPatient:
            return fired.contains(.patientIdentity)
                ? needs([.patientIdentity], ends: true, then: [.continued]) : delivered()
        case .couchMoved: return mayPass() ? nil : needs([.couch, .imaging], then: [.completed, .resumed])
        case .gatingSignal:
            return mayPass()
                ? nil : needs([.gatingSignal, .gateOpenTooLong, .operatorInterrupt], then: [.resumed])
        case .bitFlip:
            return needs(
                [.sequenceChecksum, .secondaryDoseLimit, .monitorDisagreement, .spotTime, .beamTime],
                then: [.completed, .resumed, .continued])
        case .roomOpened:
            if fired.contains(.emergencyStop) {
                return needs([.emergencyStop], ends: true, then: [.completed, .continued])
            }
            return mayPass() ? nil : needs([.roomSafety], then: [.completed, .resumed])
        }
    }
}

extension InterlockSet {
    /// - Parameter interlocks: Its members.
    init(_ interlocks: [Interlock]) {
        self = interlocks.reduce(into: InterlockSet()) { $0.insert(InterlockSet($1)) }
    }
}
