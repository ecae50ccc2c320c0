import CaseFiles
import Foundation
import Testing
import Volumes

@Suite struct HounsfieldImageTests {
    /// A file of 2 × 1 × 2 voxels.
    static func file(_ type: String, _ body: [UInt8], change: (String, String) = ("", "")) -> Data {
        let header = """
            ObjectType = Image
            NDims = 3
            BinaryData = True
            BinaryDataByteOrderMSB = False
            CompressedData = False
            TransformMatrix = 1 0 0 0 1 0 0 0 1
            Offset = 1 2 3
            ElementSpacing = 2 3 4
            DimSize = 2 1 2
            ElementType = \(type)
            ElementDataFile = LOCAL

            """
        return Data((change.0.isEmpty ? header : header.replacing(change.0, with: change.1)).utf8)
            + Data(body)
    }

    static func bytes<T>(_ values: [T]) -> [UInt8] { values.withUnsafeBytes { Array($0) } }

    @Test func everyTypeOfNumberIsRead() throws {
        let wanted: [Int16] = [0, 100, 200, 55]
        for (type, body) in [
            ("MET_UCHAR", Self.bytes([UInt8(0), 100, 200, 55])), ("MET_SHORT", Self.bytes(wanted)),
            ("MET_USHORT", Self.bytes(wanted)), ("MET_INT", Self.bytes(wanted.map { Int32($0) })),
            ("MET_FLOAT", Self.bytes(wanted.map { Float($0) + 0.3 })),
            ("MET_DOUBLE", Self.bytes(wanted.map { Double($0) - 0.3 })),
        ] {
            let volume = try MetaImageFile.hounsfield(
                Self.file(type, body), file: "ct.mha", frameOfReferenceUID: "1")
            #expect(volume.values == wanted, "\(type)")
            #expect(volume.geometry.dimensions == SIMD3(2, 1, 2) && volume.geometry.spacingMM.z == 4)
        }
        let negative: [Int16] = [-1024, 3071, -1, 0]
        #expect(
            try MetaImageFile.hounsfield(
                Self.file("MET_SHORT", Self.bytes(negative)), file: "ct.mha", frameOfReferenceUID: "1"
            ).values == negative)
    }

    @Test func whatIsNoCTNumberIsRefused() {
        func refused(_ data: Data, _ words: String) {
            do {
                _ = try MetaImageFile.hounsfield(data, file: "ct.mha", frameOfReferenceUID: "1")
                Issue.record("read without complaint: \(words)")
            } catch { #expect(error.description.contains(words), "\(error)") }
        }
        refused(Self.file("MET_FLOAT", Self.bytes([Float(0), 1, .nan, 2])), "voxel 0 0 1")
        refused(Self.file("MET_INT", Self.bytes([Int32(0), 40_000, 1, 2])), "voxel 1 0 0")
        refused(Self.file("MET_LONG", []), "MET_LONG")
        refused(Self.file("MET_SHORT", [1, 2, 3]), "3 bytes")
        let whole = Self.bytes([Int16](repeating: 0, count: 4))
        refused(
            Self.file("MET_SHORT", whole, change: ("1 0 0 0 1 0 0 0 1", "0 1 0 1 0 0 0 0 1")),
            "TransformMatrix")
        refused(
            Self.file("MET_SHORT", whole, change: ("CompressedData = False", "CompressedData = True")),
            "CompressedData")
    }
}
