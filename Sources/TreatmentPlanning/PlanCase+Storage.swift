import CaseFiles
import Foundation
import PlanEvaluation
import PlanModel
import Reporting
import Volumes

/// The attachment `run.json` of a case folder: how the run went.
private struct RunRecord: Codable {
    struct Note: Codable {
        var severity: String
        var code: String
        var message: String
        var path: String
    }
    struct Fact: Codable {
        var name: String
        var value: String
        var source: String
    }
    var notice: String
    var facts: [Fact]
    var findings: [Note]
    var timings: [PlanCase.Timing]
}

extension PlanCase {
    static let planFileRole = "plan file"
    static let imagesRole = "images"
    private static let runName = "run.json"
    private static let standardErrorName = "dose-standard-error"

    /// Writes the case folder; with it, for people and other programs, the total RBE-weighted dose, LETd and the standard error of
    /// the dose of a fraction.
    ///
    /// `created`: Time of writing, ISO 8601.
    public func write(to path: String, evaluation: TreatmentEvaluation, created: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let run = RunRecord(
            notice: TreatmentReport.notice,
            facts: facts.map { RunRecord.Fact(name: $0.name, value: $0.value, source: $0.source) },
            findings: findings.map {
                RunRecord.Note(
                    severity: $0.severity.rawValue, code: $0.code, message: $0.message, path: $0.path)
            }, timings: timings)
        var volumes = ["dose-rbe": evaluation.dose.rbeWeighted, "letd": evaluation.dose.averagedLET()]
        volumes[Self.standardErrorName] = standardError
        let stored = StoredCase(
            plan: plan, planFileText: requestText, fieldDoses: fieldDoses,
            volumes: volumes,
            attachments: [Self.runName: try encoder.encode(run)],
            provenance: Provenance(programVersion: program, created: created, seed: seed, sources: sources))
        try CaseFolder.write(stored, to: path)
    }

    /// Reads a case folder.
    ///
    /// - Throws: `InvalidFile`.
    public init(folder: String) throws {
        let stored = try CaseFolder.read(path: folder)
        let sources = stored.provenance.sources
        guard let planFile = sources.first(where: { $0.role == Self.planFileRole }),
            let images = sources.first(where: { $0.role == Self.imagesRole })
        else {
            throw InvalidFile(
                file: folder + "/provenance.json", path: "sources",
                "plan file or images are not named; plan again")
        }
        guard let data = stored.attachments[Self.runName] else {
            throw InvalidFile(file: folder + "/" + Self.runName, "the file is missing; plan again")
        }
        let run: RunRecord
        do {
            run = try JSONDecoder().decode(RunRecord.self, from: data)
        } catch {
            throw InvalidFile(
                file: folder + "/" + Self.runName, "the file cannot be read (\(error)); plan again")
        }
        self.init(
            requestText: stored.planFileText, requestFile: planFile.path, dicomFolder: images.path,
            seed: stored.provenance.seed, plan: stored.plan, fieldDoses: stored.fieldDoses,
            standardError: stored.volumes[Self.standardErrorName],
            findings: run.findings.map {
                Finding(
                    severity: Finding.Severity(rawValue: $0.severity) ?? .failure, code: $0.code,
                    message: $0.message, path: $0.path)
            }, sources: sources, facts: run.facts.map { ReportFact($0.name, $0.value, source: $0.source) },
            timings: run.timings, program: stored.provenance.programVersion)
    }
}
