import Foundation
import Testing

@Suite struct FacilityCommandTests {
    @Test func listNamesTheMachines() throws {
        let result = try KasaneProcess.run(["facility", "list"])
        #expect(result.status == 0)
        for name in ["himac", "irock", "nmrrc-planned", "yamagata", "yonsei"] {
            #expect(result.output.contains("\n\(name) "), "\(name)")
        }
        #expect(result.output.contains("nmrrc-planned: Planned system, not contracted"))
    }

    @Test func theWholeOfAMachineIsShown() throws {
        let result = try KasaneProcess.run(["facility", "show", "himac"])
        #expect(result.status == 0)
        for words in [
            "full-201 (default)", "flat-tops-11", "linac       Alvarez linac of 24 m", "e-vertical",
            "8.9 ± 8.2", "prostate", "magnetic rigidity", "fills for 1 Gy in a litre",
            "injector.ion-source.current",
            "[1] Hirao et al. 1992",
        ] {
            #expect(result.output.contains(words), "\(words)")
        }
        #expect(result.output.split(separator: "\n").allSatisfy { $0.last != " " })
    }

    @Test func thePlannedSystemIsLabelledInEverySection() throws {
        for options in [[], ["--rooms"], ["--derived"]] {
            let result = try KasaneProcess.run(["facility", "show", "nmrrc-planned"] + options)
            #expect(result.output.contains("not contracted"))
            #expect(result.output.contains("made from yamagata, whose figures all count as assumed here"))
        }
    }

    @Test func sectionsChooseFigures() throws {
        let result = try KasaneProcess.run([
            "facility", "show", "irock", "--rooms", "--injector", "--format", "csv",
        ])
        let paths = result.output.split(separator: "\n").dropFirst().map { $0.prefix { $0 != "," } }
        #expect(paths.count == 4 * 5 + 16)
        #expect(paths.allSatisfy { $0.hasPrefix("rooms[") || $0.hasPrefix("injector.") })
    }

    @Test func derivedFiguresOfTheSmallRing() throws {
        let result = try KasaneProcess.run([
            "facility", "show", "yamagata", "--derived", "--format", "json",
        ])
        let rows = try JSONDecoder().decode([[String: String]].self, from: Data(result.output.utf8))
        func value(_ name: String, _ remark: String) -> Double? {
            rows.first { $0["derived"] == name && $0["remark"]?.hasPrefix(remark) == true }
                .flatMap { Double($0["value"] ?? "") }
        }
        #expect(value("magnetic rigidity", "at 430 MeV/u") == 6.6236)
        #expect(value("revolution frequency", "at 430 MeV/u") == 3.4708)
        #expect(value("RF frequency", "at 4.03 MeV/u") == 0.8826)
        #expect(value("ions for 1 Gy in a litre", "absorbed dose") == 4.78e9)
    }

    @Test func anotherModeIsListedAndAnUnknownOneRefused() throws {
        let eleven = try KasaneProcess.run([
            "facility", "show", "himac", "--energies", "--mode", "flat-tops-11", "--format", "csv",
        ])
        #expect(eleven.output.split(separator: "\n").count == 12)
        let unknown = try KasaneProcess.run([
            "facility", "show", "himac", "--energies", "--mode", "twelve",
        ])
        #expect(unknown.status == 65)
        #expect(unknown.errors.contains("‘twelve’ (known: full-201, flat-tops-11, passive-3)"))
    }

    @Test func overridesOfAnOwnFileAreShown() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.path + "/mine.yaml"
        try """
        format: kasane-machine
        version: 2
        base: yamagata
        name: mine
        facility: Mine
        summary: As Yamagata with another ring.
        sources: {own: Commissioning}
        synchrotron:
          circumference: {value: 63.5, unit: m, source: own, confidence: high}
        """.write(toFile: file, atomically: true, encoding: .utf8)
        let result = try KasaneProcess.run(["facility", "show", file, "--overrides"])
        #expect(result.status == 0)
        let line = result.output.split(separator: "\n").first { $0.hasPrefix("synchrotron") }
        #expect(line?.contains("63.5   m     high        instead of 63 m") == true, "\(result.output)")
    }

    @Test func showTellsWhatIsAssumed() throws {
        let result = try KasaneProcess.run([
            "facility", "show", "yamagata", "--assumptions", "--format", "csv",
        ])
        #expect(result.status == 0)
        let lines = result.output.split(separator: "\n")
        #expect(lines.first == "figure,value,unit,confidence,source,note,overrides")
        #expect(lines.count > 10)
        #expect(lines.dropFirst().allSatisfy { $0.contains(",assumed,") })
    }

    @Test func jsonHoldsEveryEnergy() throws {
        let result = try KasaneProcess.run([
            "facility", "show", "himac", "--energies", "--format", "json",
        ])
        let rows = try JSONDecoder().decode([[String: String]].self, from: Data(result.output.utf8))
        #expect(rows.count == 201)
        #expect(rows.first?["MeV/u"] == "430.000")
    }

    @Test func unknownMachineIsBadInputWithTheKnownOnes() throws {
        let result = try KasaneProcess.run(["facility", "show", "yamagta"])
        #expect(result.status == 65)
        #expect(
            result.errors.contains(
                "‘yamagta’ (known: himac, irock, nmrrc-planned, yamagata, yonsei)"
            ))
        #expect(result.output.isEmpty)
    }
}
