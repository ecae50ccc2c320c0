import ArgumentParser
import CaseFiles
import PlanEvaluation
import PlanModel
import Reporting
import TreatmentDelivery
import TreatmentPlanning

/// `kasane deliver total`: the dose of several fractions.
struct DeliverTotalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "total",
        abstract: "Add up the delivered dose of fractions.",
        discussion: """
            Absorbed dose, dose × z* and dose × LET are added in the planning CT; the RBE-weighted dose follows from the mean fraction. The table
            has the dose so far beside that of as many planned fractions; goals are those of a whole course that goes on like this. With --to
            the mean fraction is written as a case that kasane evaluate, report and export read.

            EXAMPLES
              kasane deliver total build/head build/fraction-1 build/fraction-2
              kasane deliver total build/head build/fraction-* --to build/head-delivered
            """)

    @Argument(help: "Case folder made by kasane plan.")
    var caseFolder: String

    @Argument(help: "Folders of fractions, made by kasane deliver.")
    var fractions: [String]

    @Option(name: .customLong("to"), help: "Folder for the mean fraction as a case.")
    var output: String?

    @OptionGroup var compute: ComputeOptions

    func run() async throws {
        let command = self
        try await reportingErrors { try command.perform() }
    }

    private func perform() throws {
        let opened = try OpenedCase(folder: caseFolder, data: compute.data, threads: compute.threads)
        let course = try DeliveredCourse(opened: opened, caseFolder: caseFolder, folders: fractions)
        print(Self.table(course).text(.table))
        let missed = course.projected.goals.filter { !$0.isMet }
        for goal in course.projected.goals {
            print("\(goal.isMet ? "met" : "missed"): \(goal.finding.message)")
        }
        if let output {
            try course.write(to: output, created: Timestamp.now)
            print(output)
        }
        if !missed.isEmpty { throw Outcome.goalsFailed }
    }

    private static func table(_ course: DeliveredCourse) -> NumberTable {
        var table = NumberTable(
            "fractions \(course.fractions.map { "\($0)" }.joined(separator: ", "))",
            [
                "structure": "", "d95": "Gy (RBE)", "plannedD95": "Gy (RBE)", "d2": "Gy (RBE)",
                "plannedD2": "Gy (RBE)", "mean": "Gy (RBE)", "plannedMean": "Gy (RBE)",
            ])
        table.rows = course.delivered.structures.compactMap { delivered in
            course.planned.structures.first { $0.structureName == delivered.structureName }.map { planned in
                [
                    .text(delivered.structureName), .number(delivered.d95, digits: 4),
                    .number(planned.d95, digits: 4),
                    .number(delivered.d2, digits: 4), .number(planned.d2, digits: 4),
                    .number(delivered.meanDose, digits: 4), .number(planned.meanDose, digits: 4),
                ]
            }
        }
        return table
    }
}
