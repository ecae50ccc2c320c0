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
        HTMLDocument(
            program: report.provenance.program, title: "Treatment plan report, \(report.plan.label)",
            heading: "Treatment plan report",
            subtitle: [report.appearance.title, report.plan.label, report.machine.facility]
                .compactMap { $0 }.joined(separator: ", "),
            runningText: "Kasane · plan \(report.plan.label) · patient \(report.ct.patient.id)",
            paper: report.appearance.paper, facts: TitleBlock(report).facts, pictures: pictures.onPage,
            sections: [
                SummarySection(report).markup,
                dose(report, pictures),
                doseVolume(report, pictures),
                quality(report, pictures),
                fields(report, pictures),
                MachineSection(report).markup,
                ProvenanceSection(report).markup,
                report.appearance.listsLayers ? layers(report) : "",
            ]
        ).text
    }

    private static func figure(_ picture: Picture, _ caption: String) -> String {
        HTMLDocument.figure(picture, caption)
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
        if !report.deliveryFacts.isEmpty {
            html += HTMLTable.facts(report.deliveryFacts, caption: "Delivery time").markup
        }
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
            if let delivery = field.passive { html += PassiveFacts.table(delivery).markup }
            if let devices = pictures.onPage.first(where: { $0.name == "devices-\(field.number)" }) {
                html += figure(
                    devices,
                    "Collimator and bolus at the isocentre plane seen from the source; vermilion: the target, projected."
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
