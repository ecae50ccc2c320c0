import FacilityModel
import Quantities
import TestSupport
import Testing

@Suite struct MonitorUnitCalibrationTests {
    private func point(_ energy: Double, _ particles: Double) -> MonitorUnitCalibration.Point {
        .init(energy: EnergyPerNucleon(energy), particles: particles)
    }

    @Test func oneNumberHoldsAtEveryEnergy() {
        let calibration = MonitorUnitCalibration(particlesPerUnit: 3e5)
        #expect(calibration.particles(at: EnergyPerNucleon(80)) == 3e5)
        #expect(calibration.particles(at: EnergyPerNucleon(430)) == 3e5)
    }

    @Test func aTableIsLinearBetweenItsPointsAndUnknownOutside() throws {
        let calibration = try #require(
            MonitorUnitCalibration(points: [point(100, 1e5), point(200, 3e5), point(400, 4e5)]))
        for (energy, particles) in [(100.0, 1e5), (150, 2e5), (200, 3e5), (300, 3.5e5), (400, 4e5)] {
            expectClose(
                try #require(calibration.particles(at: EnergyPerNucleon(energy))), particles, relative: 1e-12,
                because: "linear")
        }
        #expect(calibration.particles(at: EnergyPerNucleon(99.9)) == nil)
        #expect(calibration.particles(at: EnergyPerNucleon(400.1)) == nil)
    }

    @Test func impossibleTablesAreNone() {
        #expect(MonitorUnitCalibration(points: [point(100, 1e5)]) == nil)
        #expect(MonitorUnitCalibration(points: [point(200, 1e5), point(100, 1e5)]) == nil)
        #expect(MonitorUnitCalibration(points: [point(100, 1e5), point(200, 0)]) == nil)
        #expect(MonitorUnitCalibration(points: [point(100, 1e5), point(200, .nan)]) == nil)
    }
}
