import DICOMFile
import PlanModel

/// Why DICOM objects that can be read cannot be used together or for planning.
///
/// Trouble with a single element is a `DICOMError`. The text says the problem, why it is one and what to do.
public enum DICOMImportError: Error, Hashable, Sendable {
    /// None of the files is a CT slice (of the wanted series).
    case noImages(where: String, seriesUID: String?)
    /// Slices of several series; the user must choose one.
    case mixedSeries([CatalogueSeries])
    /// The file holds another kind of object.
    case wrongObject(file: String, found: String, expected: String)
    /// One slice alone has no spacing.
    case singleSlice(file: String)
    /// `count` slices are missing between two files.
    case missingSlices(count: Int, after: SlicePosition, before: SlicePosition, spacingMM: Double)
    /// Two files show the same plane.
    case duplicateSlices(SlicePosition, SlicePosition)
    /// The distance of two neighbours differs from the others.
    case unevenSpacing(SlicePosition, SlicePosition, distanceMM: Double, expectedMM: Double)
    /// The image planes are not axial.
    case obliqueOrientation(ElementLocation, value: String)
    /// The gantry of the scanner was tilted.
    case gantryTilt(ElementLocation, value: String)
    /// An element differs between slices of one series.
    case inconsistentElement(ElementLocation, value: String, reference: String, referenceFile: String)
    /// The image was compressed with loss.
    case lossyCompression(file: String, evidence: String)
    /// Pixel Data holds another number of bytes than rows, columns and bits ask for.
    case pixelDataSize(file: String, bytes: Int, expected: Int)
    /// A CT number does not fit the 16 bits that it is kept in.
    case hounsfieldOutOfRange(ElementLocation, value: Double)
    /// The object belongs to another frame of reference.
    case otherFrameOfReference(ElementLocation, value: String, expected: String)
    /// A contour does not lie in an axial plane.
    case contourNotAxial(ElementLocation, structure: String, lowestMM: Double, highestMM: Double)
    /// Two structures carry one number.
    case duplicateStructureNumber(ElementLocation, number: Int)
    /// A plan has failures; all findings are listed.
    case unusablePlan(file: String, [Finding])

    /// A slice by file and position along the normal of the image planes (patient z).
    public struct SlicePosition: Hashable, Sendable, CustomStringConvertible {
        public var file: String
        public var zMM: Double
        public var description: String { "\(file) at z = \(zMM) mm" }
    }
}

extension DICOMImportError: CustomStringConvertible {
    public var description: String {
        let position = DICOMTag.imagePositionPatient
        let fixSlices = "export the complete series again, or remove what does not belong to it"
        switch self {
        case .noImages(let place, let seriesUID):
            return "\(place): no CT image found"
                + (seriesUID.map { " of series \($0)" } ?? "")
                + " (a planning CT is needed); list the folder and give the files or the series of a CT"
        case .mixedSeries(let series):
            let list = series.map { "\n  \($0.summary)" }.joined()
            return
                "\(series.count) image series are mixed (only one can be the planning CT); choose one by its "
                + "\(DICOMTag.seriesInstanceUID):\(list)"
        case .wrongObject(let file, let found, let expected):
            return
                "\(file): \(DICOMTag.sopClassUID) is \(found) (\(expected) is needed here); give the right file"
        case .singleSlice(let file):
            return "\(file): the series has one slice only (\(position) of two is needed for the spacing); "
                + fixSlices
        case .missingSlices(let count, let after, let before, let spacing):
            return "\(count) slice\(count == 1 ? " is" : "s are") missing between \(after) and \(before) "
                + "(by \(position) the spacing is \(spacing) mm); \(fixSlices)"
        case .duplicateSlices(let a, let b):
            return "two slices have the same \(position): \(a) and \(b) (it is unclear which one counts); "
                + fixSlices
        case .unevenSpacing(let a, let b, let distance, let expected):
            return "uneven spacing by \(position): \(distance) mm between \(a) and \(b) (elsewhere "
                + "\(expected) mm, and one spacing is needed); reconstruct the series with even spacing"
        case .obliqueOrientation(let location, let value):
            return "\(location) is \(value) (the planes must be axial to 0.0001 in each component); reformat "
                + "the series to straight axial slices"
        case .gantryTilt(let location, let value):
            return
                "\(location) is \(value) (tilted slices do not form a straight volume); scan without tilt or "
                + "reformat the series to straight axial slices"
        case .inconsistentElement(let location, let value, let reference, let file):
            return "\(location) is \(value) but \(reference) in \(file) (slices of one volume must agree); "
                + fixSlices
        case .lossyCompression(let file, let evidence):
            return
                "\(file): the image was compressed with loss, \(evidence) (CT numbers are no longer those that "
                + "were measured); export it uncompressed or losslessly compressed"
        case .pixelDataSize(let file, let bytes, let expected):
            return
                "\(file): \(DICOMTag.pixelData) has \(bytes) bytes (\(DICOMTag.rows), \(DICOMTag.columns) and "
                + "\(DICOMTag.bitsAllocated) ask for \(expected)); the file is cut off or damaged, export it again"
        case .hounsfieldOutOfRange(let location, let value):
            return "\(location) gives a CT number of \(value) HU (outside -32768...32767); check the rescale "
                + "values, and export the series again"
        case .otherFrameOfReference(let location, let value, let expected):
            return
                "\(location) is \(value) (the CT has \(expected), so positions cannot be compared); give the CT "
                + "that the object was made on, or register them first"
        case .contourNotAxial(let location, let structure, let lowest, let highest):
            return
                "\(location): a contour of structure '\(structure)' runs from z = \(lowest) to \(highest) mm "
                + "(only contours in axial planes can be used); redraw or export it on axial slices"
        case .duplicateStructureNumber(let location, let number):
            return
                "\(location): the number \(number) is used twice (contours cannot be told apart); export the "
                + "structure set again"
        case .unusablePlan(let file, let findings):
            let list = findings.map { "\n  \($0.severity.rawValue) \($0.code): \($0.message)" }.joined()
            return
                "\(file): the plan cannot be used (see the failures); correct it in the system that wrote it"
                + list
        }
    }
}
