import Foundation
import PlanEvaluation
import PlanModel
import Reporting
import TreatmentPlanning

/// Dose-volume figures and goals as text.
enum EvaluationText {
    /// One row for each structure; doses in Gy (RBE), totals.
    static func dvhTable(_ evaluation: TreatmentEvaluation) -> TextTable {
        var table = TextTable(
            header: [
                "structure", "cm³", "D98", "D95", "D50", "D2", "Dmean", "Dmax", "V95 %", "LETd keV/µm", "HI",
                "CI",
            ])
        for s in evaluation.structures {
            table.rows.append(
                [s.structureName, number(s.volumeCM3, 2)]
                    + [s.d98, s.d95, s.d50, s.d2, s.meanDose, s.maximumDose].map { number($0, 2) }
                    + [number(100 * s.v95, 1), s.meanLETd.map { number($0, 1) } ?? "-"]
                    + [s.homogeneityIndex, s.conformityIndex].map { $0.map { number($0, 3) } ?? "-" })
        }
        return table
    }

    /// One line for each goal.
    static func goals(_ evaluation: TreatmentEvaluation) -> String {
        evaluation.goals.map { "\($0.isMet ? "pass" : "FAIL")  \($0.finding.message)" }
            .joined(separator: "\n")
    }

    static func number(_ value: Double, _ decimals: Int) -> String {
        String(format: "%.\(decimals)f", value)
    }
}
