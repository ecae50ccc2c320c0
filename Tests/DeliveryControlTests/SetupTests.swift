import DeliveryControl
import Testing

/// The room against the field, each tolerance at its limit and beyond.
struct SetupTests {
    private func mismatches(_ change: (inout SetupReadings) -> Void) -> [Interlock] {
        var readings = SetupReadings(setup: ControlHarness.setup, imagesHold: true)
        change(&readings)
        return readings.mismatches(with: ControlHarness.setup, limits: DeliveryLimits()).interlocks
    }

    @Test func everyTolerance() {
        #expect(mismatches { _ in }.isEmpty)
        #expect(mismatches { $0.setup.patientID = "P-2" } == [.patientIdentity])
        #expect(mismatches { $0.setup.gantryDegrees += 0.29 }.isEmpty)
        #expect(mismatches { $0.setup.gantryDegrees += 0.31 } == [.gantry])
        #expect(mismatches { $0.setup.gantryDegrees += 360 }.isEmpty)
        #expect(mismatches { $0.setup.gantryDegrees += 359.8 }.isEmpty)
        #expect(mismatches { $0.setup.gantryDegrees = .nan } == [.gantry])
        for axis in 0..<3 {
            #expect(mismatches { $0.setup.couchMM[axis] -= 0.99 }.isEmpty)
            #expect(mismatches { $0.setup.couchMM[axis] -= 1.01 } == [.couch])
            #expect(mismatches { $0.setup.couchDegrees[axis] += 0.49 }.isEmpty)
            #expect(mismatches { $0.setup.couchDegrees[axis] += 0.51 } == [.couch])
        }
        #expect(mismatches { $0.setup.couchMM.x = .nan } == [.couch])
        #expect(mismatches { $0.setup.snoutMM += 1.9 }.isEmpty)
        #expect(mismatches { $0.setup.snoutMM += 2.1 } == [.snout])
        #expect(mismatches { $0.setup.rangeShifter = "RS30" } == [.rangeShifter])
        #expect(mismatches { $0.setup.ridgeFilter = nil } == [.rangeShifter])
        #expect(mismatches { $0.rangeShifterContradicts = true } == [.rangeShifter])
        #expect(mismatches { $0.imagesHold = false } == [.imaging])
    }

    @Test func nobodyIsNoPatient() {
        var setup = ControlHarness.setup
        setup.patientID = ""
        let readings = SetupReadings(setup: setup, imagesHold: true)
        #expect(readings.mismatches(with: setup, limits: DeliveryLimits()).interlocks == [.patientIdentity])
    }
}
