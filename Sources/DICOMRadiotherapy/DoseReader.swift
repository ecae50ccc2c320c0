import DICOMFile
import Frames
import PatientModel
import PlanModel
import Volumes

/// An RT Dose that was read.
public struct ImportedDose: Sendable {
    /// The file it was read from.
    public var file: String
    /// Dose Type (3004,0004).
    public enum Kind: String, Sendable { case physical = "PHYSICAL", effective = "EFFECTIVE" }
    /// `[z][y][x]` in ascending patient axes, Gy or Gy (RBE).
    public var dose: Volume<Float>
    public var kind: Kind
    /// Dose Summation Type (3004,000A): `PLAN`, `BEAM`, `FRACTION` ...
    public var summationType: String
    /// Dose Comment (3004,0006); the model of an effective dose, where its writer said it.
    public var comment: String
    /// SOP Instance UIDs of the plans it was computed for.
    public var referencedPlanUIDs: [String]
    public var referencedStructureSetUIDs: [String]
    /// Referenced Beam Number (300C,0006) of the beams whose dose it is; empty for a whole plan.
    public var referencedBeamNumbers: [Int]
    public var instanceUID: String
    public var patient: PatientIdentity
    /// `DO-0001`: an effective dose without a comment that names the model.
    public var findings: [Finding]
}

/// Reads an RT Dose grid of 16 or 32 bits.
///
/// ## Source
/// DICOM PS3.3 C.8.8.3; the two forms of Grid Frame Offset Vector in C.8.8.3.2.
/// ## Checked by
/// `DoseRoundTripTests`, `DoseReaderTests`.
public enum DoseReader {
    /// Reads the file.
    ///
    /// `ct`: the CT whose frame of reference the dose must have; nil reads without that check.
    /// - Throws: `DICOMError`, `DICOMImportError`.
    public static func read(file path: String, for ct: CTImage? = nil) throws -> ImportedDose {
        let file = try DICOMFile(reading: path)
        try file.require(sopClass: DICOMUID.rtDose)
        let dataset = file.dataset
        let units = try dataset.requiredText(.doseUnits)
        guard units == "GY" else {
            throw dataset.invalid(
                .doseUnits, value: units, why: "a relative dose has no absolute value",
                remedy: "export the dose in GY")
        }
        let type = try dataset.requiredText(.doseType)
        guard let kind = ImportedDose.Kind(rawValue: type) else {
            throw dataset.invalid(
                .doseType, value: type, why: "only PHYSICAL and EFFECTIVE doses can be used",
                remedy: "export the dose itself")
        }
        let frame = try dataset.requiredText(.frameOfReferenceUID)
        if let ct, frame != ct.geometry.frameOfReferenceUID {
            throw DICOMImportError.otherFrameOfReference(
                dataset.location(.frameOfReferenceUID), value: frame,
                expected: ct.geometry.frameOfReferenceUID)
        }
        let volume = try readVolume(file, frame: frame)
        let comment = try dataset.text(.doseComment) ?? ""
        var findings: [Finding] = []
        if kind == .effective, comment.isEmpty {
            findings.append(
                Finding(
                    severity: .warning, code: "DO-0001",
                    message:
                        "\(dataset.location(.doseComment)) is missing (the RBE model of this effective dose is "
                        + "unknown); ask where it was computed before comparing", path: path))
        }
        func references(_ tag: DICOMTag) throws -> [String] {
            try dataset.items(tag).map { try $0.requiredText(.referencedSOPInstanceUID) }
        }
        var beams: [Int] = []
        for plan in dataset.items(.referencedRTPlanSequence) {
            for group in plan.items(.referencedFractionGroupSequence) {
                for beam in group.items(.referencedBeamSequence) {
                    beams.append(try beam.requiredInteger(.referencedBeamNumber))
                }
            }
        }
        return ImportedDose(
            file: path, dose: volume, kind: kind, summationType: try dataset.requiredText(.doseSummationType),
            comment: comment, referencedPlanUIDs: try references(.referencedRTPlanSequence),
            referencedStructureSetUIDs: try references(.referencedStructureSetSequence),
            referencedBeamNumbers: beams,
            instanceUID: try dataset.requiredText(.sopInstanceUID),
            patient: try dataset.patientIdentity(), findings: findings)
    }

