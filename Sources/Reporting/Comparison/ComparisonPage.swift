import FacilityModel
import PatientModel
import PlanEvaluation
import PlanModel
import Quantities

/// One treatment on several facilities as one self-contained page, in the look of the plan's report.
///
/// ## Checked by
/// `ComparisonPageTests`.
public enum ComparisonPage {
    /// The whole page with pictures already drawn.
    ///
    /// - Parameters:
    ///   - report: The comparison.
    ///   - pictures: Its pictures.
    public static func render(_ report: ComparisonReport, pictures: ComparisonPictures) -> String {
        HTMLDocument(
            program: report.program, title: "Facilities compared, \(report.title)",
            heading: "The same treatment on \(report.entries.count) facilities",
            subtitle: report.title, runningText: "Kasane · facilities compared · \(report.title)",
            paper: report.appearance.paper, facts: facts(report), pictures: pictures.all,
            sections: [
                summary(report, pictures), doses(report, pictures), doseVolume(report, pictures),
                robustness(report, pictures), machines(report),
            ]
        ).text
    }

    private static func facts(_ report: ComparisonReport) -> [ReportFact] {
        let patient = report.ct.patient
        let prescription = report.prescription
        return [
            ReportFact("Plan", report.title),
            ReportFact("Patient", "\(TitleBlock.readable(patient.name)) (\(patient.id))"),
            ReportFact(
                "Prescription",
                "\(NumberText.significant(prescription.totalDose.value, 4)) Gy (RBE) to \(prescription.targetName) in "
                    + "\(prescription.fractions) fraction\(prescription.fractions == 1 ? "" : "s")"),
            ReportFact("Facilities", report.entries.map(\.name).joined(separator: ", ")),
            ReportFact("With a plan", "\(report.planned.count) of \(report.entries.count)"),
            ReportFact("Made", report.date),
        ].map { ReportFact($0.name, $0.value.isEmpty ? NumberText.missing : $0.value) }
    }

    private static func summary(_ report: ComparisonReport, _ pictures: ComparisonPictures) -> String {
        let rows: [[HTMLTable.Cell]] = report.entries.map { entry in
            let assumed = entry.machine.assumptions.count
            let state: HTMLTable.Cell =
                entry.result == nil
                ? .init("✗ " + (entry.reason ?? "no plan"), cssClass: "missed-long long")
                : .init("✓ planned", cssClass: "met")
            return [
                .init(entry.name, cssClass: "name"), .init(entry.machine.machine.facility, cssClass: "long"),
                state,
                .init("\(assumed) of \(entry.machine.figures.count)"),
                .init(entry.result?.reportFile ?? NumberText.missing, cssClass: "name"),
            ]
        }
        let table = HTMLTable(
            caption: "Facilities",
            columns: [
                .init(title: "Machine"), .init(title: "Facility"), .init(title: "Plan"),
                .init(title: "Figures assumed", alignment: .number), .init(title: "Its own report"),
            ], rows: rows)
        let notices = report.entries.compactMap { entry in
            entry.machine.notice.map { "<p><b>\(Markup.escaped(entry.name)):</b> \(Markup.escaped($0))</p>" }
        }
        var html = """
            <section>
            <h2>Facilities and plans</h2>
            \(table.markup)
            \(notices.joined(separator: "\n"))

            """
        guard !report.planned.isEmpty else {
            return html + "<p>No facility can give this treatment.</p></section>"
        }
        html += ComparisonTables(report: report).facilities.markup
        if let picture = pictures.beamTime {
            html += HTMLDocument.figure(
                picture,
                "Time of the beam of one fraction, all fields: the ring's cycle and the moves between spots. Setting up the patient is not in it."
            )
        }
        return html + "</section>"
    }

    private static func doses(_ report: ComparisonReport, _ pictures: ComparisonPictures) -> String {
        guard let first = report.planned.first, !pictures.doses.isEmpty else { return "" }
        let threshold = NumberText.percent(report.appearance.threshold, 0)
        let levels = report.appearance.isodoses.map { NumberText.percent($0, 0) }.joined(separator: ", ")
        var html = """
            <section class="own-page">
            <h2>Doses</h2>
            <p class="switches"><label><input type="checkbox" id="show-wash" checked="checked" /> colour</label>
            <label><input type="checkbox" id="show-contours" checked="checked" /> contours</label>
            <label><input type="checkbox" id="show-isodoses" checked="checked" /> isodose lines</label></p>

            """
        for (index, picture) in pictures.doses.enumerated() {
            html += HTMLDocument.figure(
                picture,
                index == 0
                    ? "RBE-weighted dose of all fractions through the isocentre of \(first.name), one scale for all. Colour from \(threshold) of the prescription; lines: \(levels)."
                    : "\(picture.title), on the same scale.")
        }
        if let picture = pictures.differences {
            html += HTMLDocument.figure(
                picture,
                "Differences to \(first.name): vermilion where the dose is higher than there. One voxel in fifty may lie beyond the ends of the scale."
            )
        }
        return html + "</section>"
    }

    private static func doseVolume(_ report: ComparisonReport, _ pictures: ComparisonPictures) -> String {
        guard let target = pictures.doseVolume else { return "" }
        let name = report.prescription.targetName
        var html = "<section class=\"own-page\">\n<h2>Dose-volume figures</h2>\n"
        html += HTMLDocument.figure(target, "Cumulative dose-volume curves of \(name).")
        if let picture = pictures.shoulder {
            html += HTMLDocument.figure(picture, "The same around the shoulder.")
        }
        for picture in pictures.organs {
            html += HTMLDocument.figure(picture, "Structures that have goals.")
        }
        return html + ComparisonTables(report: report).differences.markup + "</section>"
    }

    private static func robustness(_ report: ComparisonReport, _ pictures: ComparisonPictures) -> String {
        guard let table = ComparisonTables(report: report).robustness,
            let first = report.planned.compactMap(\.result.robustness).first
        else { return "" }
        let scenarios = first.outcomes.map(\.scenario.name).joined(separator: "; ")
        var html = """
            <section class="own-page">
            <h2>Robustness</h2>
            <p>Each plan was computed again, as it is, under each of these errors of all fractions: \(Markup.escaped(scenarios)). Shifts are of the patient; a positive error of the stopping power makes ranges in the patient shorter.</p>

            """
        if let picture = pictures.targetRobustness {
            html += HTMLDocument.figure(
                picture, "D95 of \(report.prescription.targetName) in every scenario.")
        }
        html += table.markup
        if let picture = pictures.goalRobustness {
            html += HTMLDocument.figure(
                picture, "Goals as planned (bars) and at their worst (whiskers), in per cent of their limits."
            )
        }
        return html + "</section>"
    }

    private static func machines(_ report: ComparisonReport) -> String {
        let parts = report.entries.map { entry in
            """
            <h3>\(Markup.escaped(entry.name)): \(Markup.escaped(entry.machine.machine.facility))</h3>
            <p>\(Markup.escaped(entry.machine.summary))</p>
            \(ComparisonTables.assumptions(entry.machine).markup)
            """
        }
        return """
            <section class="own-page">
            <h2>What is assumed of each machine</h2>
            <p>Figures that plans and times depend on and that nobody has published. Differences between facilities that rest on them say nothing about the facilities.</p>
            \(parts.joined(separator: "\n"))
            </section>
            """
    }
}
