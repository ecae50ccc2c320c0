import DICOMFile
import Frames
import PatientModel
import Volumes

/// The slices of one series in ascending z, and the grid that they form.
///
/// ## Checked by
/// `CTSeriesReaderTests`, `BrokenCTTests`.
struct SliceStack {
    /// From the most inferior up.
    var slices: [CTSlice]
    var geometry: VolumeGeometry
    /// Whether the stored columns run towards −x, the stored rows towards −y.
    var flipsX: Bool
    var flipsY: Bool

    /// How far a slice may lie from its place in the even stack, mm.
    static func tolerance(spacingMM: Double) -> Double { max(0.01, 0.01 * spacingMM) }

    /// Sorts the slices by position and checks that they form one regular grid.
    init(_ unsorted: [CTSlice]) throws {
        slices = unsorted.sorted { ($0.positionMM[2], $0.file) < ($1.positionMM[2], $1.file) }
        guard slices.count > 1 else {
            throw DICOMImportError.singleSlice(file: slices.first?.file ?? "")
        }
        try Self.checkAgreement(slices)
        let spacing = try Self.evenSpacing(slices)
        let first = slices[0]
        flipsX = first.orientation[0] < 0
        flipsY = first.orientation[4] < 0
        let (dx, dy) = (first.pixelSpacingMM[1], first.pixelSpacingMM[0])
        geometry = VolumeGeometry(
            dimensions: SIMD3(first.columns, first.rows, slices.count),
            origin: Point3(
                first.positionMM[0] - (flipsX ? Double(first.columns - 1) * dx : 0),
                first.positionMM[1] - (flipsY ? Double(first.rows - 1) * dy : 0),
                first.positionMM[2]),
            spacingMM: SIMD3(dx, dy, spacing), frameOfReferenceUID: first.frameOfReferenceUID)
    }

    /// What must be the same in all slices of a volume.
    private static func checkAgreement(_ slices: [CTSlice]) throws {
        let reference = slices[0]
        for slice in slices.dropFirst() {
            func require(_ same: Bool, _ tag: DICOMTag, _ a: String, _ b: String) throws {
                guard !same else { return }
                throw DICOMImportError.inconsistentElement(
                    ElementLocation(file: slice.file, tag: tag), value: a, reference: b,
                    referenceFile: reference.file)
            }
            func text(_ values: [Double]) -> String {
                values.map { "\($0)" }.joined(separator: "\\")
            }
            func near(_ a: [Double], _ b: [Double], _ tolerance: Double) -> Bool {
                zip(a, b).allSatisfy { abs($0 - $1) <= tolerance }
            }
            try require(
                slice.frameOfReferenceUID == reference.frameOfReferenceUID, .frameOfReferenceUID,
                slice.frameOfReferenceUID, reference.frameOfReferenceUID)
            try require(
                slice.studyInstanceUID == reference.studyInstanceUID, .studyInstanceUID,
                slice.studyInstanceUID, reference.studyInstanceUID)
            try require(
                slice.patient.id == reference.patient.id, .patientID, slice.patient.id,
                reference.patient.id)
            try require(
                slice.patientPosition == reference.patientPosition, .patientPosition,
                slice.patientPosition.rawValue, reference.patientPosition.rawValue)
            try require(
                slice.rows == reference.rows, .rows, "\(slice.rows)", "\(reference.rows)")
            try require(
                slice.columns == reference.columns, .columns, "\(slice.columns)",
                "\(reference.columns)")
            try require(
                near(slice.pixelSpacingMM, reference.pixelSpacingMM, 1e-4), .pixelSpacing,
                text(slice.pixelSpacingMM), text(reference.pixelSpacingMM))
            try require(
                near(slice.orientation, reference.orientation, 1e-4), .imageOrientationPatient,
                text(slice.orientation), text(reference.orientation))
            // A shift of the planes within themselves is what a tilted gantry leaves in the positions.
            try require(
                near(
                    Array(slice.positionMM.prefix(2)), Array(reference.positionMM.prefix(2)), 0.01),
                .imagePositionPatient, text(slice.positionMM), text(reference.positionMM))
        }
    }

    /// The spacing along z, or the error that names the gap, the duplicate or the unevenness.
    private static func evenSpacing(_ slices: [CTSlice]) throws -> Double {
        func place(_ i: Int) -> DICOMImportError.SlicePosition {
            .init(file: slices[i].file, zMM: slices[i].positionMM[2])
        }
        let z = slices.map { $0.positionMM[2] }
        let distances = zip(z.dropFirst(), z).map { $0 - $1 }
        for (i, distance) in distances.enumerated() where distance < 1e-3 {
            throw DICOMImportError.duplicateSlices(place(i), place(i + 1))
        }
        let median = distances.sorted()[distances.count / 2]
        for (i, distance) in distances.enumerated() {
            let steps = (distance / median).rounded()
            if steps >= 2, abs(distance - steps * median) <= steps * tolerance(spacingMM: median) {
                throw DICOMImportError.missingSlices(
                    count: Int(steps) - 1, after: place(i), before: place(i + 1), spacingMM: median)
            }
            guard abs(distance - median) <= 2 * tolerance(spacingMM: median) else {
                throw DICOMImportError.unevenSpacing(
                    place(i), place(i + 1), distanceMM: distance, expectedMM: median)
            }
        }
        let spacing = (z[z.count - 1] - z[0]) / Double(z.count - 1)
        for i in z.indices
        where abs(z[i] - (z[0] + Double(i) * spacing)) > tolerance(spacingMM: spacing) {
            throw DICOMImportError.unevenSpacing(
                place(max(i - 1, 0)), place(max(i, 1)),
                distanceMM: z[max(i, 1)] - z[max(i - 1, 0)], expectedMM: spacing)
        }
        return spacing
    }
}
