import FacilityModel
import PlanModel
import Quantities

/// The plan in one figure: RBE-weighted dose in three planes above, dose-volume histogram below.
struct OverviewPicture {
    let report: TreatmentReport
    let wash: DoseWash
    let background: WashBackground

    func picture() throws(PNGError) -> Picture {
        let width = 1040.0
        let (top, gap, bottom) = (34.0, 26.0, 26.0)
        var canvas = SVGCanvas()
        let prescription = report.plan.prescription
        canvas.text(
            "\(NumberText.ion(report.plan.ion)), \(NumberText.significant(prescription.totalDose.value, 4)) Gy (RBE) "
                + "in \(prescription.fractions) fractions, \(report.plan.fields.count) fields, \(report.machine.facility)",
            at: [0, 17], size: 15, bold: true)
        let frame = wash.frame(.row, widthPX: width)
        var rasters: [SharedRaster] = []
        var failure: PNGError?
        canvas.group([("transform", "translate(0 \(Markup.coordinate(top)))")]) { group in
            do throws(PNGError) {
                rasters = try wash.draw(into: &group, name: "overview", frame: frame, background: background)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        var plot = DoseVolumePlot(report).plot
        plot.size = SIMD2(width, 330)
        let plotTop = top + frame.size.y + gap
        canvas.group([("transform", "translate(0 \(Markup.coordinate(plotTop)))")]) { group in
            plot.draw(into: &group, id: "overview-dvh")
        }
        let height = plotTop + plot.size.y + bottom
        canvas.text(
            "Kasane. \(TreatmentReport.notice).", at: [width, height - 6], anchor: .end, size: 11,
            colour: .quietInk)
        return Picture(
            name: "overview", size: SIMD2(width, height), title: "Plan \(report.plan.label)",
            alternativeText:
                "RBE-weighted dose as colour on CT in three planes with contours and field directions, "
                + "and the dose-volume histogram of all structures.",
            canvas: canvas, rasters: rasters)
    }
}
