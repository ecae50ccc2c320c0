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
    public static func data(_ volume: Volume<Float>) -> Data {
        let geometry = volume.geometry
        func words(_ v: SIMD3<Double>) -> String { "\(v.x) \(v.y) \(v.z)" }
        let n = geometry.dimensions
        let header = """
            ObjectType = Image
            NDims = 3
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
        try header.require("ObjectType", "Image")
        try header.require("NDims", "3")
        try header.require("ElementType", "MET_FLOAT")
        try header.require("CompressedData", "False")
        try header.require("BinaryDataByteOrderMSB", "False")
        try header.require("TransformMatrix", "1 0 0 0 1 0 0 0 1")
        let size = try header.numbers("DimSize")
        let spacing = try header.numbers("ElementSpacing")
        let offset = try header.numbers("Offset")
        guard size.allSatisfy({ $0 >= 1 && $0 <= 10_000 && $0 == $0.rounded() }) else {
            throw header.bad("DimSize", "three whole numbers of at least 1")
        }
        guard spacing.allSatisfy({ $0 > 0 && $0 < 1e4 }) else {
            throw header.bad("ElementSpacing", "three positive numbers")
        }
        let geometry = VolumeGeometry(
            dimensions: SIMD3(Int(size[0]), Int(size[1]), Int(size[2])),
            origin: Point3(offset[0], offset[1], offset[2]),
            spacingMM: SIMD3(spacing[0], spacing[1], spacing[2]),
            frameOfReferenceUID: frameOfReferenceUID)
        let body = data.dropFirst(header.byteCount)
        guard body.count == 4 * geometry.voxelCount else {
            throw InvalidFile(
                file: file,
                "the file holds \(body.count) bytes of values (\(4 * geometry.voxelCount) belong to DimSize "
                    + "\(Int(size[0])) \(Int(size[1])) \(Int(size[2]))); it is damaged, make it again")
        }
        var values = [Float](repeating: 0, count: geometry.voxelCount)
        values.withUnsafeMutableBytes { target in
            _ = body.copyBytes(to: target)
        }
        #if _endian(big)
            values = values.map { Float(bitPattern: UInt32(littleEndian: $0.bitPattern)) }
        #endif
        return Volume(geometry: geometry, values: values)
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

        func numbers(_ key: String) throws(InvalidFile) -> [Double] {
            let words = (fields[key] ?? "").split(separator: " ").map { YAMLElement.number(String($0)) }
            guard words.count == 3, let values = all(words) else { throw bad(key, "three numbers") }
            return values
        }
    }
}
