import PatientModel
import PlanModel
import Quantities

/// The cumulative dose-volume curves of all structures, with the prescription.
struct DoseVolumePlot {
    let plot: LinePlot
    private let targetName: String

    init(_ report: TreatmentReport) {
        let prescription = report.plan.prescription.totalDose.value
        targetName = report.plan.prescription.targetName
        let greatest =
            report.listedEvaluations.flatMap { $0.curve.filter { $0.y > 0.0005 }.map(\.x) }.max()
            ?? prescription
        let dashes: [[Double]] = [[], [7, 3], [2, 3], [9, 3, 2, 3]]
        let series = report.listedEvaluations.enumerated().map { index, evaluation in
            let structure = report.structures.structure(named: evaluation.structureName)
            let isTarget = structure?.isTarget ?? false
            return LinePlot.Series(
                name: evaluation.structureName,
                colour: structure.map { Colour($0.colour).readableOnWhite }
                    ?? Colour.series[index % Colour.series.count],
                // Colour alone is not enough for everyone: neighbours in the list differ in their dashes too.
                dash: isTarget ? [] : dashes[index % dashes.count], width: isTarget ? 2.6 : 1.6,
                points: evaluation.curve.map { SIMD2($0.x, 100 * $0.y) })
        }
        plot = LinePlot(
            horizontal: .init(
                title: "RBE-weighted dose (Gy (RBE))", range: 0...max(1.04 * greatest, 1.12 * prescription)),
            panels: [.init(vertical: .init(title: "Volume (%)", range: 0...102), series: series)],
            marks: [
                .init(value: 0.95 * prescription, label: "95 %"), .init(value: prescription, label: "100 %"),
                .init(value: 1.07 * prescription, label: "107 %"),
            ], size: SIMD2(Picture.width, 390))
    }

    func picture(name: String) -> Picture {
        plot.picture(
            name: name, title: "Dose-volume histogram",
            alternativeText:
                "Share of the volume of each structure against the RBE-weighted dose it receives at "
                + "least; the table below has the figures. The target is \(targetName).")
    }
}
