import Foundation
import Testing

/// When a Monte Carlo dose ends, and what it tells about it.
@Suite struct MonteCarloStopTests {
    @Test func aRunThatStopsOnItsUncertaintyIsTheRunOfThatManyIons() throws {
        let box = try WaterBoxCase()
        defer { #expect(throws: Never.self) { try box.remove() } }
        func kasane(_ arguments: String...) throws -> KasaneProcess {
            try KasaneProcess.run(
                arguments + ["--data", KasaneProcess.checkout.appendingPathComponent("Data").path])
        }
        func dose(_ output: String, _ options: String..., status: Int32 = 0) throws -> String {
            let result = try KasaneProcess.run(
                ["dose", box.path("plan"), "--to", box.path(output), "--engine", "monte-carlo"] + options + [
                    "--data", KasaneProcess.checkout.appendingPathComponent("Data").path,
                ])
            #expect(result.status == status, "\(result.errors)")
            return result.errors
        }
        #expect(try kasane("plan", box.planFile.path, "--to", box.path("plan")).status == 0)

        // The fact that reports show: ions, uncertainty, reason.
        func fact(_ folder: String) throws -> String {
            let run = try String(contentsOfFile: box.path(folder + "/run.json"), encoding: .utf8)
            return try #require(
                run.split(separator: "\n").first { $0.contains("Monte Carlo, ") }.map(String.init))
        }
        func ions(_ folder: String) throws -> Int {
            let words = try fact(folder)
            let number = try #require(words.firstMatch(of: /Monte Carlo, ([\d\u{202F}]+) ions/))
            return try #require(Int(number.1.filter(\.isNumber)))
        }
        _ = try dose("stopped", "--uncertainty", "9%", "--uncertainty-in", "CTV", "--threads", "2")
        #expect(try fact("stopped").contains("in CTV") && fact("stopped").contains("ended by uncertainty"))
        let number = try ions("stopped")
        #expect(number >= 20_000 && number % 1000 == 0)
        _ = try dose("asked", "--histories", "\(number)", "--threads", "1")
        #expect(try ions("asked") == number)
        for name in try FileManager.default.contentsOfDirectory(atPath: box.path("asked"))
        where name.hasSuffix(".mha") {
            #expect(
                FileManager.default.contents(atPath: box.path("asked/\(name)"))
                    == FileManager.default.contents(atPath: box.path("stopped/\(name)")), "\(name)")
        }
        // The first that is reached ends.
        _ = try dose("first", "--uncertainty", "0.01%", "--histories", "24500", "--time", "10m")
        #expect(try ions("first") == 24_500 && fact("first").contains("ended by number of ions"))
        let start = ContinuousClock.now
        _ = try dose("timed", "--uncertainty", "0.01%", "--time", "2s")
        #expect(try fact("timed").contains("ended by time"))
        #expect(ContinuousClock.now - start < .seconds(40), "reading, two seconds and the rest of a round")

        #expect(
            try dose("none", "--uncertainty", "5%", "--uncertainty-in", "Heart", status: 65).contains("CTV"))
        #expect(try dose("none", "--histories", "3999", status: 65).contains("ask for 4000 or more"))
        #expect(!FileManager.default.fileExists(atPath: box.path("none")))

        // A pencil-beam dose has no standard error left over from an earlier one.
        #expect(FileManager.default.fileExists(atPath: box.path("timed/dose-standard-error.mha")))
        #expect(try kasane("dose", box.path("timed"), "--to", box.path("pencil")).status == 0)
        #expect(!FileManager.default.fileExists(atPath: box.path("pencil/dose-standard-error.mha")))
    }
}
