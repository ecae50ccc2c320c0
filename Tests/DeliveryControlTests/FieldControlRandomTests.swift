import DeliveryControl
import NumericKernels
import Testing

/// Random events in random order: whatever comes, the invariants hold.
struct FieldControlRandomTests {
    @Test(arguments: 0..<8)
    func invariants(block: Int) {
        for seed in 0..<250 { run(seed: UInt64(block * 250 + seed)) }
    }

    private func run(seed: UInt64) {
        var random = SeededRandom(seed: seed, stream: 7)
        var harness = ControlHarness()
        var isOn = false
        var granted = [MonotonicTime](repeating: .start, count: Permit.allCases.count)
        var wasOver = false
        for _ in 0..<300 {
            let name = StateEventTests.events[Int(random.uniform() * Double(StateEventTests.events.count))]
            var event = StateEventTests.event(name, &harness)
            let after = Int64(random.uniform() * 300_000)
            switch Int(random.uniform() * 12) {
            case 0:
                harness.grantAll(for: Int64(random.uniform() * 5_000_000))
                for permit in Permit.allCases { granted[Int(permit.rawValue)] = .init(nanoseconds: .max) }
            case 1:
                event = .fault(Interlock.allCases[Int(random.uniform() * Double(Interlock.allCases.count))])
            case 2: event = .magnetsSettled(visit: harness.control.visit)
            case 3: event = .recorded(through: harness.time)
            case 4:
                var readings = harness.good
                readings.imagesHold = false
                event = .setup(readings)
            default: break
            }
            if case .withdrawn(let permit) = event { granted[Int(permit.rawValue)] = .start }
            if case .permit(let permit, let until) = event { granted[Int(permit.rawValue)] = until }
            let before = harness.control.phase
            let counts = harness.control.layerCounts
            let position = (harness.control.layer, harness.control.visit)
            let (latched, overridden) = (harness.control.latched, harness.control.overridden)
            let answer = harness.send(event, after: after)
            checkRecords(
                answer, latched: latched, overridden: overridden, harness.control.latched,
                harness.control.overridden, seed)
            if answer.contains(.beamOn) {
                isOn = true
                #expect(harness.control.latched.isEmpty && harness.control.present.isEmpty)
                #expect(granted.allSatisfy { $0 >= harness.time }, "seed \(seed): permits")
            }
            if answer.contains(.beamOff) || answer.contains(.cut) { isOn = false }
            // Beam without its command is nowhere but in `irradiating`.
            #expect(isOn == (harness.control.phase == .irradiating), "seed \(seed): \(before) \(name)")
            // Delivery never goes back.
            #expect((harness.control.layer, harness.control.visit) >= position || before == .idle)
            if harness.control.layer == position.0 { #expect(harness.control.layerCounts >= counts) }
            // What is over stays over.
            if wasOver { #expect(harness.control.phase == before) }
            wasOver = before == .terminated || before == .completed
        }
    }

    /// No interlock, reset or override without its entry, and no entry without it.
    private func checkRecords(
        _ answer: [FieldCommand], latched: InterlockSet, overridden: InterlockSet, _ latchedNow: InterlockSet,
        _ overriddenNow: InterlockSet, _ seed: UInt64
    ) {
        var (latched, overridden) = (latched, overridden)
        for case .record(let entry) in answer {
            switch entry {
            case .interlock(let interlock): latched.insert(InterlockSet(interlock))
            case .reset(let interlock, _): latched.remove(InterlockSet(interlock))
            case .overridden(let interlock, let persons, let reason):
                #expect(Set(persons.map(\.id)).count == 2 && !reason.isEmpty, "seed \(seed)")
                overridden.insert(InterlockSet(interlock))
            case .overridesVoid: overridden = []
            default: break
            }
        }
        #expect(latched == latchedNow && overridden == overriddenNow, "seed \(seed)")
    }
}
