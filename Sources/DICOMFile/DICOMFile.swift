import CDCMTK
import Foundation

/// One DICOM file in memory: read from disk, or empty to be filled and written.
///
/// Text is UTF-8 throughout, whatever the file's character set was. Not to be shared between threads; several files
/// may be used from several threads.
public final class DICOMFile {
    /// How much is read at once.
    public enum Extent: Sendable {
        /// Everything.
        case whole
        /// Long values (pixel data) are left in the file until they are asked for.
        case headers
    }

    /// The file's path as it was given; `new object` for one that was not read.
    public let path: String
    /// Set if the text could not be converted as Specific Character Set (0008,0005) says: why.
    public private(set) var characterSetProblem: String?
    /// Whether the text is still in the Japanese sets of two bytes, which are converted value by value.
    private(set) var isJapanese = false
    let handle: OpaquePointer

    /// An empty file.
    public init() throws(DICOMError) {
        guard let handle = kasane_dicom_file_create() else {
            throw .damaged(file: "new object", why: lastDCMTKError())
        }
        self.handle = handle
        path = "new object"
        guard kasane_dicom_has_dictionary() != 0 else { throw .noDataDictionary }
    }

    /// Reads the file at `path`.
    ///
    /// - Throws: `unreadable`, `notDICOM`, `damaged`, `noDataDictionary`.
    public init(reading path: String, extent: Extent = .whole) throws(DICOMError) {
        self.path = path
        try Self.checkMarker(path)
        let deferredAbove: UInt32 = extent == .whole ? .max - 1 : 4096
        guard let first = kasane_dicom_file_read(path, deferredAbove) else {
            throw .damaged(file: path, why: lastDCMTKError())
        }
        var handle = first
        var problem: String?
        if kasane_dicom_file_convert_to_utf8(first) != KASANE_DICOM_OK {
            problem = lastDCMTKError()
            // The conversion may have stopped half way: read the bytes again and leave them as they are.
            kasane_dicom_file_close(first)
            guard let again = kasane_dicom_file_read(path, deferredAbove) else {
                throw .damaged(file: path, why: lastDCMTKError())
            }
            handle = again
        }
        self.handle = handle
        if problem != nil {
            isJapanese = try dataset.texts(.specificCharacterSet).contains {
                $0 == "ISO 2022 IR 87" || $0 == "ISO 2022 IR 159"
            }
        }
        characterSetProblem = isJapanese ? nil : problem
        guard kasane_dicom_has_dictionary() != 0 else { throw .noDataDictionary }
    }

    deinit { kasane_dicom_file_close(handle) }

    /// Part 10 files carry `DICM` after a preamble of 128 bytes.
    private static func checkMarker(_ path: String) throws(DICOMError) {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw .unreadable(file: path, why: "there is no such file")
        }
        guard !isFolder.boolValue else { throw .unreadable(file: path, why: "it is a folder") }
        guard let stream = FileHandle(forReadingAtPath: path) else {
            throw .unreadable(file: path, why: "no permission")
        }
        let start: Data
        do {
            start = try stream.read(upToCount: 132) ?? Data()
            try stream.close()
        } catch {
            throw .unreadable(file: path, why: "\(error)")
        }
        guard start.count == 132 else {
            throw .notDICOM(file: path, why: "it has only \(start.count) bytes")
        }
        guard start.suffix(4).elementsEqual("DICM".utf8) else {
            throw .notDICOM(file: path, why: "no DICM marker at byte 128")
        }
    }

    /// The elements of the object.
    public var dataset: DICOMItem {
        // The dataset and the meta information exist in every file that DCMTK makes or reads.
        DICOMItem(
            file: self, handle: withExtendedLifetime(self) { kasane_dicom_file_dataset(handle) }, path: "")
    }

    /// UID of the transfer syntax that the file was read in.
    public var transferSyntaxUID: String {
        withExtendedLifetime(self) { kasane_dicom_file_transfer_syntax(handle) }.map { String(cString: $0) }
            ?? ""
    }

    /// Name of that transfer syntax, or its UID if it has none.
    public var transferSyntaxName: String { Self.name(ofUID: transferSyntaxUID) }

    /// Name of a UID of the standard; the UID itself if it is not one.
    public static func name(ofUID uid: String) -> String {
        kasane_dicom_uid_name(uid).map { String(cString: $0) } ?? uid
    }

    /// Version of DCMTK that reads and writes the bytes.
    public static var toolkitVersion: String {
        kasane_dcmtk_version().map { String(cString: $0) } ?? ""
    }

    /// Stored cells of Pixel Data (7FE0,0010), decompressed, little endian.
    ///
    /// - Throws: `noPixelData`, `undecodablePixelData`.
    public func pixelBytes() throws(DICOMError) -> [UInt8] {
        guard kasane_dicom_can_decode(transferSyntaxUID) != 0 else {
            throw .undecodablePixelData(
                file: path, transferSyntax: transferSyntaxName, why: "there is no decoder for it")
        }
        var bytes: UnsafeMutablePointer<UInt8>?
        var count = 0
        switch Int(withExtendedLifetime(self) { kasane_dicom_file_pixels(handle, &bytes, &count) }) {
        case Int(KASANE_DICOM_OK):
            defer { kasane_dicom_release(bytes) }
            return Array(UnsafeBufferPointer(start: bytes, count: count))
        case Int(KASANE_DICOM_ABSENT), Int(KASANE_DICOM_EMPTY):
            throw .noPixelData(file: path)
        default:
            throw .undecodablePixelData(
                file: path, transferSyntax: transferSyntaxName, why: lastDCMTKError())
        }
    }

    /// Writes the file: first under a temporary name beside `path`, then renamed, so that nothing partial is ever
    /// seen under `path` and nothing is left behind on failure.
    ///
    /// - Throws: `notWritable`.
    public func write(
        to path: String, transferSyntax: TransferSyntax = .explicitLittleEndian
    ) throws(DICOMError) {
        let url = URL(fileURLWithPath: path)
        let temporary = url.deletingLastPathComponent()
            .appendingPathComponent(".\(url.lastPathComponent).\(UUID().uuidString).part").path
        let result = withExtendedLifetime(self) {
            kasane_dicom_file_write(handle, temporary, transferSyntax.rawValue)
        }
        guard result == KASANE_DICOM_OK else {
            let why = lastDCMTKError()
            unlink(temporary)
            throw .notWritable(file: path, why: why)
        }
        guard rename(temporary, path) == 0 else {
            let why = String(cString: strerror(errno))
            unlink(temporary)
            throw .notWritable(file: path, why: why)
        }
    }
}

/// Why the last call into DCMTK of this thread failed.
func lastDCMTKError() -> String {
    kasane_dicom_last_error().map { String(cString: $0) } ?? "unknown reason"
}
