import PatientModel

/// Figures of all structures.
struct DoseVolumeTable {
    let table: HTMLTable

    init(_ report: TreatmentReport) {
        func optional(_ value: Double?, _ decimals: Int) -> HTMLTable.Cell {
            .init(value.map { NumberText.fixed($0, decimals) } ?? "")
        }
        let columns: [(String, String)] = [
            ("Volume", "cm³"), ("D98", "Gy (RBE)"), ("D95", "Gy (RBE)"), ("D50", "Gy (RBE)"),
            ("D2", "Gy (RBE)"),
            ("Dmean", "Gy (RBE)"), ("Dmax", "Gy (RBE)"), ("V95 %", "%"), ("LETd", "keV/µm"), ("HI", ""),
            ("CI", ""),
        ]
        table = HTMLTable(
            caption: "Dose-volume figures of all fractions",
            columns: [.init(title: "Structure")]
                + columns.map { .init(title: $0.0, unit: $0.1, alignment: .number) },
            rows: report.listedEvaluations.map { row in
                let colour = report.structures.structure(named: row.structureName).map { Colour($0.colour) }
                return [
                    .structure(row.structureName, colour), .init(NumberText.significant(row.volumeCM3, 3)),
                    .init(NumberText.fixed(row.d98, 2)), .init(NumberText.fixed(row.d95, 2)),
                    .init(NumberText.fixed(row.d50, 2)), .init(NumberText.fixed(row.d2, 2)),
                    .init(NumberText.fixed(row.meanDose, 2)), .init(NumberText.fixed(row.maximumDose, 2)),
                    .init(NumberText.fixed(100 * row.v95, 1)), optional(row.meanLETd, 1),
                    optional(row.homogeneityIndex, 3), optional(row.conformityIndex, 2),
                ]
            }, cssClass: "dense")
    }
}
