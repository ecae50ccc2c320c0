/// Where in which file an element stands.
public struct ElementLocation: Hashable, Sendable, CustomStringConvertible {
    /// The file's path as it was given.
    public var file: String
    /// The items that lead to the element, for example `IonBeamSequence[0]`; empty at the top of the dataset.
    public var path: String
    public var tag: DICOMTag

    public init(file: String, path: String = "", tag: DICOMTag) {
        self.file = file
        self.path = path
        self.tag = tag
    }

    public var description: String {
        "\(file): \(tag)" + (path.isEmpty ? "" : " in \(path)")
    }
}

/// Why a DICOM file could not be read or written as asked. The text says the problem, why it is one and what to do.
public enum DICOMError: Error, Hashable, Sendable {
    /// The file is not there or may not be read.
    case unreadable(file: String, why: String)
    /// The file does not carry the DICOM marker.
    case notDICOM(file: String, why: String)
    /// The file breaks off or its structure is damaged.
    case damaged(file: String, why: String)
    case missingElement(ElementLocation)
    case emptyElement(ElementLocation)
    case invalidValue(ElementLocation, value: String, why: String, remedy: String)
    case wrongValueCount(ElementLocation, count: Int, expected: String)
    case noPixelData(file: String)
    case undecodablePixelData(file: String, transferSyntax: String, why: String)
    /// A file could not be written; nothing of it was left behind.
    case notWritable(file: String, why: String)
    /// The data dictionary of DCMTK is not installed.
    case noDataDictionary
}

extension DICOMError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unreadable(let file, let why):
            "\(file): cannot be read (\(why)); check the path and the permissions"
        case .notDICOM(let file, let why):
            "\(file): not a DICOM file (\(why)); give a file exported as DICOM Part 10"
        case .damaged(let file, let why):
            "\(file): the file is damaged or cut off (\(why)); export or copy it again"
        case .missingElement(let location):
            "\(location) is missing (it is required here); export the object again from a system that writes it"
        case .emptyElement(let location):
            "\(location) has no value (one is required here); export the object again from a system that "
                + "writes it"
        case .invalidValue(let location, let value, let why, let remedy):
            "\(location) has the value '\(value)' (\(why)); \(remedy)"
        case .wrongValueCount(let location, let count, let expected):
            "\(location) has \(count) values (\(expected) expected); export the object again"
        case .noPixelData(let file):
            "\(file): \(DICOMTag.pixelData) is missing or empty (an image without pixels cannot be used); "
                + "export the image again with its pixel data"
        case .undecodablePixelData(let file, let syntax, let why):
            "\(file): \(DICOMTag.pixelData) in transfer syntax \(syntax) cannot be decoded (\(why)); "
                + "export the image uncompressed or losslessly compressed (RLE, JPEG lossless, JPEG-LS)"
        case .notWritable(let file, let why):
            "\(file): cannot be written (\(why)); check the folder, the permissions and the free space"
        case .noDataDictionary:
            "the DICOM data dictionary was not found (elements cannot be told apart without it); install "
                + "DCMTK's data files or set DCMDICTPATH to dicom.dic"
        }
    }
}
