import CaseFiles
import Foundation
import Frames
import PlanModel
import Quantities
import Testing
import Volumes

/// A folder of its own for one test, removed at the end.
struct ScratchFolder: ~Copyable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "kasane-test-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

@Suite struct CaseFolderTests {
    static let geometry = VolumeGeometry(
        dimensions: SIMD3(5, 4, 3), origin: Point3(-10.1, 0.3, 1 / 3.0), spacingMM: SIMD3(2, 2, 2.5),
        frameOfReferenceUID: "1.2.3")

    static func volume(_ seed: Float) -> Volume<Float> {
        Volume(geometry: geometry, values: (0..<60).map { Float($0) * 0.1 + seed })
    }

    static func stored() -> StoredCase {
        let field = Field(
            number: 2, name: "left", portID: "gantry", gantryAngle: AngleDegrees(90),
            patientSupportAngle: AngleDegrees(0.1), isocentre: Point3(1.1, -2.2, 1 / 3.0),
            rangeShifterID: "RS30",
            layers: [
                EnergyLayer(
                    energy: EnergyPerNucleon(217.123456789),
                    spots: [
                        Spot(positionMM: SIMD2(0.1, -3), particles: 12345.678),
                        Spot(positionMM: SIMD2(3.1, -3), particles: 0),
                    ], paintings: 2)
            ])
        let plan = Plan(
            label: "TEST", machineName: "yamagata", ion: .carbon12,
            patientPosition: .headFirstSupine,
            prescription: Prescription(
                targetName: "CTV", totalDose: RBEWeightedDose(60.8), fractions: 16), fields: [field])
        let dose = DoseDistribution(dose: volume(0), doseZStar: volume(1), doseLET: volume(2))
        return StoredCase(
            plan: plan, planFileText: "label: TEST # ü\n", fieldDoses: [2: dose],
            volumes: ["dose-rbe": volume(7)], attachments: ["notes.txt": Data("hello".utf8)],
            provenance: Provenance(
                programVersion: "0.1.0", created: "2026-01-01T00:00:00Z", seed: 7,
                sources: [.init(role: "machine", path: "m.yaml", sha256: "00")],
                options: ["threads": "2"]))
    }

    @Test func caseComesBackAsItWas() throws {
        let scratch = try ScratchFolder()
        let path = scratch.path + "/case"
        let stored = Self.stored()
        try CaseFolder.write(stored, to: path)
        let back = try CaseFolder.read(path: path)
        #expect(back.plan == stored.plan)
        #expect(back.planFileText == stored.planFileText)
        #expect(back.provenance == stored.provenance)
        #expect(back.attachments == stored.attachments)
        #expect(back.volumes == stored.volumes)
        #expect(back.fieldDoses[2]?.dose == stored.fieldDoses[2]?.dose)
        #expect(back.fieldDoses[2]?.doseZStar == stored.fieldDoses[2]?.doseZStar)
        #expect(back.fieldDoses[2]?.doseLET == stored.fieldDoses[2]?.doseLET)
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == ["case"])
    }

    @Test func olderCaseIsReplacedAndAnythingElseIsKept() throws {
        let scratch = try ScratchFolder()
        let path = scratch.path + "/case"
        var stored = Self.stored()
        try CaseFolder.write(stored, to: path)
        stored.plan.label = "SECOND"
        stored.attachments = [:]
        try CaseFolder.write(stored, to: path)
        #expect(try CaseFolder.read(path: path).plan.label == "SECOND")
        #expect(!FileManager.default.fileExists(atPath: path + "/notes.txt"))

        let other = scratch.path + "/photos"
        try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
        try Data("x".utf8).write(to: URL(fileURLWithPath: other + "/a.jpg"))
        #expect(throws: InvalidFile.self) { try CaseFolder.write(stored, to: other) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: other) == ["a.jpg"])
        #expect(
            try Set(FileManager.default.contentsOfDirectory(atPath: scratch.path))
                == ["case", "photos"])
    }

    @Test func valuesThatAreNoNumbersLeaveNothingBehind() throws {
        let scratch = try ScratchFolder()
        var stored = Self.stored()
        stored.plan.fields[0].layers[0].spots[0].particles = .nan
        #expect(throws: InvalidFile.self) {
            try CaseFolder.write(stored, to: scratch.path + "/case")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == [])
    }

    @Test(arguments: [
        "plan.json", "plan.yaml", "provenance.json", "field-2-dose.mha", "dose-rbe.mha", "notes.txt",
    ])
    func oneChangedByteIsNoticed(name: String) throws {
        let scratch = try ScratchFolder()
        let path = scratch.path + "/case"
        try CaseFolder.write(Self.stored(), to: path)
        let file = URL(fileURLWithPath: path + "/" + name)
        var data = try Data(contentsOf: file)
        data[data.count - 1] ^= 1
        try data.write(to: file)
        do {
            _ = try CaseFolder.read(path: path)
            Issue.record("read without complaint")
        } catch {
            #expect(error.description.contains(path + "/" + name + ": the file has changed"))
        }
        try FileManager.default.removeItem(at: file)
        #expect(throws: InvalidFile.self) { try CaseFolder.read(path: path) }
    }

    @Test(arguments: [
        ("\"version\" : 1", "\"version\" : 2", "version 2"),
        ("kasane-case", "other", "‘other’"),
        ("\"files\" : {", "\"filez\" : {", "‘files’ is missing"),
        ("\"notes.txt\" : {", "\"../notes.txt\" : {", "not a plain file name"),
        ("{", "[", "damaged"),
    ])
    func damagedManifestIsExplained(from: String, to: String, words: String) throws {
        let scratch = try ScratchFolder()
        let path = scratch.path + "/case"
        try CaseFolder.write(Self.stored(), to: path)
        let file = path + "/case.json"
        let text = try TextFile.read(file)
        let changed = text.replacing(from, with: to, maxReplacements: 1)
        try #require(changed != text)
        try Data(changed.utf8).write(to: URL(fileURLWithPath: file))
        do {
            _ = try CaseFolder.read(path: path)
            Issue.record("read without complaint")
        } catch {
            #expect(error.description.contains(words), "\(error)")
        }
    }
}

