import AcceleratorModel
import Foundation
import TestSupport
import Testing

@Suite struct RampProgramTests {
    @Test func frequenciesOfTheLargeRing() throws {
        let program = try Accelerator.large.ramp(topMeVPerNucleon: 800)
        expectClose(
            try program.bucket(at: 0).frequencyHz * 1e-6, 1.045, relative: 0.003,
            because: "harmonic 4 at 6 MeV/u")
        expectClose(
            try program.bucket(at: program.durationS).frequencyHz * 1e-6, 7.80, relative: 0.003,
            because: "harmonic 4 at 800 MeV/u")
        expectClose(program.field(at: program.durationS), 1.5, relative: 0.003, because: "9.75 T m at 6.5 m")
    }

    /// 0.90 to 6.97 MHz are published, and imply harmonic 2.
    @Test func frequenciesOfTheSmallRing() throws {
        let program = try Accelerator.small.ramp(topMeVPerNucleon: 430)
        expectClose(
            try program.bucket(at: 0).frequencyHz * 1e-6, 0.90, relative: 0.03, because: "published band")
        expectClose(
            try program.bucket(at: program.durationS).frequencyHz * 1e-6, 6.97, relative: 0.03,
            because: "published band")
    }

    @Test(arguments: [Accelerator.large, .small])
    func rampKeepsTheBucketArea(_ accelerator: Accelerator) throws {
        let program = try accelerator.ramp(topMeVPerNucleon: 400)
        let end = accelerator.radioFrequency.captureS
        expectClose(
            program.voltage(at: end), accelerator.radioFrequency.captureEndV, relative: 1e-9,
            because: "continuous")
        expectClose(
            program.voltage(at: 0), accelerator.radioFrequency.captureStartV, relative: 1e-9, because: "start"
        )
        var least = Double.infinity
        for i in 0...400 {
            let time = end + program.dipole.durationS * Double(i) / 400
            least = min(least, try program.bucket(at: time).areaEVS)
            #expect(program.voltage(at: time) <= accelerator.radioFrequency.greatestVoltageV)
        }
        expectClose(
            least, program.heldAreaEVS, relative: 0.002, because: "voltage linear within a millisecond")
    }

    /// ω_s of the bucket changes at the same relative rate per oscillation all through capture.
    @Test func captureIsIsoAdiabatic() throws {
        let program = try Accelerator.small.ramp(topMeVPerNucleon: 200)
        var rates: [Double] = []
        for i in 1...19 {
            let (time, step) = (0.03 * Double(i) / 20, 1e-5)
            let low = try program.bucket(at: time - step).synchrotronFrequencyHz
            let high = try program.bucket(at: time + step).synchrotronFrequencyHz
            let middle = try program.bucket(at: time).synchrotronFrequencyHz
            rates.append((high - low) / (2 * step) / (middle * middle))
        }
        for rate in rates { expectClose(rate, rates[0], relative: 1e-3, because: "equation of the law") }
    }

    @Test func impossibleRampsAreRefused() {
        #expect(throws: AcceleratorError.self) { try Accelerator.small.ramp(topMeVPerNucleon: 500) }
        #expect(throws: AcceleratorError.self) { try Accelerator.small.ramp(topMeVPerNucleon: 3) }
        var fast = Accelerator.small
        fast.ring.rampRateTPerS = 8
        do {
            _ = try fast.ramp(topMeVPerNucleon: 400)
            Issue.record("a ramp of 8 T/s needs more than 2 kV")
        } catch {
            guard case .voltageTooLow(_, let needed, 2000) = error else {
                Issue.record("\(error)")
                return
            }
            #expect(needed > 2000)
        }
        var band = Accelerator.large
        band.radioFrequency.harmonic = 5
        #expect(throws: AcceleratorError.self) { try band.ramp(topMeVPerNucleon: 800) }
    }
}
