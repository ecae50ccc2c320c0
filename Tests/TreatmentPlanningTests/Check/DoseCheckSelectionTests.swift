import CaseFiles
import DICOMFile
import DICOMRadiotherapy
import Foundation
import PlanModel
import Testing
import TreatmentPlanning

@Suite struct DoseCheckSelectionTests {
    private func samples() throws -> (CheckSamples, WrittenObject) {
        let samples = try CheckSamples()
        let (ct, plan) = try samples.writePlan()
        try samples.writeDose("RD.dcm", of: plan, ct: ct)
        return (samples, plan)
    }

    private func failure(_ work: () throws -> Void) -> DoseCheckSelectionError? {
        do {
            try work()
            return nil
        } catch { return error as? DoseCheckSelectionError }
    }

    @Test func onePatientNeedsNoChoice() throws {
        let (samples, plan) = try samples()
        let found = try DoseCheckSelection(.init(paths: [samples.folder]))
        #expect(found.plan.sopInstanceUID == plan.sopInstanceUID && found.ct.objects.count == 6)
        #expect(found.structureSet.file == samples.file("RS.dcm"))
        #expect(found.doses.map(\.file) == [samples.file("RD.dcm")] && found.findings.isEmpty)
    }

    /// Single files, in several folders, and a copy of one of them.
    @Test func singleFilesAndCopiesWork() throws {
        let (samples, plan) = try samples()
        let other = try CheckSamples()
        for name in ["RN.dcm", "RD.dcm"] {
            try FileManager.default.moveItem(atPath: samples.file(name), toPath: other.file(name))
        }
        try FileManager.default.copyItem(atPath: samples.file("RS.dcm"), toPath: other.file("copy.dcm"))
        let found = try DoseCheckSelection(
            .init(
                paths: [samples.folder], structureSet: nil, plan: other.file("RN.dcm"),
                doses: [other.file("RD.dcm")]))
        #expect(found.plan.sopInstanceUID == plan.sopInstanceUID && found.doses.count == 1)
        let both = try DoseCheckSelection(.init(paths: [samples.folder, other.folder]))
        #expect(both.findings.map(\.code) == ["CHECK-0015"], "the copy of the structure set")
        #expect(both.doses.map(\.file) == [other.file("RD.dcm")])
    }

    @Test func referencesDecideAmongSeveral() throws {
        let (samples, plan) = try samples()
        // Another patient's objects in the same place.
        let stranger = try CheckSamples()
        let (ct, second) = try stranger.writePlan()
        try stranger.writeDose("RD.dcm", of: second, ct: ct)
        let paths = [samples.folder, stranger.folder]
        let several = failure { _ = try DoseCheckSelection(.init(paths: paths)) }
        guard case .several(.plan, let choices)? = several else {
            Issue.record("\(String(describing: several))")
            return
        }
        let text = "\(try #require(several))"
        #expect(choices.count == 2 && text.contains("--plan"))
        let found = try DoseCheckSelection(.init(paths: paths, plan: plan.sopInstanceUID))
        #expect(found.structureSet.file == samples.file("RS.dcm"))
        #expect(found.ct.objects.allSatisfy { $0.file.hasPrefix(samples.folder) })
        #expect(found.doses.map(\.file) == [samples.file("RD.dcm")])
        #expect(found.findings.map(\.code) == ["CHECK-0015"], "the other plan's dose")
        let byFolder = try DoseCheckSelection(
            .init(paths: paths, ct: stranger.folder, plan: plan.sopInstanceUID))
        #expect(byFolder.ct.objects.allSatisfy { $0.file.hasPrefix(stranger.folder) }, "as asked for")
    }

    @Test func whatIsMissingIsNamed() throws {
        let (samples, _) = try samples()
        for (name, kind) in [
            ("RD.dcm", DoseCheckSelectionError.Kind.dose), ("RN.dcm", .plan), ("RS.dcm", .structureSet),
        ] {
            let copy = try CheckSamples()
            for file in try FileManager.default.contentsOfDirectory(atPath: samples.folder) where file != name
            {
                try FileManager.default.copyItem(atPath: samples.file(file), toPath: copy.file(file))
            }
            let error = failure { _ = try DoseCheckSelection(.init(paths: [copy.folder])) }
            guard case .none(let found, _, _)? = error else {
                Issue.record("\(name): \(String(describing: error))")
                continue
            }
            #expect(found == kind, "\(name)")
        }
        let wrong = failure {
            _ = try DoseCheckSelection(
                .init(paths: [samples.folder], doses: [samples.file("RN.dcm")]))
        }
        #expect("\(try #require(wrong))".contains("RN.dcm: there is no such RT Dose"))
    }

    /// The recomputed dose of an earlier check must not become the dose under check.
    @Test func resultsOfAnEarlierCheckAreLeftOut() throws {
        let (samples, plan) = try samples()
        let results = samples.file("results")
        try FileManager.default.createDirectory(atPath: results, withIntermediateDirectories: true)
        try Data("format: \"kasane-check\"\n".utf8).write(
            to: URL(fileURLWithPath: results + "/check.yaml"))
        try samples.writeDose("results/RD.recomputed-physical.dcm", of: plan, ct: CheckSamples.ct())
        let found = try DoseCheckSelection(.init(paths: [samples.folder]))
        #expect(found.doses.map(\.file) == [samples.file("RD.dcm")])
        #expect(found.findings.contains { $0.code == "CHECK-0015" && $0.message.contains("earlier check") })
        #expect(DoseCheckFolder.results.isAt(results) && !DoseCheckFolder.results.isAt(samples.folder))
    }
}
