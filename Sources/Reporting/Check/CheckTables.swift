import Frames
import PatientModel
import PlanEvaluation
import PlanModel

/// The tables of one compared dose.
struct CheckTables {
    let report: CheckReport
    let subject: CheckReport.Subject
    /// Least share of points with γ ≤ 1, as a share; what a row is marked by.
    let passRate: Double

    private func structureCell(_ name: String) -> HTMLTable.Cell {
        .structure(name, report.structures.structure(named: name).map { Colour($0.colour) })
    }

    /// γ in the patient and in every structure.
    var gamma: HTMLTable {
        func row(_ name: HTMLTable.Cell, _ summary: GammaResult.Summary?, decides: Bool) -> [HTMLTable.Cell] {
            guard let summary else {
                return [
                    name, .init("0"), "", "", "", .init("no point above the threshold", cssClass: "quiet"),
                ]
            }
            let isMet = summary.passRate >= passRate
            let result: HTMLTable.Cell =
                isMet
                ? .init("✓", cssClass: "met")
                : .init(decides ? "✗" : "below", cssClass: decides ? "missed" : "warning")
            return [
                name, .init(NumberText.grouped(summary.points)), .init(NumberText.percent(summary.passRate)),
                .init(NumberText.fixed(summary.mean, 2)), .init(NumberText.fixed(summary.maximum, 2)), result,
            ]
        }
        let patient = row(.init("Patient", cssClass: "name"), subject.patient, decides: true)
        return HTMLTable(
            caption: "Gamma \(subject.comparison.criteria.text)",
            columns: [
                .init(title: "Structure"), .init(title: "Points", alignment: .number),
                .init(title: "γ ≤ 1", alignment: .number), .init(title: "Mean γ", alignment: .number),
                .init(title: "Greatest γ", alignment: .number),
                .init(title: "At least \(NumberText.percent(passRate, 0))"),
            ],
            rows: [patient]
                + subject.comparison.structures.filter { !isPatient($0.name) }.map {
                    row(structureCell($0.name), $0.gamma, decides: $0.name == report.targetName)
                }, cssClass: "dense")
    }

    private func isPatient(_ name: String) -> Bool {
        report.structures.structure(named: name)?.isExternal ?? false
    }

    /// Dose-volume figures of the plan's dose, with the difference of the recomputed one beside each.
    var doseVolume: HTMLTable {
        let limit = subject.comparison.criteria.doseDifference * subject.comparison.agreement.referenceMaximum
        let figures = StructureComparison.Figure.allCases
        return HTMLTable(
            caption: "Dose-volume figures of the plan's dose, and recomputed − plan",
            columns: [.init(title: "Structure"), .init(title: "Volume", unit: "cm³", alignment: .number)]
                + figures.flatMap {
                    [
                        HTMLTable.Column(title: $0.rawValue, unit: subject.unit, alignment: .number),
                        .init(title: "Δ", alignment: .number),
                    ]
                },
            rows: subject.comparison.structures.map { row in
                [
                    structureCell(row.name), .init(NumberText.significant(row.reference.volumeCM3, 3)),
                ]
                    + figures.flatMap { figure -> [HTMLTable.Cell] in
                        let values = row.values(figure)
                        let difference = values.evaluated - values.reference
                        return [
                            .init(NumberText.fixed(values.reference, 2)),
                            .init(
                                NumberText.signed(difference, 2),
                                cssClass: abs(difference) > limit ? "warning" : "quiet"),
                        ]
                    }
            }, cssClass: "dense")
    }

    /// Agreement where the dose is high, and where it is worst.
    var facts: [ReportFact] {
        let agreement = subject.comparison.agreement
        let share = NumberText.percent(DoseAgreement.highDoseShare, 0)
        return [
            ReportFact(
                "Recomputed over plan, from \(share) of the greatest dose",
                "\(NumberText.percent(agreement.meanRatio)) in the mean of \(NumberText.grouped(agreement.highDoseVoxels)) voxels; "
                    + "single voxels spread by \(NumberText.percent(agreement.ratioSpread)) (standard deviation)"
            ),
            ReportFact("Largest difference, mean of 3 × 3 × 3 voxels", text(agreement.largestMean)),
            ReportFact("Largest difference, single voxel", text(agreement.largest)),
        ]
    }

