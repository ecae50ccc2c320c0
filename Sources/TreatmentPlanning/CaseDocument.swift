import PlanModel
import Reporting

/// The file `case.json`: what the other files are and how the plan came about.
struct CaseDocument: Codable {
    struct Input: Codable {
        var name: String
        var version: String
        var sha256: String
    }
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
    var format: String
    var version: Int
    var notice: String
    var program: String
    var requestFile: String
    var dicomFolder: String
    var seed: UInt64
    var inputs: [Input]
    var facts: [Fact]
    var findings: [Note]
    var timings: [PlanCase.Timing]
    /// File name to SHA-256.
    var files: [String: String]

    init(_ planCase: PlanCase, files: [String: String]) {
        format = CaseFolder.format
        version = CaseFolder.version
        notice = TreatmentReport.notice
        program = planCase.program
        requestFile = planCase.requestFile
        dicomFolder = planCase.dicomFolder
        seed = planCase.seed
        inputs = planCase.inputs.map { Input(name: $0.name, version: $0.version, sha256: $0.hash) }
        facts = planCase.facts.map { Fact(name: $0.name, value: $0.value, source: $0.source) }
        findings = planCase.findings.map {
            Note(severity: $0.severity.rawValue, code: $0.code, message: $0.message, path: $0.path)
        }
        timings = planCase.timings
        self.files = files
    }

    func planCase(requestText: String, plan: Plan, doses: [Int: DoseDistribution]) -> PlanCase {
        PlanCase(
            requestText: requestText, requestFile: requestFile, dicomFolder: dicomFolder, seed: seed, plan: plan,
            fieldDoses: doses,
            findings: findings.map {
                Finding(
                    severity: Finding.Severity(rawValue: $0.severity) ?? .warning, code: $0.code,
                    message: $0.message, path: $0.path)
            }, inputs: inputs.map { .init(name: $0.name, version: $0.version, hash: $0.sha256) },
            facts: facts.map { ReportFact($0.name, $0.value, source: $0.source) }, timings: timings,
            program: program)
    }
}
