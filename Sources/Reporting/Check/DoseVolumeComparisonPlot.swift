import PatientModel
import PlanEvaluation
import PlanModel

/// The dose-volume curves of all structures: full lines for the plan's dose, dashed ones for the recomputed dose.
struct DoseVolumeComparisonPlot {
    let plot: LinePlot
    private let title: String

    init(report: CheckReport, subject: CheckReport.Subject) {
        title = subject.title
        var series: [LinePlot.Series] = []
        var greatest = subject.prescribedDose ?? subject.comparison.agreement.referenceMaximum
        for (index, row) in subject.comparison.structures.enumerated() {
            let structure = report.structures.structure(named: row.name)
            let colour =
                structure.map { Colour($0.colour).readableOnWhite }
                ?? Colour.series[index % Colour.series.count]
            let isTarget = row.name == report.targetName
            for (histogram, isPlanned) in [(row.reference, true), (row.evaluated, false)] {
                let curve = histogram.thinnedCurve
                greatest = max(greatest, curve.last { $0.y > 0.0005 }?.x ?? 0)
                series.append(
                    LinePlot.Series(
                        name: row.name, colour: colour, dash: isPlanned ? [] : [5, 3],
                        width: isTarget ? 2.4 : 1.5, points: curve.map { SIMD2($0.x, 100 * $0.y) },
                        isListed: isPlanned))
            }
        }
        var marks: [LinePlot.Mark] = []
        if let dose = subject.prescribedDose {
            marks = [.init(value: 0.95 * dose, label: "95 %"), .init(value: dose, label: "100 %")]
        }
        plot = LinePlot(
            horizontal: .init(
                title: (subject.quantity == .physical ? "Absorbed dose" : "RBE-weighted dose")
                    + " (\(subject.unit))", range: 0...max(1.04 * greatest, 1e-6)),
            panels: [.init(vertical: .init(title: "Volume (%)", range: 0...102), series: series)],
            marks: marks, size: SIMD2(Picture.width, 390))
    }

    func picture(name: String) -> Picture {
        plot.picture(
            name: name, title: "Dose-volume histogram, \(title)",
            alternativeText:
                "Share of the volume of each structure against the dose it receives at least: full lines for the plan, dashed lines "
                + "recomputed; the table below has the figures.")
    }
}
