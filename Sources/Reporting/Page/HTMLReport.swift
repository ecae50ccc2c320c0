import FacilityModel
import PatientModel
import PlanModel
import Quantities

/// The report of a plan as one self-contained page: no other file, no network, no script.
///
/// The page is well-formed XML (polyglot HTML). The same page printed is the PDF; see `PDFPrinter`.
///
/// ## Checked by
/// `HTMLReportTests`.
public enum HTMLReport {
    /// The whole page.
    ///
    /// - Throws: `ReportError` for input that cannot be shown, `PNGError` if an image cannot be encoded.
    public static func render(_ report: TreatmentReport) throws -> String {
        render(report, pictures: try ReportPictures(report))
    }

    /// The whole page with pictures already drawn.
    public static func render(_ report: TreatmentReport, pictures: ReportPictures) -> String {
        let notice = TreatmentReport.notice
        let title = "Treatment plan report, \(report.plan.label)"
        let subtitle = [report.appearance.title, report.plan.label, report.machine.facility]
            .compactMap { $0 }.joined(separator: ", ")
        let running = "Kasane · plan \(report.plan.label) · patient \(report.ct.patient.id)"
        let css = StyleSheet.css(paper: report.appearance.paper, runningText: running)
        let sections = [
            SummarySection(report).markup,
            dose(report, pictures),
            doseVolume(report, pictures),
            quality(report, pictures),
            fields(report, pictures),
            MachineSection(report).markup,
            ProvenanceSection(report).markup,
            report.appearance.listsLayers ? layers(report) : "",
        ]
        return """
            <!DOCTYPE html>
            <html xmlns="http://www.w3.org/1999/xhtml" lang="en">
            <head>
            <meta charset="utf-8" />
            <meta name="viewport" content="width=device-width, initial-scale=1" />
            <meta name="generator" content="\(Markup.escaped(report.provenance.program))" />
            <title>\(Markup.escaped(title))</title>
            <style>
            \(css)
            </style>
            </head>
            <body>
            \(definitions(pictures))
            <header>
            <h1>Treatment plan report</h1>
            <p class="subtitle">\(Markup.escaped(subtitle))</p>
            <p class="notice">\(Markup.escaped(notice))</p>
            \(TitleBlock(report).markup)
            </header>
            <main>
            \(sections.joined(separator: "\n"))
            </main>
            <footer><p class="notice">\(Markup.escaped(notice))</p></footer>
            </body>
            </html>

            """
    }

    /// The images that several pictures share, once.
    private static func definitions(_ pictures: ReportPictures) -> String {
        var seen: Set<String> = []
        let images = pictures.onPage.flatMap(\.rasters).filter { seen.insert($0.id).inserted }
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"definitions\" aria-hidden=\"true\"><defs>\n"
            + images.map(\.definition).joined(separator: "\n") + "\n</defs></svg>"
    }

    static func figure(_ picture: Picture, _ caption: String) -> String {
        "<figure>\n\(picture.inlineMarkup)<figcaption>\(Markup.escaped(caption))</figcaption>\n</figure>\n"
    }

    private static func dose(_ report: TreatmentReport, _ pictures: ReportPictures) -> String {
        let threshold = NumberText.percent(report.appearance.threshold, 0)
        let window = report.appearance.window
        let caption =
            "RBE-weighted dose of all fractions on the planning CT through the isocentre of the first field "
            + "(cross). Colour inside the body from \(threshold) of the prescription; CT window "
            + "\(NumberText.fixed(window.levelHU, 0))/\(NumberText.fixed(window.widthHU, 0)) HU. "
            + "Arrows: direction of the fields. Axial seen from the feet, sagittal from the patient's left, "
            + "coronal from the front."
        return """
            <section class="own-page">
            <h2>RBE-weighted dose</h2>
            <p class="switches"><label><input type="checkbox" id="show-wash" checked="checked" /> colour</label>
            <label><input type="checkbox" id="show-contours" checked="checked" /> contours</label>
            <label><input type="checkbox" id="show-isodoses" checked="checked" /> isodose lines</label></p>
            \(figure(pictures.rbeWeightedDose, caption))
            <p>\(Markup.escaped(report.neutralParticleStatement))</p>
            </section>
            """
    }

