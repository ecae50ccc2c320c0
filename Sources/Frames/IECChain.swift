import Quantities

#if canImport(Glibc)
    import Glibc
#endif

/// How the patient lies, DICOM Patient Position (0018,5100).
public enum PatientPosition: String, Sendable, CaseIterable {
    case headFirstSupine = "HFS"
    case headFirstProne = "HFP"
    case feetFirstSupine = "FFS"
    case feetFirstProne = "FFP"
}

/// The chain of IEC 61217 frames from the patient to the gantry. It exists once, here.
///
/// Fixed frame: x to the right of someone facing the gantry, y towards the gantry, z up. The gantry turns about
/// +y clockwise for the person facing it (at 0° the source is above, at 90° at +x); the patient support turns
/// about +z counter-clockwise seen from above.
///
/// ## Source
/// IEC 61217:2011, 3.3 to 3.10; DICOM PS3.3 C.8.8.25.6 for the use of the angles.
/// ## Checked by
/// `IECChainTests`: one golden point per axis, position and sense of rotation.
public enum IECChain {
    /// DICOM patient axes (x left, y posterior, z superior) to IEC patient axes (x left, y superior, z anterior),
    /// with `isocentre` moved to the origin.
    public static func patientToIEC(
        isocentre: Point3<DICOMPatient>
    ) -> RigidTransform<DICOMPatient, IECPatient> {
        RigidTransform(
            asserting: (SIMD3(1, 0, 0), SIMD3(0, 0, -1), SIMD3(0, 1, 0)),
            translation: SIMD3(-isocentre.x, -isocentre.z, isocentre.y))
    }

    /// How the patient lies on the table: the identity for head first supine.
    public static func patientToTableTop(
        _ position: PatientPosition
    ) -> RigidTransform<IECPatient, IECTableTop> {
        let diagonal: SIMD3<Double> =
            switch position {
            case .headFirstSupine: SIMD3(1, 1, 1)
            case .headFirstProne: SIMD3(-1, 1, -1)
            case .feetFirstSupine: SIMD3(-1, -1, 1)
            case .feetFirstProne: SIMD3(1, -1, -1)
            }
        return RigidTransform(
            asserting: (
                SIMD3(diagonal.x, 0, 0), SIMD3(0, diagonal.y, 0), SIMD3(0, 0, diagonal.z)
            ), translation: .zero)
    }

    /// Isocentric rotation of the patient support by `angle` (Patient Support Angle, 300A,0122).
    public static func tableTopToFixed(
        patientSupportAngle angle: AngleDegrees
    ) -> RigidTransform<IECTableTop, IECFixed> {
        let (s, c) = sineCosine(angle)
        return RigidTransform(
            asserting: (SIMD3(c, s, 0), SIMD3(-s, c, 0), SIMD3(0, 0, 1)), translation: .zero)
    }

    /// Fixed frame to the gantry frame at `angle` (Gantry Angle, 300A,011E).
    public static func fixedToGantry(angle: AngleDegrees) -> RigidTransform<IECFixed, IECGantry> {
        let (s, c) = sineCosine(angle)
        // Gantry axes in the fixed frame: x (c,0,−s), y (0,1,0), z (s,0,c); columns below are fixed axes in gantry.
        return RigidTransform(
            asserting: (SIMD3(c, 0, s), SIMD3(0, 1, 0), SIMD3(-s, 0, c)), translation: .zero)
    }

    /// The whole chain for one field.
    public static func patientToGantry(
        isocentre: Point3<DICOMPatient>, position: PatientPosition,
        patientSupportAngle: AngleDegrees, gantryAngle: AngleDegrees
    ) -> RigidTransform<DICOMPatient, IECGantry> {
        patientToIEC(isocentre: isocentre)
            .then(patientToTableTop(position))
            .then(tableTopToFixed(patientSupportAngle: patientSupportAngle))
            .then(fixedToGantry(angle: gantryAngle))
    }

    /// Sine and cosine, exact at multiples of 90°.
    private static func sineCosine(_ angle: AngleDegrees) -> (sine: Double, cosine: Double) {
        let reduced = angle.value.remainder(dividingBy: 360)
        switch reduced {
        case 0: return (0, 1)
        case 90: return (1, 0)
        case -90: return (-1, 0)
        case 180, -180: return (0, -1)
        default: return (sin(reduced * .pi / 180), cos(reduced * .pi / 180))
        }
    }
}
