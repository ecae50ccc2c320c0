import FacilityModel
import Quantities
import Testing

@Suite struct PortAngleTests {
    static let nozzle = Nozzle(
        virtualSourceDistancesMM: SIMD2(9000, 8500), spotSizes: [], relativeEnergySpread: 0.001,
        ridgeFilterSigmaMM: 1, waterEquivalentThicknessMM: 2, fieldHalfWidthMM: SIMD2(100, 100),
        scanSpeedMMPerS: SIMD2(1e5, 5e4), rangeShifters: [], minimumSpotParticles: 0,
        maximumSpotParticles: 1e9)

    func port(_ direction: Port.Direction) -> Port {
        Port(
            id: "p", room: "1", direction: direction,
            patientSupportAngles: AngleDegrees(-90)...AngleDegrees(90), nozzle: Self.nozzle)
    }

    @Test func fixedPortGivesItsAngleModuloATurn() {
        let horizontal = port(.fixed(AngleDegrees(90)))
        for angle in [90.0, -270, 450, 90.04] {
            #expect(horizontal.allows(gantryAngle: AngleDegrees(angle)))
        }
        for angle in [0.0, 270, -90, 90.1, .nan] {
            #expect(!horizontal.allows(gantryAngle: AngleDegrees(angle)))
        }
        #expect(horizontal.directionText == "90°")
    }

    @Test func gantryAndCouchGiveTheirRanges() {
        let half = port(.rotating(AngleDegrees(-30)...AngleDegrees(180)))
        for angle in [0.0, 330, -30, 180, -180] {
            #expect(half.allows(gantryAngle: AngleDegrees(angle)))
        }
        for angle in [270.0, -31, 181, 200] {
            #expect(!half.allows(gantryAngle: AngleDegrees(angle)))
        }
        #expect(half.allows(patientSupportAngle: AngleDegrees(270)))
        #expect(!half.allows(patientSupportAngle: AngleDegrees(120)))
    }
}
