import CaseFiles
import Foundation
import Frames
import TestSupport
import Testing
import Volumes

@Suite struct TransportCommandTests {
    /// A folder of its own for each test.
    private static func scratch() throws -> URL {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("kasane-transport-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    private static func kasane(_ arguments: String...) throws -> KasaneProcess {
        let run = try KasaneProcess.run(arguments)
        try #require(run.status == 0, "kasane \(arguments.joined(separator: " ")): \(run.errors)")
        return run
    }

    private static func text(_ file: URL) throws -> String { try String(contentsOf: file, encoding: .utf8) }

    /// Values of a column of a CSV file by the beginning of its name.
    private static func column(_ name: String, _ file: URL) throws -> [Double] {
        let lines = try text(file).split(separator: "\n").filter { !$0.hasPrefix("#") }
        let header = lines[0].split(separator: ",")
        let index = try #require(header.firstIndex { $0 == name || $0.hasPrefix(name + " [") }, "\(name)")
        return lines.dropFirst().map {
            Double($0.split(separator: ",", omittingEmptySubsequences: false)[index]) ?? .nan
        }
    }

    /// Every example runs; its energy balance closes; its files are those that the summary lists; the bits do not depend on threads.
    @Test(arguments: ["water-tank", "bone-and-lung", "cylinder-insert", "proton-in-metal"])
    func exampleRuns(name: String) throws {
        let folder = try Self.scratch()
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: folder) } }
        let file = "Examples/transport/\(name).yaml"
        let (one, two) = (folder.appendingPathComponent("one"), folder.appendingPathComponent("two"))
        let run = try Self.kasane(
            "transport", "run", file, "--histories", "200", "--to", one.path, "--threads", "1")
        _ = try Self.kasane(
            "transport", "run", file, "--histories", "200", "--to", two.path, "--threads", "2")
        let missing = try #require(
            run.output.split(separator: "\n").first { $0.hasPrefix("missing") }?.split(separator: " "))
        let percent = try #require(Double(missing[2]))
        #expect(abs(percent) < 0.1)

        let names = try FileManager.default.contentsOfDirectory(atPath: one.path).sorted()
        #expect(names == (try FileManager.default.contentsOfDirectory(atPath: two.path)).sorted())
        let summary = try Self.text(one.appendingPathComponent("summary.yaml"))
        #expect(summary.hasPrefix("format: kasane-transport-summary\n"))
        for name in names where name != "summary.yaml" {
            let data = try Data(contentsOf: one.appendingPathComponent(name))
            #expect(data == (try Data(contentsOf: two.appendingPathComponent(name))), "\(name)")
            #expect(!data.isEmpty)
            if name.hasSuffix(".csv") {
                let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
                let rows = lines.filter { !$0.hasPrefix("#") }
                #expect(lines[0].hasPrefix("# ") && rows.count > 1)
                #expect(
                    Set(rows.map { $0.split(separator: ",", omittingEmptySubsequences: false).count }).count
                        == 1)
                #expect(lines.contains { $0.contains("seed 1; 200 primary ions") })
            } else if name.hasSuffix(".mha") {
                let volume = try MetaImageFile.volume(data, file: name, frameOfReferenceUID: "")
                #expect(
                    volume.values.contains { $0 > 0 } && volume.values.allSatisfy { $0 >= 0 && $0.isFinite })
            }
            if name != "request.yaml" { #expect(summary.contains("name: \(name)")) }
        }
        let request = try Data(contentsOf: one.appendingPathComponent("request.yaml"))
        #expect(request == (try Data(contentsOf: KasaneProcess.checkout.appendingPathComponent(file))))
    }

    @Test func theExampleIsAFileToStartFrom() throws {
        let example = try Self.kasane("transport", "example").output
        _ = try TransportFile.read(text: example, file: "example.yaml")
    }

    /// The DICOM images of a box of water: the peak lies at the range behind the surface, by folder, as MetaImage and as case.
    @Test func aCTIsAPhantom() throws {
        let box = try WaterBoxCase()
        defer { #expect(throws: Never.self) { try box.remove() } }
        func run(_ ct: String, _ name: String) throws -> URL {
            let text = """
                format: kasane-transport
                version: 1
                label: box of water
                beam: {ion: 12C, energy: 150, shape: pencil, position: [1, 2, -200], direction: [0, 0, 1]}
                phantom:
                  ct: \(ct)
                scores:
                  - depth-dose: {to: 120, step: 1}
                  - mesh: {quantities: [dose-to-water]}
                run: {histories: 300, seed: 1}

                """
            let file = box.folder.appendingPathComponent("\(name).yaml")
            try Data(text.utf8).write(to: file)
            _ = try Self.kasane("transport", "run", file.path, "--to", box.path(name))
            return URL(fileURLWithPath: box.path(name))
        }
        /// Depth of the peak from the edge of the grid, mm.
        func peak(_ result: URL) throws -> Double {
            let energy = try Self.column("energy", result.appendingPathComponent("depth-dose.csv"))
            let depth = try Self.column("depth", result.appendingPathComponent("depth-dose.csv"))
            return depth[try #require(energy.indices.max { energy[$0] < energy[$1] })]
        }
        // The grid begins at −70 mm, the water at −57.5 (the voxel centred on −57.5 is the first inside −60...60, which
        // begins at −60): 10 mm of air and 52.4 mm of range.
        let folder = try run("{folder: images, calibration: schneider}", "by-folder")
        expectClose(try peak(folder), 10 + 52.4, absolute: 1.5, because: "bins of 1 mm; HU 0 is nearly water")
        let contour = try run(
            "{folder: images, external: External, calibration: schneider, spacing: 2.5}", "by-contour")
        expectClose(try peak(contour), 10 + 52.4, absolute: 1.5, because: "the same with another grid")
        let dose = try MetaImageFile.volume(
            Data(contentsOf: contour.appendingPathComponent("mesh-dose-to-water.mha")), file: "dose",
            frameOfReferenceUID: "")
        #expect(dose.geometry.dimensions == SIMD3(64, 64, 56), "the grid of transport")
        let summary = try Self.text(folder.appendingPathComponent("summary.yaml"))
        #expect(summary.contains("role: \"CT\"") && summary.contains("/images"))

        // As a MetaImage: the same voxels.
        let geometry = VolumeGeometry(
            dimensions: SIMD3(32, 32, 28), origin: Point3(-77.5, -77.5, -67.5),
            spacingMM: SIMD3(repeating: 5),
            frameOfReferenceUID: "")
        let image = Volume(
            geometry: geometry,
            values: (0..<geometry.voxelCount).map { index -> Float in
                let v = geometry.voxel(at: index)
                let p = geometry.centre(v.x, v.y, v.z).mm
                return pointwiseMax(p, -p).max() < 60 ? 0 : -1000
            })
        try MetaImageFile.data(image).write(to: box.folder.appendingPathComponent("ct.mha"))
        let meta = try run("{metaimage: ct.mha, calibration: schneider}", "by-metaimage")
        #expect(
            try Self.column("energy", meta.appendingPathComponent("depth-dose.csv"))
                == Self.column("energy", folder.appendingPathComponent("depth-dose.csv")))

        _ = try Self.kasane("plan", box.planFile.path, "--to", box.path("case"))
        let planned = try run("{case: case}", "by-case")
        let energy = try Self.column("energy", planned.appendingPathComponent("depth-dose.csv"))
        #expect((energy.max() ?? 0) > 10, "a peak in the dose grid of the case")
    }

    static let calls = [
        BadCall(
            "transport", "run", "nowhere.yaml", "--to", "out", status: 65, says: "nowhere.yaml",
            "no such file"),
        BadCall(
            "transport", "run", "bad.yaml", "--to", "out", status: 65, says: "bad.yaml:8: beam.ion", "‘12X’"),
        BadCall(
            "transport", "run", "no-ct.yaml", "--to", "out", status: 65, says: "nothing.mha", "cannot be read"
        ),
        BadCall(
            "transport", "run", "good.yaml", "--to", "occupied", status: 65, says: "occupied",
            "not a transport"),
        BadCall(
            "transport", "run", "good.yaml", "--to", "out", "--histories", "0", status: 64,
            says: "--histories 0"),
        BadCall("transport", "run", "good.yaml", status: 64, says: "--to"),
    ]

    @Test(arguments: calls)
    func badInputIsNamed(_ call: BadCall) throws {
        let folder = try Self.scratch()
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: folder) } }
        func write(_ name: String, _ text: String) throws {
            try Data(text.utf8).write(to: folder.appendingPathComponent(name))
        }
        try write("good.yaml", TransportFile.example)
        try write("bad.yaml", TransportFile.example.replacing("ion: 12C", with: "ion: 12X"))
        try write(
            "no-ct.yaml",
            """
            format: kasane-transport
            version: 1
            label: no CT
            beam: {ion: p, energy: 100, shape: pencil, position: [0, 0, 0], direction: [0, 1, 0]}
            phantom: {ct: {metaimage: nothing.mha, calibration: schneider}}
            scores: [{depth-dose: {to: 100, step: 1}}]
            run: {histories: 10, seed: 1}
            """)
        try FileManager.default.createDirectory(
            at: folder.appendingPathComponent("occupied"), withIntermediateDirectories: true)
        try write("occupied/thesis.txt", "mine")
        let run = try KasaneProcess.run(call.arguments, in: folder)
        #expect(run.status == call.status, "\(run.errors)")
        for word in call.words { #expect(run.errors.contains(word), "\(run.errors)") }
        #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("out").path))
    }
}
