import CaseFiles
import Foundation
import PlanModel
import TestSupport
import Testing
import Volumes

/// The whole way as a user goes it: images, plan, export, the exported plan's dose.
@Suite struct PlanningChainTests {
    /// Runs `kasane` and expects it to succeed.
    private func kasane(_ arguments: String...) throws -> KasaneProcess {
        let result = try KasaneProcess.run(
            arguments + ["--data", KasaneProcess.checkout.appendingPathComponent("Data").path])
        try #require(result.status == 0, "kasane \(arguments.joined(separator: " ")): \(result.errors)")
        return result
    }

    /// Files of a case folder that hold the plan and its doses: everything but times and paths.
    private static func results(_ folder: String) throws -> [String: Data] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
            .filter { $0 == "plan.json" || $0.hasSuffix(".mha") }
        return try Dictionary(
            uniqueKeysWithValues: names.map {
                ($0, try Data(contentsOf: URL(fileURLWithPath: folder).appendingPathComponent($0)))
            })
    }

    @Test func planExportAndDoseOfTheExportAgreeForAnyNumberOfThreads() throws {
        let box = try WaterBoxCase()
        defer { #expect(throws: Never.self) { try box.remove() } }
        let log = try kasane("plan", box.planFile.path, "--to", box.path("one"), "--threads", "1").errors
        #expect(log.contains("final dose"), "the stages are told")
        #expect(!log.contains("[") && !log.contains("\u{1B}"), "no bars where nobody watches: \(log)")
        _ = try kasane("plan", box.planFile.path, "--to", box.path("two"), "--threads", "2")
        let one = try Self.results(box.path("one"))
        let two = try Self.results(box.path("two"))
        #expect(one.count == 9, "plan, RBE-weighted dose, LETd and three volumes of two fields")
        #expect(one.keys == two.keys)
        for (name, data) in one { #expect(two[name] == data, "\(name) depends on the number of threads") }

        // A report is passed on: it names files, but not the folders of this machine.
        _ = try kasane("report", box.path("one"), "--to", box.path("report.html"))
        let page = try String(contentsOfFile: box.path("report.html"), encoding: .utf8)
        #expect(page.contains("plan file: plan.yaml") && page.contains("images: images"))
        #expect(!page.contains(box.folder.path) && !page.contains(KasaneProcess.checkout.path))
        #expect(page.contains("A box of water"), "the title of the plan file")

        // Out to DICOM and back: the fields' doses from the exported plan alone.
        // The second export replaces the files of the first.
        _ = try kasane("export", box.path("one"), "--to", box.path("dicom"), "--dose-bits", "16")
        let narrow = FileManager.default.contents(atPath: box.path("dicom/RD.rbe.dcm"))?.count ?? 0
        _ = try kasane("export", box.path("one"), "--to", box.path("dicom"), "--threads", "2")
        let files = try FileManager.default.contentsOfDirectory(atPath: box.path("dicom")).sorted()
        #expect(files == ["RD.physical.dcm", "RD.rbe.dcm", "RN.dcm", "RS.dcm"])
        let wide = FileManager.default.contents(atPath: box.path("dicom/RD.rbe.dcm"))?.count ?? 0
        #expect(wide > narrow && narrow > 0, "32 bits instead of 16")
        let plan = box.path("dicom/RN.dcm")
        _ = try kasane("dose", box.path("one"), "--plan", plan, "--to", box.path("again"), "--threads", "2")
        _ = try kasane("dose", box.path("one"), "--plan", plan, "--to", box.path("same"), "--threads", "1")
        let again = try Self.results(box.path("again"))
        for (name, data) in try Self.results(box.path("same")) {
            #expect(again[name] == data, "\(name) depends on the number of threads")
        }
        let original = try CaseFolder.read(path: box.path("one"))
        let returned = try CaseFolder.read(path: box.path("again"))
        #expect(original.plan.spotCount == returned.plan.spotCount && original.plan.spotCount > 100)
        #expect(Set(original.fieldDoses.keys) == Set(returned.fieldDoses.keys))
        for (number, dose) in original.fieldDoses {
            let other = try #require(returned.fieldDoses[number])
            for (a, b) in [(dose.dose, other.dose), (dose.doseZStar, other.doseZStar)] {
                try expectSame(a, b, "field \(number)")
            }
        }
        let total = try #require(original.volumes["dose-rbe"])
        try expectSame(total, #require(returned.volumes["dose-rbe"]), "RBE-weighted dose")
        #expect((total.values.max() ?? 0) > 55, "the box must have been treated")
    }

    @Test func monteCarloConfirmsThePlanForAnyNumberOfThreads() throws {
        let box = try WaterBoxCase()
        defer { #expect(throws: Never.self) { try box.remove() } }
        _ = try kasane("plan", box.planFile.path, "--to", box.path("plan"))
        for (folder, threads) in [("one", "1"), ("two", "2")] {
            _ = try kasane(
                "dose", box.path("plan"), "--engine", "monte-carlo", "--histories", "4000", "--threads",
                threads,
                "--to", box.path(folder))
        }
        let two = try Self.results(box.path("two"))
        for (name, data) in try Self.results(box.path("one")) {
            #expect(two[name] == data, "\(name) depends on the number of threads")
        }
        let pencil = try CaseFolder.read(path: box.path("plan"))
        let carlo = try CaseFolder.read(path: box.path("one"))
        for (number, dose) in pencil.fieldDoses {
            let other = try #require(carlo.fieldDoses[number])
            func sum(_ volume: Volume<Float>) -> Double { volume.values.reduce(0.0) { $0 + Double($1) } }
            expectClose(
                sum(other.dose), sum(dose.dose), relative: 0.1,
                because:
                    "voxels of 5 mm: means over voxels against the dose at their centres, where peaks are 2 mm wide"
            )
            expectClose(
                sum(other.doseZStar) / sum(other.dose), sum(dose.doseZStar) / sum(dose.dose), relative: 0.12,
                because: "the same biology from the same transport, sampled as the dose")
        }
        _ = try kasane("report", box.path("one"), "--to", box.path("report.html"))
        let page = try String(contentsOfFile: box.path("report.html"), encoding: .utf8)
        #expect(page.contains("Monte Carlo, ") && !page.contains("pencil beams of three components"))
    }

    /// Equal to 0.1 % of the greatest value in every voxel.
    private func expectSame(_ a: Volume<Float>, _ b: Volume<Float>, _ what: String) throws {
        #expect(a.geometry.dimensions == b.geometry.dimensions)
        let greatest = try #require(a.values.max())
        #expect(greatest > 0)
        let difference = zip(a.values, b.values).map { abs($0 - $1) }.max() ?? 0
        #expect(
            difference <= 0.001 * greatest,
            "\(what): differs by \(100 * difference / greatest) % of the greatest value")
    }

    @Test func aFailureAfterTheLongPartLeavesTheOlderCaseAsItWas() throws {
        let box = try WaterBoxCase()
        defer { #expect(throws: Never.self) { try box.remove() } }
        // A robust objective is refused by the optimiser, when the dose per spot is already there.
        let robust = try WaterBoxCase(
            extra: "  - {structure: Organ, mean-dose: 5, priority: 1, robust: true}\n")
        defer { #expect(throws: Never.self) { try robust.remove() } }
        _ = try kasane("plan", box.planFile.path, "--to", robust.path("older"))
        let before = try Self.tree(robust.folder)
        for output in ["older", "new"] {
            let failed = try KasaneProcess.run([
                "plan", robust.planFile.path, "--to", robust.path(output), "--data",
                KasaneProcess.checkout.appendingPathComponent("Data").path,
            ])
            #expect(failed.status == 65 && failed.errors.contains("robust"), "\(failed.errors)")
            #expect(failed.errors.contains("dose per spot"), "the failure has to come late")
            #expect(try Self.tree(robust.folder) == before)
        }
    }

    @Test(arguments: [SIGTERM, SIGINT, SIGKILL])
    func aKilledPlanLeavesNothing(signal: Int32) throws {
        let box = try WaterBoxCase()
        defer { #expect(throws: Never.self) { try box.remove() } }
        let before = try Self.tree(box.folder)
        let log = FileManager.default.temporaryDirectory
            .appendingPathComponent("kasane-log-\(UUID().uuidString)")
        try Data().write(to: log)
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: log) } }
        let process = Process()
        process.executableURL = KasaneProcess.products.appendingPathComponent("kasane")
        process.arguments = [
            "plan", box.planFile.path, "--to", box.path("out"), "--threads", "1", "--data",
            KasaneProcess.checkout.appendingPathComponent("Data").path,
        ]
        process.standardError = try FileHandle(forWritingTo: log)
        process.standardOutput = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        // In the middle of the work: spots are placed, dose per spot is being computed.
        while process.isRunning, try !String(contentsOf: log, encoding: .utf8).contains("placing spots") {
            usleep(2000)
        }
        try #require(process.isRunning, "it ended before it could be killed")
        kill(process.processIdentifier, signal)
        process.waitUntilExit()
        if signal == SIGKILL {
            #expect(process.terminationReason == .uncaughtSignal)
        } else {
            #expect(process.terminationStatus == 130)
        }
        #expect(try Self.tree(box.folder) == before)
    }

    /// Every file below a folder with its content.
    private static func tree(_ folder: URL) throws -> [String: Data] {
        var result: [String: Data] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
            let path = folder.appendingPathComponent(name).path
            result[name] = FileManager.default.contents(atPath: path) ?? Data()
        }
        return result
    }
}
