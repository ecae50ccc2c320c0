import CaseFiles
import Foundation
import Testing

@Suite struct DataStoreTests {
    @Test func optionAndEnvironmentAreTakenOrRefused() throws {
        let folder = try DataStore.find().path
        #expect(try DataStore.find(option: folder, environment: [:]).path == folder)
        #expect(try DataStore.find(environment: ["KASANE_DATA": folder]).path == folder)
        #expect(throws: DataStoreError.notADataFolder("/tmp", from: "--data")) {
            try DataStore.find(option: "/tmp", environment: ["KASANE_DATA": folder])
        }
        #expect(throws: DataStoreError.notADataFolder("/tmp", from: "KASANE_DATA")) {
            try DataStore.find(environment: ["KASANE_DATA": "/tmp"])
        }
    }

    @Test func itIsFoundAboveTheProgramAndAllPlacesAreNamedIfNot() throws {
        let folder = try DataStore.find().path
        let root = String(folder.dropLast("/Data".count))
        let found = try DataStore.find(
            environment: [:], program: root + "/.build/x/release/kasane", workingFolder: "/")
        #expect(found.path == folder)
        do {
            _ = try DataStore.find(
                environment: [:], program: "/usr/bin/kasane", workingFolder: "/var/empty")
            Issue.record("found")
        } catch {
            #expect(error.description.contains("/usr/bin/Data"))
            #expect(error.description.contains("/var/empty/Data"))
        }
    }

    @Test func machinesAreNamesOrPaths() throws {
        let store = try DataStore.find()
        #expect(try store.machineNames().contains("yamagata"))
        #expect(try store.machinePath("yamagata").hasSuffix("Data/machines/yamagata.yaml"))
        #expect(try store.machinePath("my/own.yaml", relativeTo: "/cases") == "/cases/my/own.yaml")
        #expect(throws: DataStoreError.self) { try store.machinePath("yamagta") }
    }
}
