import DeliveryControl
import NumericKernels

/// Place, time and size of each fault, from the seed.
extension FaultScenario {
    /// - Parameters:
    ///   - random: Draws.
    ///   - field: The field that is delivered.
    /// - Returns: What goes wrong in the first session; empty for faults of the network.
    package func injections(_ random: inout SeededRandom, _ field: FaultField) -> [FaultInjection] {
        let ions = FaultTrigger.ions(field.ions * (0.02 + 0.9 * random.uniform()))
        let layer = Int(random.uniform() * Double(field.field.layers.count))
        let request = FaultTrigger.request(layer: layer, delayNS: 0)
        let early = FaultTrigger.time(MonotonicTime(nanoseconds: Int64(random.uniform() * 30e6)))
        let choice = random.uniform()
        let sign = random.uniform() < 0.5 ? -1.0 : 1
        switch self {
        case .monitorFrozen:
            return [FaultInjection(choice < 0.8 ? .primaryFrozen : .secondaryFrozen, at: ions)]
        case .monitorsDisagree:
            let drift = sign * [0.02, 0.05, 0.10, 0.15][Int(choice * 4)]
            let gains = random.uniform() < 0.5 ? SIMD2(1 + drift, 1) : SIMD2(1, 1 + drift)
            return [FaultInjection(.gains(gains), at: random.uniform() < 0.5 ? ions : early)]
        case .monitorVoltage: return [FaultInjection(.voltageDrops(gain: 0.5 + 0.5 * choice), at: ions)]
        case .monitorNoise:
            let counts = 5e3 + 5e4 * random.uniform()
            let which = [SIMD2(counts, 0), SIMD2(0, counts), SIMD2(counts, counts)][Int(choice * 3)]
            let trigger = random.uniform() < 0.5 ? early : .request(layer: layer, delayNS: 1_000_000)
            return [FaultInjection(.darkCounts(which), at: trigger)]
        case .magnetOffset:
            let offset = random.uniform() < 0.5 ? SIMD2(3 * sign, 0) : SIMD2(0, 3 * sign)
            return [FaultInjection(.magnetOffset(offset), at: ions)]
        case .magnetStuck: return [FaultInjection(.magnetStuck(hasReadBack: choice < 0.5), at: ions)]
        case .spillSurge:
            return [FaultInjection(.surge(Self.surge), at: choice < 0.5 ? request : ions)]
        case .beamStuckOn: return [FaultInjection(.switchFails, at: ions)]
        case .wrongEnergy:
            return [FaultInjection(.energyOffset(sign < 0 ? -1 : 1, echoTells: choice < 0.5), at: request)]
        case .wrongIon: return [FaultInjection(.wrongIon, at: request)]
        case .rangeShifterSensor:
            return [FaultInjection(.rangeShifterSensor, at: choice < 0.3 ? early : ions)]
        case .controlKilled:
            let hang = Int64(random.uniform() * 100e6)
            return [FaultInjection(choice < 0.8 ? .controlKilled : .controlHangs(hang), at: ions)]
        case .powerLost:
            let delay = Int64(random.uniform() * Double(field.figures.commitNS))
            return [FaultInjection(.powerFails, at: .collect(2 + Int(choice * 5), delayNS: delay))]
        case .diskFull: return [FaultInjection(.diskFails, at: ions)]
        case .networkLost, .replyLost, .twoStations: return []
        case .twoConsoles: return [FaultInjection(.pressesTwice, at: .time(.start))]
        case .planApprovedAnew: return [FaultInjection(.planApprovedAnew, at: choice < 0.5 ? early : ions)]
        case .wrongPatient: return Self.patientFaults(choice, random.uniform(), early)
        case .couchMoved:
            let turns = random.uniform() < 0.3
            let size = sign * (2 + 8 * random.uniform())
            let move =
                turns
                ? FaultAction.couch(mm: .zero, degrees: SIMD3(sign, 0, 0))
                : .couch(mm: SIMD3(0, size, 0), degrees: .zero)
            return [FaultInjection(move, at: choice < 0.3 ? early : ions)]
        case .gatingSignal:
            let action: FaultAction =
                choice < 0.34 ? .gateStuckOpen : (choice < 0.67 ? .gateLost : .gateDelayed(300_000_000))
            // So early that a gate which stays open is found before the field is over.
            let soon = FaultTrigger.ions(field.ions * (0.02 + 0.3 * random.uniform()))
            return [FaultInjection(action, at: soon)]
        case .clockJump:
            let jump = Int64(sign * [1e6, 1e9, 3600e9][Int(choice * 3)])
            return [FaultInjection(.clockJumps(jump), at: ions)]
        case .bitFlip:
            let visits = field.field.layers[layer].visits.count
            let visit = Int(random.uniform() * Double(visits))
            let delay = Int64(random.uniform() * 30e6)
            return [
                FaultInjection(
                    .bitFlip(layer: layer, visit: visit, bit: Int(choice * 40)),
                    at: .request(layer: layer, delayNS: delay))
            ]
        case .roomOpened:
            let action = [FaultAction.doorOpened, .searchLost, .emergencyPressed][Int(choice * 3)]
            return [FaultInjection(action, at: random.uniform() < 0.7 ? ions : request)]
        }
    }

    /// Another patient, from the start or a little later, with people who override as they may not; or the right one who cannot be identified, with
    /// two who know him.
    private static func patientFaults(
        _ choice: Double, _ other: Double, _ early: FaultTrigger
    ) -> [FaultInjection] {
        let start = FaultTrigger.time(.start)
        let soon = FaultTrigger.time(MonotonicTime(nanoseconds: 150_000_000))
        if choice >= 0.85 {
            return [
                FaultInjection(.patientUnread, at: start),
                FaultInjection(.overridePatient(.twoPersons), at: soon),
            ]
        }
        var faults = [FaultInjection(.wrongPatient, at: choice < 0.7 ? start : early)]
        if choice < 0.7, other < 0.6 {
            let attempt = [OverrideAttempt.onePerson, .onePersonTwice, .withoutReason][Int(other * 5)]
            faults.append(FaultInjection(.overridePatient(attempt), at: soon))
        }
        return faults
    }
}
