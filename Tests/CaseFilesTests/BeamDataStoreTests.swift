import BeamData
import CaseFiles
import Foundation
import Quantities
import Testing

@Suite struct BeamDataStoreTests {
    private func emptySet() throws -> BeamDataSet {
        let axes = BeamDataAxes(
            depths: [0, 0.5, 1], spectrumDepths: [0, 1], spectrumEdges: [0, 1], species: [.carbon12])
        let table = ComponentDepthTable(
            doseGyMM2: [1, 2, 3], doseZStarGy2MM2: [1, 2, 3], doseLETGyMM2KeVPerUM: [1, 2, 3],
            sigmaMM: [0, 1, 2])
        return try BeamDataSet(
            ion: .carbon12, provenance: "test", axes: axes,
            nodes: [(100.0, 26.0), (200, 87)].map {
                BeamDataNode(
                    energyMeVPerNucleon: $0.0, rangeMM: $0.1, components: [table, table, table],
                    spectra: [1, 1])
            })
    }

    @Test func namesTheFolderByIon() {
        #expect(BeamDataStore.relativePath(of: .carbon12) == "beam/carbon/water.kbd")
        #expect(BeamDataStore.folder(of: .proton) == "proton")
        #expect(BeamDataStore.folder(of: .helium4) == "helium")
    }

    @Test func writesAndReadsWithAManifest() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let set = try emptySet()
        try BeamDataStore.write(set, command: "kasane beam-data build", folder: folder)
        let read = try BeamDataStore.read(path: folder + "/" + BeamDataStore.fileName)
        #expect(read.encoded() == set.encoded())
        let manifest = try JSONSerialization.jsonObject(
            with: Data(contentsOf: URL(fileURLWithPath: folder + "/manifest.json")))
        let files = (manifest as? [String: Any])?["files"] as? [[String: Any]]
        #expect(files?.first?["sha256"] as? String == SHA256.digest(set.encoded()))
    }

    @Test func namesTheFileItRefuses() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let missing = folder + "/none.kbd"
        #expect(throws: BeamDataFileError.self) { try BeamDataStore.read(path: missing) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let damaged = folder + "/damaged.kbd"
        var bytes = try emptySet().encoded()
        bytes[60] ^= 4
        try Data(bytes).write(to: URL(fileURLWithPath: damaged))
        do {
            _ = try BeamDataStore.read(path: damaged)
            Issue.record("a damaged file was read")
        } catch {
            #expect("\(error)".contains(damaged) && "\(error)".contains("checksum"))
        }
    }
}