    private static func readVolume(_ file: DICOMFile, frame: String) throws -> Volume<Float> {
        let dataset = file.dataset
        let cells = try CellFormat(dataset, allowed: [16, 32])
        let (rows, columns) = (
            try dataset.requiredPositive(.rows), try dataset.requiredPositive(.columns)
        )
        let frames = try dataset.requiredPositive(.numberOfFrames)
        let position = try dataset.requiredNumbers(.imagePositionPatient, count: 3)
        let orientation = try dataset.requiredNumbers(.imageOrientationPatient, count: 6)
        try dataset.requireAxial(orientation)
        let spacing = try dataset.pixelSpacing()
        let z = try planes(dataset, position: position, orientation: orientation, frames: frames)
        let step = (z[frames - 1] - z[0]) / Double(frames - 1)
        let scaling = try dataset.requiredNumber(.doseGridScaling)
        guard scaling > 0 else {
            throw dataset.invalid(
                .doseGridScaling, value: "\(scaling)", why: "it must be positive",
                remedy: "export the dose again")
        }
        let count = rows * columns * frames
        let bytes = try file.pixelBytes()
        let expected = count * cells.bytesPerCell
        guard bytes.count == expected else {
            throw DICOMImportError.pixelDataSize(
                file: file.path, bytes: bytes.count, expected: expected)
        }
        let stored = cells.values(bytes, count: count)
        let (flipsX, flipsY, flipsZ) = (orientation[0] < 0, orientation[4] < 0, step < 0)
        let geometry = VolumeGeometry(
            dimensions: SIMD3(columns, rows, frames),
            origin: Point3(
                position[0] - (flipsX ? Double(columns - 1) * spacing[1] : 0),
                position[1] - (flipsY ? Double(rows - 1) * spacing[0] : 0), min(z[0], z[frames - 1])),
            spacingMM: SIMD3(spacing[1], spacing[0], abs(step)), frameOfReferenceUID: frame)
        var values = [Float](repeating: 0, count: count)
        for k in 0..<frames {
            let sourceZ = flipsZ ? frames - 1 - k : k
            for j in 0..<rows {
                let source = (sourceZ * rows + (flipsY ? rows - 1 - j : j)) * columns
                let target = (k * rows + j) * columns
                for i in 0..<columns {
                    values[target + i] =
                        Float(Double(stored[source + (flipsX ? columns - 1 - i : i)]) * scaling)
                }
            }
        }
        return Volume(geometry: geometry, values: values)
    }

    /// Patient z of each plane.
    ///
    /// Offsets that begin with zero are relative to Image Position along the normal of the planes (row × column);
    /// offsets that begin with the z of Image Position are patient coordinates.
    private static func planes(
        _ dataset: DICOMItem, position: [Double], orientation: [Double], frames: Int
    ) throws -> [Double] {
        let offsets = try dataset.requiredNumbers(.gridFrameOffsetVector, count: frames)
        func refuse(_ why: String) -> DICOMError {
            dataset.invalid(
                .gridFrameOffsetVector,
                value: offsets.prefix(6).map { "\($0)" }.joined(separator: "\\")
                    + (frames > 6 ? "\\..." : ""), why: why, remedy: "export the dose again")
        }
        guard frames > 1 else { throw refuse("one plane has no spacing") }
        let z: [Double]
        if offsets[0] == 0 {
            let normalZ = orientation[0] * orientation[4] - orientation[1] * orientation[3]
            z = offsets.map { position[2] + $0 * (normalZ < 0 ? -1 : 1) }
        } else if abs(offsets[0] - position[2]) <= 0.01 {
            z = offsets
        } else {
            throw refuse(
                "it must begin with 0 or with the z of \(DICOMTag.imagePositionPatient), \(position[2])")
        }
        let step = (z[frames - 1] - z[0]) / Double(frames - 1)
        let isEven = z.indices.allSatisfy {
            abs(z[$0] - z[0] - Double($0) * step) <= SliceStack.tolerance(spacingMM: abs(step))
        }
        guard step != 0, isEven else { throw refuse("the planes must have one spacing") }
        return z
    }
}
