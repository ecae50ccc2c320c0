import Frames
import PlanEvaluation
import PlanModel
import TreatmentPlanning

/// The result of a dose check as text for a terminal.
struct CheckText {
    let setup: DoseCheckSetup
    let result: DoseCheckResult

    var text: String {
        var parts = result.subjects.map(subject)
        if !result.ranges.isEmpty { parts.append(ranges.text + remark) }
        parts.append(criteria)
        parts.append(result.isPassed ? "PASSED" : "NOT PASSED")
        return parts.joined(separator: "\n\n")
    }

    private func subject(_ subject: DoseCheckResult.Subject) -> String {
        let agreement = subject.comparison.agreement
        let unit = subject.dose.quantity == .physical ? "Gy" : "Gy (RBE)"
        var table = TextTable(
            header: ["structure", "γ ≤ 1 %", "points"]
                + StructureComparison.Figure.allCases.flatMap { [$0.rawValue, "Δ"] })
        for row in subject.comparison.structures {
            table.rows.append(
                [
                    row.name, row.gamma.map { number(100 * $0.passRate, 1) } ?? "-",
                    "\(row.gamma?.points ?? 0)",
                ]
                    + StructureComparison.Figure.allCases.flatMap { figure in
                        let values = row.values(figure)
                        return [
                            number(values.reference, 2), signed(values.evaluated - values.reference, 2),
                        ]
                    })
        }
        let most = agreement.largestMean
        let place = [most.place.x, most.place.y, most.place.z].map { number($0, 1) }
        return "\(subject.title), \(unit)\n" + table.text
            + "\nrecomputed over plan in the high dose: \(number(100 * agreement.meanRatio, 1)) %; largest difference (mean of 27 "
            + "voxels) \(signed(most.difference, 2)) \(unit) at (\(place.joined(separator: ", "))) mm"
    }

    private var ranges: TextTable {
        var table = TextTable(
            header: ["field", "dose", "edge", "rays", "median mm", "5 %", "95 %", "largest"],
            leftColumns: [0, 1])
        for range in result.ranges {
            // At 50 %, the edge of a dose of several fields is the plateau of others.
            for level in range.isOfField ? RangeComparison.Level.allCases : [.eighty] {
                let name = "\(range.field.number) \(range.field.name)"
                let percent = "\(Int(100 * level.rawValue)) %"
                guard let figures = range.comparison.statistics(level) else {
                    table.rows.append([name, range.doseName, percent, "0", "-", "-", "-", "-"])
                    continue
                }
                table.rows.append([
                    name, range.doseName, percent, "\(figures.count)", signed(figures.median, 1),
                    signed(figures.percentile5, 1), signed(figures.percentile95, 1),
                    signed(figures.largest, 1),
                ])
            }
        }
        return table
    }

    private var remark: String {
        result.ranges.allSatisfy(\.isOfField)
            ? ""
            : "\nno dose of single fields: these are edges of the plan's dose, not ranges of the fields"
    }

    private var criteria: String {
        result.criteria.map { criterion in
            let (value, limit) =
                switch criterion.kind {
                case .gamma:
                    (
                        "\(number(100 * criterion.value, 1)) %",
                        "at least \(number(100 * criterion.limit, 1)) %"
                    )
                case .meanDose:
                    ("\(signed(100 * criterion.value, 1)) %", "within ±\(number(100 * criterion.limit, 1)) %")
                case .noise:
                    ("\(number(100 * criterion.value, 1)) %", "at most \(number(100 * criterion.limit, 1)) %")
                case .range:
                    ("\(signed(criterion.value, 1)) mm", "within ±\(number(criterion.limit, 1)) mm")
                }
            let name = criterion.kind == .gamma ? "\(criterion.name), γ ≤ 1" : criterion.name
            return "\(criterion.isMet ? "pass" : "FAIL")  \(name): \(value) (\(limit))"
        }.joined(separator: "\n")
    }

    private func number(_ value: Double, _ decimals: Int) -> String {
        EvaluationText.number(value, decimals)
    }

    private func signed(_ value: Double, _ decimals: Int) -> String {
        let text = number(value, decimals)
        let isZero = text.allSatisfy { "-0.".contains($0) }
        return isZero ? number(0, decimals) : value > 0 ? "+" + text : text
    }
}
