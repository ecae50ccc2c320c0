import Foundation
import Frames
import Volumes

/// Volumes as MetaImage files (`.mha`): a text header and little-endian floats, read by 3D Slicer, ITK and others.
///
/// Axes are those of the DICOM patient frame (LPS), `Offset` is the centre of the first voxel, x runs fastest. The
/// frame of reference is kept in a comment that other programs pass over.
///
/// ## Checked by
/// `MetaImageTests`.
public enum MetaImage {
    /// Why a file is no volume of ours.
    public enum Failure: Error, Hashable, Sendable, CustomStringConvertible {
        case unreadable(String, reason: String)
        case badHeader(String, key: String, value: String)
        case truncated(String, expectedBytes: Int, foundBytes: Int)

        public var description: String {
            switch self {
            case .unreadable(let file, let reason): "\(file) cannot be read (\(reason)); check the path"
            case .badHeader(let file, let key, let value):
                "\(file): \(key) = '\(value)' (not a float volume with patient axes as Kasane writes it) write it again"
            case .truncated(let file, let expected, let found):
                "\(file): \(found) bytes of values (the header says \(expected)) the file is damaged; make it again"
            }
        }
    }

    /// The bytes of a file.
    public static func encoded(_ volume: Volume<Float>) -> Data {
        let g = volume.geometry
        func three(_ v: SIMD3<Double>) -> String { "\(v.x) \(v.y) \(v.z)" }
        let header = """
            ObjectType = Image
            NDims = 3
            BinaryData = True
            BinaryDataByteOrderMSB = False
            CompressedData = False
            TransformMatrix = 1 0 0 0 1 0 0 0 1
            Offset = \(three(g.origin.mm))
            CenterOfRotation = 0 0 0
            AnatomicalOrientation = RAI
            ElementSpacing = \(three(g.spacingMM))
            DimSize = \(g.dimensions.x) \(g.dimensions.y) \(g.dimensions.z)
            Comment = FrameOfReferenceUID \(g.frameOfReferenceUID)
            ElementType = MET_FLOAT
            ElementDataFile = LOCAL

            """
        var data = Data(header.utf8)
        data.reserveCapacity(data.count + 4 * volume.values.count)
        volume.values.withUnsafeBytes { data.append(contentsOf: $0) }
        return data
    }

    /// The volume of a file's bytes; `file` is its name for messages.
    public static func decoded(_ data: Data, file: String) throws(Failure) -> Volume<Float> {
        let marker = Data("ElementDataFile = LOCAL\n".utf8)
        guard let end = data.range(of: marker), let text = String(data: data[..<end.lowerBound], encoding: .utf8)
        else { throw .badHeader(file, key: "ElementDataFile", value: "not LOCAL") }
        var fields: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            if parts.count == 2 { fields[parts[0]] = parts[1] }
        }
        func numbers(_ key: String) throws(Failure) -> SIMD3<Double> {
            let values = (fields[key] ?? "").split(separator: " ").compactMap { Double($0) }
            guard values.count == 3, values.allSatisfy(\.isFinite) else {
                throw .badHeader(file, key: key, value: fields[key] ?? "missing")
            }
            return SIMD3(values[0], values[1], values[2])
        }
        for (key, value) in [
            ("ElementType", "MET_FLOAT"), ("BinaryDataByteOrderMSB", "False"), ("CompressedData", "False"),
            ("TransformMatrix", "1 0 0 0 1 0 0 0 1"),
        ] where fields[key] != value {
            throw .badHeader(file, key: key, value: fields[key] ?? "missing")
        }
        let (size, spacing, origin) = (try numbers("DimSize"), try numbers("ElementSpacing"), try numbers("Offset"))
        let isWhole = size == size.rounded(.toNearestOrEven)
        guard isWhole, size.min() >= 1, size.max() <= 4096 else {
            throw .badHeader(file, key: "DimSize", value: fields["DimSize"] ?? "missing")
        }
        guard spacing.min() > 0 else {
            throw .badHeader(file, key: "ElementSpacing", value: fields["ElementSpacing"] ?? "missing")
        }
        let words = (fields["Comment"] ?? "").split(separator: " ")
        guard words.count == 2, words[0] == "FrameOfReferenceUID" else {
            throw .badHeader(file, key: "Comment", value: fields["Comment"] ?? "missing")
        }
        let geometry = VolumeGeometry(
            dimensions: SIMD3(Int(size.x), Int(size.y), Int(size.z)), origin: Point3(origin),
            spacingMM: spacing, frameOfReferenceUID: String(words[1]))
        let body = data[end.upperBound...]
        guard body.count == 4 * geometry.voxelCount else {
            throw .truncated(file, expectedBytes: 4 * geometry.voxelCount, foundBytes: body.count)
        }
        var values = [Float](repeating: 0, count: geometry.voxelCount)
        _ = values.withUnsafeMutableBytes { body.copyBytes(to: $0) }
        return Volume(geometry: geometry, values: values)
    }
}