    private static func doseVolume(_ report: TreatmentReport, _ pictures: ReportPictures) -> String {
        let total = NumberText.significant(report.plan.prescription.totalDose.value, 4)
        let caption =
            "Cumulative dose-volume histogram of the RBE-weighted dose of all fractions; dashed: 95 %, 100 % "
            + "and 107 % of the prescription (\(total) Gy (RBE))."
        return """
            <section class="own-page">
            <h2>Dose and volume</h2>
            \(figure(pictures.doseVolume, caption))
            \(DoseVolumeTable(report).table.markup)
            <p class="quiet">HI = (D2 − D98)/D50; CI: Paddick's conformity index of the 95 % isodose; LETd: mean over the structure.</p>
            </section>
            """
    }

    private static func quality(_ report: TreatmentReport, _ pictures: ReportPictures) -> String {
        """
        <section class="own-page">
        <h2>Absorbed dose, LET and RBE</h2>
        <h3>Dose-averaged LET</h3>
        \(figure(pictures.letD, "Dose-averaged LET in water of all ions, where the RBE-weighted dose is shown."))
        <h3>RBE</h3>
        \(figure(pictures.rbe, "RBE-weighted over absorbed dose, for the dose of one fraction."))
        <h3>Absorbed dose</h3>
        \(figure(pictures.physicalDose, "Absorbed (physical) dose of all fractions."))
        </section>
        """
    }

    private static func fields(_ report: TreatmentReport, _ pictures: ReportPictures) -> String {
        var html = "<section class=\"own-page\">\n<h2>Fields</h2>\n"
        html += FieldTable(report, depthsMM: pictures.isocentreDepthsMM).table.markup
        if let layers = pictures.layers { html += figure(layers, "Ions per energy layer in one fraction.") }
        for field in report.plan.fields {
            html +=
                "<section class=\"own-page\">\n<h3>Field \(field.number): \(Markup.escaped(field.name))</h3>\n"
            if let profile = pictures.onPage.first(where: { $0.name == "profile-\(field.number)" }) {
                html += figure(
                    profile,
                    "Along the central axis, from the entrance to beyond the target (shaded). LETd and RBE are shown "
                        + "where the dose is above \(NumberText.percent(report.appearance.threshold, 0)) of the prescription."
                        + (report.fieldDoses[field.number] == nil ? "" : " Dashed: this field alone."))
            }
            if let spots = pictures.onPage.first(where: { $0.name == "spots-\(field.number)" }) {
                html += figure(
                    spots,
                    "Spots in the isocentre plane seen from the source; disc area in proportion to the ions per fraction."
                )
            }
            html += "</section>\n"
        }
        return html + "</section>"
    }

    private static func layers(_ report: TreatmentReport) -> String {
        var html = "<section class=\"own-page\">\n<h2>Energy layers</h2>\n"
        for field in report.plan.fields {
            let table = HTMLTable(
                columns: [
                    .init(title: "Layer", alignment: .number),
                    .init(title: "Energy", unit: "MeV/u", alignment: .number),
                    .init(title: "Spots", alignment: .number),
                    .init(title: "Ions", unit: "per fraction", alignment: .number),
                ],
                rows: field.layers.enumerated().map { index, layer in
                    [
                        .init("\(index + 1)"), .init(NumberText.fixed(layer.energy.value, 2)),
                        .init(NumberText.grouped(layer.spots.count)),
                        .init(NumberText.particles(layer.particles)),
                    ]
                })
            html += "<h3>Field \(field.number): \(Markup.escaped(field.name))</h3>\n"
            html += "<div class=\"layers\">\(table.markup)</div>\n"
        }
        return html + "</section>"
    }
}