    private func text(_ extreme: DoseAgreement.Extreme) -> String {
        let place = extreme.place
        func mm(_ v: Double) -> String { NumberText.fixed(v, 1) }
        let share = extreme.difference / subject.comparison.agreement.referenceMaximum
        let names = report.structures.structures.filter {
            !$0.isExternal && StructureOutline($0).contains(place)
        }.map(\.name)
        return
            "\(NumberText.signed(extreme.difference, 2)) \(subject.unit) (\(NumberText.signed(100 * share, 1)) % of the greatest dose) at "
            + "(\(mm(place.x)), \(mm(place.y)), \(mm(place.z))) mm: plan \(NumberText.fixed(extreme.reference, 2)), recomputed "
            + "\(NumberText.fixed(extreme.evaluated, 2)) \(subject.unit)"
            + (names.isEmpty ? "" : ", in \(names.joined(separator: ", "))")
    }
}

/// Doses of single fields, one in a row.
struct FieldDoseTable {
    let subjects: [CheckReport.Subject]
    let targetName: String

    var table: HTMLTable {
        HTMLTable(
            caption: "Doses of single fields",
            columns: [
                .init(title: "Dose"), .init(title: "γ ≤ 1, patient", alignment: .number),
                .init(title: "γ ≤ 1, \(targetName)", alignment: .number),
                .init(title: "Recomputed over plan", unit: "mean, high dose", alignment: .number),
                .init(title: "Largest difference", unit: "mean of 27 voxels", alignment: .number),
            ],
            rows: subjects.map { subject in
                [
                    .init(subject.title), .init(NumberText.percent(subject.patient.passRate)),
                    .init(subject.target.map { NumberText.percent($0.passRate) } ?? NumberText.missing),
                    .init(NumberText.percent(subject.comparison.agreement.meanRatio)),
                    .init(
                        "\(NumberText.signed(subject.comparison.agreement.largestMean.difference, 2)) \(subject.unit)"
                    ),
                ]
            }, cssClass: "dense")
    }
}

/// Range differences of all fields.
struct RangeTable {
    let ranges: [CheckReport.FieldRange]

    var table: HTMLTable {
        HTMLTable(
            caption:
                "Depth of the distal edge, recomputed − plan: positive where the recomputed dose reaches deeper",
            columns: [
                .init(title: "Field"), .init(title: "Dose"), .init(title: "Edge"),
                .init(title: "Rays", alignment: .number),
                .init(title: "Median", unit: "mm", alignment: .number),
                .init(title: "5 to 95 %", unit: "mm", alignment: .number),
                .init(title: "Largest", unit: "mm", alignment: .number),
                .init(title: "at x, y", unit: "IEC gantry, mm", alignment: .number),
                .init(title: "Median", unit: "mm water", alignment: .number),
            ], rows: ranges.flatMap { range in range.levels.map { row(range, $0) } }, cssClass: "dense")
    }

    private func row(_ range: CheckReport.FieldRange, _ level: RangeComparison.Level) -> [HTMLTable.Cell] {
        let comparison = range.comparison
        let start: [HTMLTable.Cell] = [
            .init(level == .eighty ? "\(range.field.number) \(range.field.name)" : ""),
            .init(level == .eighty ? range.doseName : ""),
            .init(NumberText.percent(level.rawValue, 0)),
        ]
        guard let figures = comparison.statistics(level) else {
            return start + [.init("0 of \(comparison.targetRays)"), "", "", "", "", ""]
        }
        func mm(_ value: Double) -> String { NumberText.signed(value, 1) }
        let place = figures.largestPositionMM
        return start + [
            .init("\(figures.count) of \(comparison.targetRays)"), .init(mm(figures.median)),
            .init("\(mm(figures.percentile5)) to \(mm(figures.percentile95))"), .init(mm(figures.largest)),
            .init("\(NumberText.fixed(place.x, 0)), \(NumberText.fixed(place.y, 0))"),
            .init(level == .eighty ? comparison.waterStatistics.map { mm($0.median) } ?? "" : ""),
        ]
    }

    /// What the figures of fields without a dose of their own mean.
    var remark: String? {
        let shared = ranges.filter { !$0.isOfField }
        guard !shared.isEmpty else { return nil }
        let shares = shared.compactMap { range in
            range.ownShare.map { "\(NumberText.percent($0, 0)) for \(range.field.name)" }
        }
        return
            "There is no dose of single fields (Dose Summation Type BEAM), so these are edges of the whole plan's dose along each field, and "
            + "only as far as the field makes the edge alone its range. In the recomputed dose the field's own part of the fall, from 2 mm "
            + "before to 6 mm behind the edge, is \(shares.joined(separator: ", ")) (absorbed dose, median of the rays). Export doses of "
            + "single beams to compare ranges."
    }
}
