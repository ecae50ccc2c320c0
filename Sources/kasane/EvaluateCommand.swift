import ArgumentParser
import CaseFiles
import Foundation
import PlanEvaluation
import PlanModel
import Reporting
import TreatmentPlanning

/// `kasane evaluate`: dose-volume figures, goals and plan checks of a case.
struct EvaluateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Dose-volume figures, clinical goals and plan checks of a case folder.",
        discussion: """
            EXAMPLES
              kasane evaluate build/head
              kasane evaluate build/head --dvh build/head-dvh.csv
              kasane evaluate build/head --require-goals && echo all goals met

            Doses are RBE-weighted totals over all fractions, Gy (RBE). Leaves with 3 if --require-goals is given and
            a goal is missed or a check fails.
            """)

    @Argument(help: "Case folder made by kasane plan.")
    var caseFolder: String

    @Option(help: "Write the cumulative dose-volume curves of all structures to this CSV file.")
    var dvh: String?

    @Flag(help: "Leave with exit code 3 if a goal is missed or a plan check fails.")
    var requireGoals = false

    @OptionGroup var compute: ComputeOptions

    func run() async throws {
        let command = self
        try await reportingErrors { try command.perform() }
    }

    private func perform() throws {
        let opened = try OpenedCase(folder: caseFolder, data: compute.data, threads: compute.threads)
        let evaluation = opened.evaluation
        print(EvaluationText.dvhTable(evaluation).text)
        print("")
        print(EvaluationText.goals(evaluation))
        let checks = opened.planCase.findings + opened.planChecks
        FindingList.print(checks)
        if let dvh { try writeCurves(evaluation, to: dvh) }
        let failed = evaluation.goals.contains { !$0.isMet } || checks.contains { $0.severity == .failure }
        if requireGoals && failed { throw Outcome.goalsFailed }
    }

    private func writeCurves(_ evaluation: TreatmentEvaluation, to path: String) throws {
        var lines = ["structure,dose_GyRBE,volume_fraction"]
        for structure in evaluation.structures {
            for point in structure.curve {
                lines.append("\(csv(structure.structureName)),\(point.x),\(point.y)")
            }
        }
        try Data((lines.joined(separator: "\n") + "\n").utf8)
            .write(to: URL(fileURLWithPath: path), options: .atomic)
    }

    /// A field of a CSV file, quoted if it must be (RFC 4180).
    private func csv(_ text: String) -> String {
        text.contains { ",\"\n".contains($0) } ? "\"\(text.replacing("\"", with: "\"\""))\"" : text
    }
}
