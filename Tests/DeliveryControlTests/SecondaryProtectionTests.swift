import DeliveryControl
import Testing

/// The second protection trips by each of its reasons, and not before.
struct SecondaryProtectionTests {
    private static let persons = [
        RightHolder(id: "P", right: .physicist), RightHolder(id: "T", right: .therapist),
    ]

    /// Visits of 500 counts at 1e6 per second: margin 100 + 5 % + 1000 counts.
    private static func armed() -> SecondaryProtection {
        var protection = SecondaryProtection()
        let armed = protection.arm(ControlHarness.field(), at: .start)
        precondition(armed)
        protection.protect(LayerBounds(layer: 0, secondaryBase: 5000), at: .start)
        return protection
    }

    @Test func tooManyCounts() {
        var protection = Self.armed()
        let time = MonotonicTime(nanoseconds: 1000)
        holds(!protection.counted(5000 + 500 + 1125, at: time))
        holds(protection.counted(5000 + 500 + 1126, at: time))
        holds(protection.reason == .doseLimit && !protection.holds)
    }

    @Test func limitMovesWithTheVisit() {
        var protection = Self.armed()
        let time = MonotonicTime(nanoseconds: 1000)
        holds(!protection.counted(5500, at: time))
        holds(!protection.moved(to: 1, at: time))
        holds(!protection.counted(5000 + 1000 + 1150, at: time))
        holds(protection.counted(5000 + 1000 + 1151, at: time))
    }

    @Test func moveBeforeTheCountsAreThere() {
        var protection = Self.armed()
        let time = MonotonicTime(nanoseconds: 1000)
        holds(!protection.counted(5300, at: time))
        holds(!protection.moved(to: 1, at: time))
        // 1500 counts are due before visit 3, 1175 of which may be late.
        holds(protection.moved(to: 3, at: time))
        holds(protection.reason == .earlyAdvance)
    }

    @Test func silence() {
        var protection = Self.armed()
        protection.heartbeat(at: MonotonicTime(nanoseconds: 10_000_000))
        holds(!protection.heard(at: MonotonicTime(nanoseconds: 30_000_000)))
        holds(protection.heard(at: MonotonicTime(nanoseconds: 30_000_001)))
        holds(protection.reason == .heartbeat)
    }

    @Test func countersBackwards() {
        var protection = Self.armed()
        holds(!protection.counted(5100, at: .start))
        holds(protection.counted(5099, at: .start))
        holds(protection.reason == .counters)
    }

    @Test func tripLatches() {
        var protection = Self.armed()
        holds(protection.counted(9000, at: .start))
        holds(protection.counted(9000, at: .start))
        protection.disarm()
        holds(protection.phase == .tripped)
        holds(!protection.arm(ControlHarness.field(), at: .start))
        holds(!protection.reset(by: [Self.persons[0], Self.persons[0]]))
        holds(!protection.reset(by: [Self.persons[1], RightHolder(id: "T2", right: .therapist)]))
        holds(protection.reset(by: Self.persons))
        holds(protection.phase == .disarmed && protection.reason == nil)
        holds(!protection.reset(by: Self.persons))
    }

    @Test func damagedTableIsNotArmed() {
        var field = ControlHarness.field()
        field.layers[0].visits[0].presetCounts -= 1
        var protection = SecondaryProtection()
        holds(!protection.arm(field, at: .start))
        holds(!protection.holds)
    }

    @Test func disarmedDoesNothing() {
        var protection = SecondaryProtection()
        holds(!protection.counted(100_000, at: .start))
        holds(!protection.moved(to: 5, at: .start))
        holds(!protection.heard(at: MonotonicTime(nanoseconds: .max)))
    }
}
