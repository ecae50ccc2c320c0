import DICOMFile
import Frames
import PatientModel
import PlanModel
import Volumes

/// Reads a CT series into one regular volume in ascending patient axes.
///
/// Slices are ordered by their position, never by number; stored rows and columns that run against the patient axes
/// (prone, feet first) are turned by exchanging indices, never by interpolation. A series that does not form one
/// axial grid is refused.
///
/// ## Source
/// DICOM PS3.3 C.7.6.2 (plane geometry), C.8.2.1 (CT image), C.11.1 (rescale).
/// ## Checked by
/// `CTSeriesReaderTests`, `BrokenCTTests`.
public enum CTSeriesReader {
    /// Reads the slices.
    ///
    /// - Parameters:
    ///   - files: all slices of the series; others may be among them if `seriesUID` is given.
    ///   - seriesUID: the series to take, if there are several.
    /// - Throws: `DICOMError`, `DICOMImportError`.
    public static func read(files: [String], seriesUID: String? = nil) throws -> CTImage {
        try readWithFindings(files: files, seriesUID: seriesUID).image
    }

    /// Reads the slices, with what a person must judge:
    /// `CT-0001` pixel padding values far below air, `CT-0002` CT numbers rounded to whole HU,
    /// `CT-0003` no patient ID.
    public static func readWithFindings(
        files: [String], seriesUID: String? = nil
    ) throws -> (image: CTImage, findings: [Finding]) {
        let slices = try headers(files: files, seriesUID: seriesUID)
        let stack = try SliceStack(slices)
        var values = [Int16]()
        values.reserveCapacity(stack.geometry.voxelCount)
        var belowAir = 0
        var wasRounded = false
        for slice in stack.slices {
            let plane = try hounsfield(slice, wasRounded: &wasRounded)
            belowAir += plane.reduce(0) { $0 + ($1 < -1100 ? 1 : 0) }
            append(plane, of: stack, to: &values)
        }
        let first = stack.slices[0]
        let image = CTImage(
            hounsfield: Volume(geometry: stack.geometry, values: values),
            patientPosition: first.patientPosition, seriesInstanceUID: first.seriesInstanceUID,
            studyInstanceUID: first.studyInstanceUID,
            sliceInstanceUIDs: stack.slices.map(\.sopInstanceUID), patient: first.patient)
        var findings: [Finding] = []
        if belowAir > 0 {
            findings.append(
                Finding(
                    severity: .information, code: "CT-0001",
                    message: "\(belowAir) voxels are below -1100 HU (padding outside the scanned circle, "
                        + "most likely); planning takes them as air", path: first.seriesInstanceUID))
        }
        if wasRounded {
            findings.append(
                Finding(
                    severity: .information, code: "CT-0002",
                    message:
                        "the rescale values give fractions of a CT number; they were rounded to whole HU",
                    path: first.seriesInstanceUID))
        }
        if first.patient.id.isEmpty {
            findings.append(
                Finding(
                    severity: .warning, code: "CT-0003",
                    message: "\(DICOMTag.patientID) is empty (objects made from this CT cannot be assigned "
                        + "to a patient); check whose images these are", path: first.file))
        }
        return (image, findings)
    }

    /// Reads the headers and makes sure that they are of one series.
    private static func headers(files: [String], seriesUID: String?) throws -> [CTSlice] {
        var slices: [CTSlice] = []
        for path in files {
            let file = try DICOMFile(reading: path, extent: .headers)
            if let seriesUID, try file.dataset.text(.seriesInstanceUID) != seriesUID { continue }
            if seriesUID == nil, let other = slices.first,
                try file.dataset.text(.seriesInstanceUID) != other.seriesInstanceUID
            {
                throw DICOMImportError.mixedSeries(try DICOMCatalogue.scan(files: files).series)
            }
            slices.append(try CTSlice(file))
        }
        guard let first = slices.first else {
            throw DICOMImportError.noImages(
                where: files.first.map { "\($0) and \(files.count - 1) more" } ?? "no files given",
                seriesUID: seriesUID)
        }
        var seen: [String: CTSlice] = [first.sopInstanceUID: first]
        for slice in slices.dropFirst() {
            if let twin = seen[slice.sopInstanceUID] {
                throw DICOMImportError.duplicateSlices(
                    .init(file: twin.file, zMM: twin.positionMM[2]),
                    .init(file: slice.file, zMM: slice.positionMM[2]))
            }
            seen[slice.sopInstanceUID] = slice
        }
        return slices
    }

    /// CT numbers of one slice in stored order: stored value · slope + intercept, to the nearest whole HU.
    private static func hounsfield(_ slice: CTSlice, wasRounded: inout Bool) throws -> [Int16] {
        let file = try DICOMFile(reading: slice.file, extent: .headers)
        let bytes = try file.pixelBytes()
        let count = slice.rows * slice.columns
        let expected = count * slice.cells.bytesPerCell
        guard bytes.count == expected || bytes.count == expected + expected % 2 else {
            throw DICOMImportError.pixelDataSize(
                file: slice.file, bytes: bytes.count, expected: expected)
        }
        let stored = slice.cells.values(bytes, count: count)
        var plane = [Int16](repeating: 0, count: count)
        for i in 0..<count {
            let exact = Double(stored[i]) * slice.rescaleSlope + slice.rescaleIntercept
            let whole = exact.rounded()
            guard let value = Int16(exactly: whole) else {
                throw DICOMImportError.hounsfieldOutOfRange(
                    ElementLocation(file: slice.file, tag: .rescaleSlope), value: exact)
            }
            if whole != exact { wasRounded = true }
            plane[i] = value
        }
        return plane
    }

    /// Appends a plane with its rows and columns in ascending patient axes.
    private static func append(_ plane: [Int16], of stack: SliceStack, to values: inout [Int16]) {
        let (columns, rows) = (stack.geometry.dimensions.x, stack.geometry.dimensions.y)
        for y in 0..<rows {
            let row = (stack.flipsY ? rows - 1 - y : y) * columns
            if stack.flipsX {
                values.append(contentsOf: plane[row..<row + columns].reversed())
            } else {
                values.append(contentsOf: plane[row..<row + columns])
            }
        }
    }
}
