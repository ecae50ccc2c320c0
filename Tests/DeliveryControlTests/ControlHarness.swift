import DeliveryControl
import Quantities

/// A control with a small field, led to a state by the events that lead there in life.
struct ControlHarness: ~Copyable {
    var control: FieldControl
    var time = MonotonicTime(nanoseconds: 1_000_000)
    var token: UInt64 = 0
    /// All commands since the start.
    var commands: [FieldCommand] = []
    var counters = MonitorSample(primary: 1000, secondary: 1000)

    init(limits: DeliveryLimits = DeliveryLimits()) { control = FieldControl(limits: limits) }

    static let setup = FieldSetup(
        patientID: "P-1", gantryDegrees: 90, couchMM: SIMD3(10, 20, 30), couchDegrees: .zero, snoutMM: 300,
        rangeShifter: nil, ridgeFilter: "R1")

    /// Two layers of four visits of 500 counts at 1e6 counts/s: beam off before the first and the third.
    static func field(isGated: Bool = true) -> FieldSequence {
        let layers = (0..<2).map { (layer: Int) -> LayerSequence in
            let visits = (0..<4).map { (index: Int) -> SpotVisit in
                SpotVisit(
                    spot: Int32(index), painting: 0, positionMM: SIMD2(2 * Double(index), 0),
                    presetCounts: Int64(500 * (index + 1)), beamOffBefore: index % 2 == 0)
            }
            return LayerSequence(
                planLayer: layer, energy: EnergyPerNucleon(290 - 10 * Double(layer)),
                rigidityTM: 5.27 - 0.1 * Double(layer), countsPerS: 1e6, visits: visits)
        }
        return FieldSequence(
            fieldNumber: 1, planHash: "hash", ion: .carbon12, layers: layers, setup: setup, isGated: isGated)
    }

    var good: SetupReadings { SetupReadings(setup: Self.setup, imagesHold: true) }

    func readings(_ layer: Int? = nil) -> LayerReadings {
        let index = layer ?? control.layer
        let wanted = Self.field().layers[min(index, 1)]
        return LayerReadings(
            layer: index, ion: .carbon12, energy: wanted.energy, rigidityTM: wanted.rigidityTM)
    }

    /// Sends an event `after` nanoseconds from the last.
    @discardableResult
    mutating func send(_ event: FieldEvent, after: Int64 = 1000) -> [FieldCommand] {
        time = time.after(after)
        let answer = control.handle(event, at: time)
        for case .offer(let token) in answer { self.token = token }
        commands += answer
        return answer
    }

    mutating func grantAll(for nanoseconds: Int64 = 1_000_000_000_000) {
        for permit in Permit.allCases { send(.permit(permit, until: time.after(nanoseconds))) }
    }

    mutating func load() { send(.load(Self.field(), approvedHash: "hash", from: .beginning)) }

    /// The control counts on: both monitors by the same.
    mutating func count(_ counts: Int64) -> MonitorSample {
        counters.primary += counts
        counters.secondary += counts
        return counters
    }

    /// Leads to a state.
    mutating func lead(to phase: FieldControl.Phase) {
        guard phase != .idle else { return }
        load()
        guard phase != .loaded else { return }
        grantAll()
        send(.setup(good))
        guard phase != .ready else { return }
        send(.start(token: token))
        guard phase != .preparing else { return }
        if phase == .interrupted {
            send(.interrupt)
            return
        }
        if phase == .terminated {
            send(.terminate)
            return
        }
        send(.layerReady(readings(), counters: counters))
        send(.recorded(through: time))
        guard phase != .holding else { return }
        send(.magnetsSettled(visit: 0))
        guard phase != .irradiating else { return }
        if phase == .stopping {
            send(.withdrawn(.gate))
            return
        }
        deliverRest()
    }

    /// Delivers everything that is left, from beam on in the first visit.
    mutating func deliverRest() {
        for _ in 0..<40 where control.phase != .completed {
            switch control.phase {
            case .irradiating:
                let preset = Self.field().layers[control.layer].visits[control.visit].presetCounts
                let sample = count(preset - control.layerCounts)
                send(.sample(sample), after: 500_000)
                if control.phase == .irradiating { send(.magnetsSettled(visit: control.visit)) }
            case .stopping: send(.beamSeen(false, counters), after: 100_000)
            case .holding:
                send(.recorded(through: time))
                send(.magnetsSettled(visit: control.visit))
            case .preparing: send(.layerReady(readings(), counters: counters))
            case .idle, .loaded, .ready, .interrupted, .terminated, .completed: return
            }
        }
    }

    /// Names of interlocks in an answer.
    static func interlocks(_ commands: [FieldCommand]) -> [Interlock] {
        commands.compactMap { if case .record(.interlock(let interlock)) = $0 { interlock } else { nil } }
    }
}
