import Frames
import PlanModel
import Quantities
import Reporting
import TestSupport
import Testing

@Suite struct BeamAxisTests {
    /// Gantry, couch and the direction of the ions in the DICOM patient frame (head first supine), by hand:
    /// from above they go posterior, from 90° (the patient's left) to the right, and with the couch at 90° the
    /// patient's head points to +x of the room, so the same beam comes from above the head.
    @Test(arguments: [
        (0.0, 0.0, SIMD3(0.0, 1, 0)), (90, 0, SIMD3(-1, 0, 0)), (180, 0, SIMD3(0, -1, 0)),
        (270, 0, SIMD3(1, 0, 0)),
    ])
    func directionInThePatient(gantry: Double, couch: Double, expected: SIMD3<Double>) {
        let field = Field(
            number: 1, name: "a", portID: "p", gantryAngle: AngleDegrees(gantry),
            patientSupportAngle: AngleDegrees(couch), isocentre: Point3(1, 2, 3))
        let axis = BeamAxis(field: field, position: .headFirstSupine)
        for index in 0..<3 {
            expectClose(
                axis.direction.mm[index], expected[index], absolute: 1e-12, because: "quarter turns are exact"
            )
            expectClose(
                axis.point(at: 10).mm[index], [1, 2, 3][index] + 10 * expected[index], absolute: 1e-12,
                because: "exact")
        }
    }

    @Test func aTurnedCouchTurnsALateralBeamToTheHeadOrFeet() {
        let field = Field(
            number: 1, name: "a", portID: "p", gantryAngle: AngleDegrees(90),
            patientSupportAngle: AngleDegrees(90),
            isocentre: Point3(0, 0, 0))
        let direction = BeamAxis(field: field, position: .headFirstSupine).direction.mm
        expectClose(abs(direction.z), 1, absolute: 1e-12, because: "along the patient's long axis")
    }
}
