import Frames
import Quantities
import Testing

/// Golden points of IEC 61217 worked out by hand: where is the source, seen from the patient?
@Suite struct IECChainTests {
    /// Direction from the isocentre to the source in patient coordinates (x left, y posterior, z superior).
    private func source(gantry: Double, couch: Double, _ position: PatientPosition) -> SIMD3<Double> {
        IECChain.patientToGantry(
            isocentre: Point3(10, 20, 30), position: position,
            patientSupportAngle: AngleDegrees(couch), gantryAngle: AngleDegrees(gantry)
        ).inverse.apply(Vector3<IECGantry>(0, 0, 1)).mm
    }

    @Test(arguments: [
        // Supine, head to the gantry: 0° from anterior, 90° from the patient's left.
        (0.0, 0.0, PatientPosition.headFirstSupine, SIMD3(0.0, -1, 0)),
        (90, 0, .headFirstSupine, SIMD3(1, 0, 0)),
        (180, 0, .headFirstSupine, SIMD3(0, 1, 0)),
        (270, 0, .headFirstSupine, SIMD3(-1, 0, 0)),
        // Prone: from posterior, and 90° from the patient's right.
        (0, 0, .headFirstProne, SIMD3(0, 1, 0)),
        (90, 0, .headFirstProne, SIMD3(-1, 0, 0)),
        // Feet to the gantry, supine: 90° from the patient's right.
        (0, 0, .feetFirstSupine, SIMD3(0, -1, 0)),
        (90, 0, .feetFirstSupine, SIMD3(-1, 0, 0)),
        (90, 0, .feetFirstProne, SIMD3(1, 0, 0)),
        (0, 0, .feetFirstProne, SIMD3(0, 1, 0)),
        // Couch at 90° (counter-clockwise from above): the head points to −x of the room, so a source at +x
        // comes from the feet.
        (90, 90, .headFirstSupine, SIMD3(0, 0, -1)),
        (270, 90, .headFirstSupine, SIMD3(0, 0, 1)),
        (90, 270, .headFirstSupine, SIMD3(0, 0, 1)),
    ])
    func sourceDirection(gantry: Double, couch: Double, position: PatientPosition, expected: SIMD3<Double>) {
        let difference = source(gantry: gantry, couch: couch, position) - expected
        #expect((difference * difference).sum() < 1e-24)
    }

    @Test func axesOfTheBeamsEyeView() {
        // Gantry 0, head first supine: gantry x is patient left, gantry y is superior.
        let chain = IECChain.patientToGantry(
            isocentre: Point3(0, 0, 0), position: .headFirstSupine, patientSupportAngle: AngleDegrees(0),
            gantryAngle: AngleDegrees(0))
        #expect(chain.apply(Point3(1, 0, 0)).mm == SIMD3(1, 0, 0))
        #expect(chain.apply(Point3(0, 0, 1)).mm == SIMD3(0, 1, 0))
        // Gantry 90: the beam comes from the left; gantry x points down, which is posterior.
        let lateral = IECChain.patientToGantry(
            isocentre: Point3(0, 0, 0), position: .headFirstSupine, patientSupportAngle: AngleDegrees(0),
            gantryAngle: AngleDegrees(90))
        #expect(lateral.apply(Point3(0, 1, 0)).mm == SIMD3(1, 0, 0))
        #expect(lateral.apply(Point3(1, 0, 0)).mm == SIMD3(0, 0, 1))
    }

    @Test func isocentreIsTheOrigin() {
        for position in PatientPosition.allCases {
            let chain = IECChain.patientToGantry(
                isocentre: Point3(12, -34, 56), position: position, patientSupportAngle: AngleDegrees(17),
                gantryAngle: AngleDegrees(123))
            let image = chain.apply(Point3<DICOMPatient>(12, -34, 56)).mm
            #expect((image * image).sum() < 1e-20)
        }
    }
}

@Suite struct RigidTransformTests {
    @Test func inverseUndoes() {
        let chain = IECChain.patientToGantry(
            isocentre: Point3(5, -7, 11), position: .feetFirstProne, patientSupportAngle: AngleDegrees(33),
            gantryAngle: AngleDegrees(201))
        let p = Point3<DICOMPatient>(1.5, 2.5, -3.5)
        let back = chain.inverse.apply(chain.apply(p))
        #expect((back - p).lengthMM < 1e-12)
        let v = Vector3<DICOMPatient>(3, 4, 12)
        #expect(abs(chain.apply(v).lengthMM - 13) < 1e-12)
    }

    @Test func refusesWhatIsNoRotation() async {
        await #expect(processExitsWith: .failure) {
            _ = RigidTransform<DICOMPatient, IECPatient>(
                asserting: (SIMD3(2, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1)), translation: .zero)
        }
    }
}
