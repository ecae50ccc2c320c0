import Foundation
import Frames
import Volumes

/// Volumes as MetaImage files (`.mha`: text header and little-endian values in one file), which 3D Slicer, ITK-SNAP
/// and SimpleITK read. Axes are those of the DICOM patient frame (LPS), lengths in mm.
///
/// ## Checked by
/// `MetaImageFileTests`.
public enum MetaImageFile {
    /// The bytes of a file that holds the volume.
    ///
    /// `comment`: One line for people in the header.
    public static func data(_ volume: Volume<Float>, comment: String? = nil) -> Data {
        let geometry = volume.geometry
        func words(_ v: SIMD3<Double>) -> String { "\(v.x) \(v.y) \(v.z)" }
        let n = geometry.dimensions
        let remark = comment.map { "Comment = \($0)\n" } ?? ""
        let header = """
            ObjectType = Image
            \(remark)NDims = 3
            BinaryData = True
            BinaryDataByteOrderMSB = False
            CompressedData = False
            TransformMatrix = 1 0 0 0 1 0 0 0 1
            Offset = \(words(geometry.origin.mm))
            CenterOfRotation = 0 0 0
            AnatomicalOrientation = RAI
            ElementSpacing = \(words(geometry.spacingMM))
            DimSize = \(n.x) \(n.y) \(n.z)
            ElementType = MET_FLOAT
            ElementDataFile = LOCAL

            """
        var data = Data(header.utf8)
        data.reserveCapacity(data.count + 4 * geometry.voxelCount)
        #if _endian(little)
            volume.values.withUnsafeBytes { data.append(contentsOf: $0) }
        #else
            for value in volume.values {
                withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) }
            }
        #endif
        return data
    }

    /// Reads a file of the kind that `data` makes.
    ///
    /// - Parameters:
    ///   - file: Name for messages.
    ///   - frameOfReferenceUID: The format cannot hold it; it comes from beside the file.
    /// - Throws: `InvalidFile` naming the header field.
    public static func volume(
        _ data: Data, file: String, frameOfReferenceUID: String
    ) throws(InvalidFile) -> Volume<Float> {
        let header = try Header(data, file: file)
        try header.require("ElementType", "MET_FLOAT")
        let geometry = try header.geometry(frameOfReferenceUID: frameOfReferenceUID)
        let body = try header.body(of: data, bytesPerVoxel: 4, voxels: geometry.voxelCount)
        return Volume(
            geometry: geometry,
            values: decode(body, UInt32.self).map { Float(bitPattern: $0) })
    }

    /// Reads a file of CT numbers: whole numbers of 8, 16 or 32 bits, or floating-point numbers, which are rounded.
    ///
    /// - Parameters:
    ///   - file: Name for messages.
    ///   - frameOfReferenceUID: The format cannot hold it; it comes from beside the file.
    /// - Throws: `InvalidFile` naming the header field, or the voxel whose value is no CT number of 16 bits.
    public static func hounsfield(
        _ data: Data, file: String, frameOfReferenceUID: String
    ) throws(InvalidFile) -> Volume<Int16> {
        let header = try Header(data, file: file)
        guard let type = ElementType(rawValue: header.fields["ElementType"] ?? "") else {
            throw header.bad(
                "ElementType", "one of \(ElementType.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        let geometry = try header.geometry(frameOfReferenceUID: frameOfReferenceUID)
        let body = try header.body(of: data, bytesPerVoxel: type.byteCount, voxels: geometry.voxelCount)
        let values: [Int16?] =
            switch type {
            case .uint8: body.map { Int16($0) }
            case .int16: decode(body, UInt16.self).map { Int16(bitPattern: $0) }
            case .uint16: decode(body, UInt16.self).map { Int16(exactly: $0) }
            case .int32: decode(body, UInt32.self).map { Int16(exactly: Int32(bitPattern: $0)) }
            case .float: decode(body, UInt32.self).map { Int16(exactly: Float(bitPattern: $0).rounded()) }
            case .double: decode(body, UInt64.self).map { Int16(exactly: Double(bitPattern: $0).rounded()) }
            }
        if let wrong = values.firstIndex(of: nil) {
            let v = geometry.voxel(at: wrong)
            throw InvalidFile(
                file: file,
                "the value of voxel \(v.x) \(v.y) \(v.z) is no CT number (-32768 to 32767 HU); convert the file"
            )
        }
        return Volume(geometry: geometry, values: values.compactMap { $0 })
    }

    /// Reads a file of vectors: three floating-point numbers for each voxel, as registration programs write displacement fields.
    ///
    /// - Parameters:
    ///   - data: Of the file.
    ///   - file: Name for messages.
    ///   - frameOfReferenceUID: The format cannot hold it; it comes from beside the file.
    /// - Returns: The components along the axes of the DICOM patient frame.
    /// - Throws: `InvalidFile` naming the header field, or the voxel whose vector is no number.
    public static func vectors(
        _ data: Data, file: String, frameOfReferenceUID: String
    ) throws(InvalidFile) -> (x: Volume<Float>, y: Volume<Float>, z: Volume<Float>) {
        let header = try Header(data, file: file)
        try header.require("ElementNumberOfChannels", "3")
        guard let type = ElementType(rawValue: header.fields["ElementType"] ?? ""),
            type == .float || type == .double
        else { throw header.bad("ElementType", "MET_FLOAT or MET_DOUBLE") }
        let geometry = try header.geometry(frameOfReferenceUID: frameOfReferenceUID)
        let body = try header.body(of: data, bytesPerVoxel: 3 * type.byteCount, voxels: geometry.voxelCount)
        let values: [Float] =
            type == .float
            ? decode(body, UInt32.self).map { Float(bitPattern: $0) }
            : decode(body, UInt64.self).map { Float(Double(bitPattern: $0)) }
        if let wrong = values.firstIndex(where: { !$0.isFinite }) {
            let v = geometry.voxel(at: wrong / 3)
            throw InvalidFile(
                file: file,
                "the vector of voxel \(v.x) \(v.y) \(v.z) is no number (\(values[wrong])); correct the field")
        }
        func component(_ axis: Int) -> Volume<Float> {
            Volume(
                geometry: geometry,
                values: (0..<geometry.voxelCount).map { values[3 * $0 + axis] })
        }
        return (component(0), component(1), component(2))
    }

    /// Types of values that a file of CT numbers may have.
    private enum ElementType: String, CaseIterable {
        case uint8 = "MET_UCHAR"
        case int16 = "MET_SHORT"
        case uint16 = "MET_USHORT"
        case int32 = "MET_INT"
        case float = "MET_FLOAT"
        case double = "MET_DOUBLE"

        var byteCount: Int {
            switch self {
            case .uint8: 1
            case .int16, .uint16: 2
            case .int32, .float: 4
            case .double: 8
            }
        }
    }

    /// Little-endian whole numbers.
    private static func decode<Word: FixedWidthInteger>(_ body: Data, _ type: Word.Type) -> [Word] {
        let count = body.count / MemoryLayout<Word>.size
        return [Word](unsafeUninitializedCapacity: count) { buffer, initialized in
            _ = body.copyBytes(to: UnsafeMutableRawBufferPointer(buffer))
            initialized = count
        }.map { Word(littleEndian: $0) }
    }

    /// The text before the values.
    private struct Header {
        var fields: [String: String] = [:]
        var byteCount = 0
        let file: String

        init(_ data: Data, file: String) throws(InvalidFile) {
            self.file = file
            let newline = UInt8(ascii: "\n")
            var start = data.startIndex
            while let end = data[start...].prefix(4096).firstIndex(of: newline) {
                let line = String(decoding: data[start..<end], as: UTF8.self)
                start = end + 1
                let parts = line.split(separator: "=", maxSplits: 1).map {
                    String($0).trimmingASCIISpaces
                }
                guard parts.count == 2 else { break }
                fields[parts[0]] = parts[1]
                guard parts[0] != "ElementDataFile" else { break }
            }
            byteCount = start - data.startIndex
            guard fields["ElementDataFile"] == "LOCAL" else {
                throw InvalidFile(
                    file: file,
                    "this is not a MetaImage file with its values inside (ElementDataFile = LOCAL "
                        + "is missing); make it again")
            }
        }

        func bad(_ key: String, _ wanted: String) -> InvalidFile {
            InvalidFile(
                file: file, path: key,
                "the value is ‘\(fields[key] ?? "")’ (it must be \(wanted)); make the file again")
        }

        func require(_ key: String, _ value: String) throws(InvalidFile) {
            guard fields[key] == value else { throw bad(key, "‘\(value)’") }
        }

        /// Grid of the header, after everything in it that must have one value.
        func geometry(frameOfReferenceUID: String) throws(InvalidFile) -> VolumeGeometry {
            try require("ObjectType", "Image")
            try require("NDims", "3")
            try require("CompressedData", "False")
            try require("BinaryDataByteOrderMSB", "False")
            try require("TransformMatrix", "1 0 0 0 1 0 0 0 1")
            let size = try numbers("DimSize")
            let spacing = try numbers("ElementSpacing")
            let offset = try numbers("Offset")
            guard size.allSatisfy({ $0 >= 1 && $0 <= 10_000 && $0 == $0.rounded() }) else {
                throw bad("DimSize", "three whole numbers of at least 1")
            }
            guard spacing.allSatisfy({ $0 > 0 && $0 < 1e4 }) else {
                throw bad("ElementSpacing", "three positive numbers")
            }
            return VolumeGeometry(
                dimensions: SIMD3(Int(size[0]), Int(size[1]), Int(size[2])),
                origin: Point3(offset[0], offset[1], offset[2]),
                spacingMM: SIMD3(spacing[0], spacing[1], spacing[2]),
                frameOfReferenceUID: frameOfReferenceUID)
        }

        /// The values behind the header.
        func body(of data: Data, bytesPerVoxel: Int, voxels: Int) throws(InvalidFile) -> Data {
            let body = data.dropFirst(byteCount)
            guard body.count == bytesPerVoxel * voxels else {
                throw InvalidFile(
                    file: file,
                    "the file holds \(body.count) bytes of values (\(bytesPerVoxel * voxels) belong to DimSize "
                        + "\(fields["DimSize"] ?? "")); it is damaged, make it again")
            }
            return body
        }

        func numbers(_ key: String) throws(InvalidFile) -> [Double] {
            let words = (fields[key] ?? "").split(separator: " ").map { YAMLElement.number(String($0)) }
            guard words.count == 3, let values = all(words) else { throw bad(key, "three numbers") }
            return values
        }
    }
}