@Suite struct MetaImageFileTests {
    private static func vectors(_ values: [Float], channels: Int = 3, type: String = "MET_FLOAT") -> Data {
        let header = """
            ObjectType = Image
            NDims = 3
            BinaryData = True
            BinaryDataByteOrderMSB = False
            CompressedData = False
            TransformMatrix = 1 0 0 0 1 0 0 0 1
            Offset = 1 2 3
            ElementSpacing = 2 2 2
            DimSize = 2 1 1
            ElementNumberOfChannels = \(channels)
            ElementType = \(type)
            ElementDataFile = LOCAL

            """
        return values.reduce(Data(header.utf8)) { data, value in
            data + withUnsafeBytes(of: value.bitPattern.littleEndian) { Data($0) }
        }
    }

    @Test func vectorsAreReadByComponent() throws {
        let parts = try MetaImageFile.vectors(
            Self.vectors([1, 2, 3, 4, 5, 6]), file: "dvf.mha", frameOfReferenceUID: "1")
        #expect(parts.x.values == [1, 4] && parts.y.values == [2, 5] && parts.z.values == [3, 6])
        #expect(parts.x.geometry.origin == Point3(1, 2, 3))
        for (data, words) in [
            (Self.vectors([1, 2], channels: 1), "ElementNumberOfChannels"),
            (Self.vectors([1, 2, 3, 4, 5, 6], type: "MET_SHORT"), "MET_DOUBLE"),
            (Self.vectors([1, 2, 3]), "damaged"), (Self.vectors([1, 2, 3, .nan, 5, 6]), "voxel 1 0 0"),
        ] {
            let error = #expect(throws: InvalidFile.self) {
                try MetaImageFile.vectors(data, file: "dvf.mha", frameOfReferenceUID: "1")
            }
            #expect("\(error.map { "\($0)" } ?? "")".contains(words))
        }
    }

    @Test func headerIsWhatOtherProgramsExpect() throws {
        let data = MetaImageFile.data(CaseFolderTests.volume(0))
        let text = String(decoding: data.prefix(400), as: UTF8.self)
        #expect(text.hasPrefix("ObjectType = Image\nNDims = 3\n"))
        #expect(text.contains("\nDimSize = 5 4 3\nElementType = MET_FLOAT\nElementDataFile = LOCAL\n"))
        #expect(text.contains("\nElementSpacing = 2.0 2.0 2.5\n"))
        #expect(data.suffix(240).prefix(8) == Data([0, 0, 0, 0, 0xCD, 0xCC, 0xCC, 0x3D]))
    }

    @Test(arguments: [
        ("NDims = 3", "NDims = 2", "NDims"), ("DimSize = 5 4 3", "DimSize = 5 4 4", "240 bytes"),
        ("DimSize = 5 4 3", "DimSize = 5 4", "DimSize"),
        ("DimSize = 5 4 3", "DimSize = 99999999 4 3", "DimSize"),
        ("ElementSpacing = 2.0", "ElementSpacing = 0.0", "ElementSpacing"),
        ("MET_FLOAT", "MET_SHORT", "MET_SHORT"), ("= LOCAL", "= x.raw", "LOCAL"),
    ])
    func otherFilesAreRefused(from: String, to: String, words: String) throws {
        let data = MetaImageFile.data(CaseFolderTests.volume(0))
        let header = String(decoding: data.dropLast(240), as: UTF8.self)
        let changed = header.replacing(from, with: to)
        try #require(changed != header)
        do {
            _ = try MetaImageFile.volume(
                Data(changed.utf8) + data.suffix(240), file: "x.mha", frameOfReferenceUID: "1")
            Issue.record("read without complaint")
        } catch {
            #expect(error.description.contains(words), "\(error)")
        }
    }
}
