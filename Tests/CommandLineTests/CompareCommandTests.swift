import Foundation
import Testing

/// `kasane compare` as a user runs it, on a box of water.
@Suite struct CompareCommandTests {
    private func kasane(_ arguments: String...) throws -> KasaneProcess {
        try KasaneProcess.run(
            arguments + ["--data", KasaneProcess.checkout.appendingPathComponent("Data").path])
    }

    /// One field that scanning and passive ports can give.
    private static let plan =
        WaterBoxCase.plan.split(separator: "\n", omittingEmptySubsequences: false)
        .filter { !$0.contains("name: oblique") }.joined(separator: "\n")
        + "passive: {filling: ridge-filter, lateral-margin: 8, proximal-margin: 3, distal-margin: 4, smearing: 3}\n"

    @Test func scannedAndPassivePortsOnOnePage() throws {
        let box = try WaterBoxCase(plan: Self.plan)
        defer { #expect(throws: Never.self) { try box.remove() } }
        let made = try kasane(
            "compare", "--facilities", "yamagata,irock:passive,himac:passive", box.planFile.path, "--to",
            box.path("out"), "--set-up-error", "3,0,0", "--range-error", "2")
        try #require(made.status == 0, "\(made.errors)")
        #expect(made.output.contains("irock has no passive port"), "\(made.output)")
        let page = try String(contentsOfFile: box.path("out/comparison.html"), encoding: .utf8)
        for text in [
            "himac:passive", "yamagata", "irock:passive", "– wait, s",
            "left 3 mm; right 3 mm; stopping +2 %",
            "irock has no passive port",
        ] {
            let isThere = page.contains(text)
            #expect(isThere, "\(text)")
        }
        for name in [
            "comparison.csv", "robustness.csv", "yamagata.html", "himac-passive.html", "yamagata/plan.yaml",
            "pictures/robustness-target.svg",
        ] {
            #expect(FileManager.default.fileExists(atPath: box.path("out/\(name)")), "\(name)")
        }
        let table = try String(contentsOfFile: box.path("out/comparison.csv"), encoding: .utf8)
        #expect(table.contains("b-horizontal") && table.contains("cannot give this plan"))
    }

    @Test(arguments: [
        (["--set-up-error", "3,3"], "one number or three"), (["--set-up-error=-1"], "0 to 50 mm"),
        (["--range-error", "90"], "0 to 20 %"),
        (["--facilities", "yamagata"], "two or more different machines"),
        (["--facilities", "yamagata,himac:both"], "no kind of port"),
        (["--facilities", "yamagata,./yamagata.yaml"], "two or more different machines"),
        (["--facilities", "yamagata,nowhere"], "nowhere"),
    ])
    func badOptionsAreRefusedBeforeAnyPlan(options: [String], words: String) throws {
        let box = try WaterBoxCase(plan: Self.plan)
        defer { #expect(throws: Never.self) { try box.remove() } }
        let all = options.contains("--facilities") ? options : options + ["--facilities", "yamagata,himac"]
        let refused = try KasaneProcess.run(
            ["compare", box.planFile.path, "--to", box.path("out")] + all + [
                "--data", KasaneProcess.checkout.appendingPathComponent("Data").path,
            ])
        #expect(refused.status != 0)
        #expect(refused.errors.contains(words), "\(refused.errors)")
        #expect(!FileManager.default.fileExists(atPath: box.path("out")))
    }

    @Test func aFacilityIsOnePageWithItsRooms() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let rooms = try kasane("facility", "rooms", "himac", "--to", folder.path)
        #expect(rooms.status == 0, "\(rooms.errors)")
        #expect(rooms.output.contains("Gantry, diameter: 11 m"))
        let svg = try String(contentsOf: folder.appendingPathComponent("rooms.svg"), encoding: .utf8)
        #expect(svg.contains("room G") && svg.contains("129.6 m around"))
        let page = folder.appendingPathComponent("page.html")
        let made = try kasane("facility", "report", "yamagata", "--to", page.path)
        try #require(made.status == 0, "\(made.errors)")
        let html = try String(contentsOf: page, encoding: .utf8)
        for text in [
            "From the ion source to the flat top", "Steinbach", "arrives at the septum",
            "Spectrum of the rate",
            "Cycle of a reference field", "A treatment day", "synchrotron.circumference", "room 2",
        ] {
            let isThere = html.contains(text)
            #expect(isThere, "\(text)")
        }
    }
}
