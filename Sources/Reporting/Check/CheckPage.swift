import FacilityModel
import Frames
import PatientModel
import PlanEvaluation
import PlanModel
import Quantities

/// The report of an independent dose check as one self-contained page, in the look of the plan's report.
///
/// ## Checked by
/// `CheckPageTests`.
public enum CheckPage {
    /// The whole page with pictures already drawn.
    ///
    /// `passRate`: Least share of points with γ ≤ 1, for the marks in the tables.
    public static func render(_ report: CheckReport, pictures: CheckPictures, passRate: Double) -> String {
        HTMLDocument(
            program: report.provenance.program, title: "Independent dose check, \(report.plan.label)",
            heading: "Independent dose check",
            subtitle: [report.plan.label, report.machine.facility].filter { !$0.isEmpty }.joined(
                separator: ", "),
            runningText: "Kasane · dose check of \(report.plan.label) · patient \(report.ct.patient.id)",
            paper: report.appearance.paper, facts: titleFacts(report), banner: banner(report),
            pictures: pictures.all,
            sections: [summary(report), inputs(report)]
                + report.detailed.indices.map {
                    comparison(
                        report, report.detailed[$0], pictures.subjects[$0], passRate: passRate,
                        hasSwitches: $0 == 0)
                }
                + [
                    report.ranges.isEmpty ? "" : ranges(report, pictures), machine(report),
                    provenance(report),
                ]
        ).text
    }

    private static func banner(_ report: CheckReport) -> String {
        let missed = report.criteria.count { !$0.isMet }
        let text =
            report.isPassed
            ? "All \(report.criteria.count) criteria are met."
            : "\(missed) of \(report.criteria.count) criteria \(missed == 1 ? "is" : "are") not met."
        return
            "<p class=\"verdict \(report.isPassed ? "passed" : "failed")\"><b>\(report.isPassed ? "✓ Passed" : "✗ Not passed")</b>"
            + "\(Markup.escaped(text))</p>\n"
    }

    private static func titleFacts(_ report: CheckReport) -> [ReportFact] {
        let patient = report.ct.patient
        let prescription = report.plan.prescription
        let dose = prescription.totalDose.value
        let fractions = "\(prescription.fractions) fraction\(prescription.fractions == 1 ? "" : "s")"
        return [
            ReportFact(
                "Patient",
                [TitleBlock.readable(patient.name), patient.sex].filter { !$0.isEmpty }.joined(
                    separator: ", ")),
            ReportFact("Plan", report.plan.label), ReportFact("Patient ID", patient.id),
            ReportFact(
                "Prescription",
                dose > 0
                    ? "\(NumberText.significant(dose, 4)) Gy (RBE) to \(report.targetName) in \(fractions)"
                    : "none given, target \(report.targetName), \(fractions)"),
            ReportFact("Born", TitleBlock.readableDate(patient.birthDate)),
            ReportFact(
                "Ion",
                "\(NumberText.ion(report.plan.ion)), \(report.plan.fields.count) field\(report.plan.fields.count == 1 ? "" : "s"), "
                    + "\(NumberText.grouped(report.plan.spotCount)) spots"),
            ReportFact("Position", report.plan.patientPosition.rawValue),
            ReportFact("Computed for", "\(report.machine.facility) (\(report.machine.name))"),
            ReportFact("Report made", report.date),
        ].map { ReportFact($0.name, $0.value.isEmpty ? NumberText.missing : $0.value) }
    }

    private static func summary(_ report: CheckReport) -> String {
        let table = HTMLTable(
            caption: "Verdict",
            columns: [
                .init(title: "Criterion"), .init(title: "Limit", alignment: .number),
                .init(title: "Found", alignment: .number), .init(title: "Result"),
            ],
            rows: report.criteria.map {
                [
                    .init($0.name), .init($0.limit), .init($0.value),
                    $0.isMet ? .init("✓ met", cssClass: "met") : .init("✗ not met", cssClass: "missed"),
                ]
            })
        return """
            <section>
            <h2>Result</h2>
            \(HTMLDocument.tiles(tiles(report)))
            \(table.markup)
            \(report.findings.isEmpty
                ? "<p>The objects belong together and fit the machine; nothing was found.</p>"
                : FindingTable(report.findings, caption: "Findings").table.markup)
            </section>
            """
    }

    private static func tiles(_ report: CheckReport) -> [ReportFact] {
        var list: [ReportFact] = []
        if let first = report.subjects.first {
            let text = first.comparison.criteria.text
            list.append(
                ReportFact("γ ≤ 1 in the patient, \(text)", NumberText.percent(first.patient.passRate)))
            if let target = first.target {
                list.append(ReportFact("γ ≤ 1 in \(report.targetName)", NumberText.percent(target.passRate)))
            }
            list.append(
                ReportFact(
                    "recomputed over plan, high dose",
                    NumberText.percent(first.comparison.agreement.meanRatio)))
        }
        let medians = report.ranges.filter(\.isOfField).compactMap {
            $0.comparison.statistics(.eighty)?.median
        }
        if let worst = medians.max(by: { abs($0) < abs($1) }) {
            list.append(
                ReportFact(
                    medians.count == 1
                        ? "range difference, median" : "range difference, worst field's median",
                    "\(NumberText.signed(worst, 1)) mm"))
        }
        if let noise = report.uncertainty {
            list.append(
                ReportFact("standard error of a voxel in \(report.targetName)", NumberText.percent(noise)))
        }
        return list
    }

    private static func inputs(_ report: CheckReport) -> String {
        let table = HTMLTable(
            caption: "Objects",
            columns: [
                .init(title: "Object"), .init(title: "File"), .init(title: "Label"),
                .init(title: "Written by"), .init(title: "UID"),
            ],
            rows: report.objects.map {
                [
                    .init($0.kind, cssClass: "name"),
                    .init($0.file, cssClass: $0.file.count <= 20 ? "name" : "long"),
                    .init($0.label, cssClass: "long"), .init($0.equipment, cssClass: "quiet long"),
                    .init($0.uid, cssClass: "code"),
                ]
            }, cssClass: "dense")
        return """
            <section>
            <h2>What was compared</h2>
            \(table.markup)
            \(HTMLTable.facts(report.modelFacts, caption: "Recomputed dose").markup)
            </section>
            """
    }

    private static func comparison(
        _ report: CheckReport, _ subject: CheckReport.Subject, _ pictures: CheckPictures.Subject,
        passRate: Double, hasSwitches: Bool
    ) -> String {
        // Their identifiers may stand once in a page; they act on all pictures.
        let switches =
            hasSwitches
            ? """
            <p class="switches"><label><input type="checkbox" id="show-wash" checked="checked" /> colour</label>
            <label><input type="checkbox" id="show-contours" checked="checked" /> contours</label>
            <label><input type="checkbox" id="show-isodoses" checked="checked" /> isodose lines</label></p>
            """ : ""
        let noise =
            report.uncertainty.map {
                " Noise widens the recomputed curves: a standard error of \(NumberText.percent($0)) in a uniform dose lowers D98 and raises D2 by about "
                    + "\(NumberText.percent(2 * $0)), and lowers D95 by \(NumberText.percent(1.64 * $0)); means do not change."
            } ?? ""
        let tables = CheckTables(report: report, subject: subject, passRate: passRate)
        let criteria = subject.comparison.criteria
        let threshold = NumberText.percent(criteria.lowDoseThreshold, 0)
        let percentOf = subject.prescribedDose == nil ? "greatest dose" : "prescription"
        return """
            <section class="own-page tight">
            <h2>\(Markup.escaped(subject.title))</h2>
            \(switches)
            \(HTMLDocument.figure(pictures.planned, "Plan: the dose that came with it, through the middle of \(report.targetName) (cross). Per cent of the \(percentOf)."))
            \(HTMLDocument.figure(pictures.recomputed, "Recomputed, on the same scale. Colour in both from \(threshold) of the greatest dose."))
            \(HTMLDocument.figure(pictures.difference, "Recomputed − plan, in points that are compared: vermilion where the recomputed dose is higher. Per cent of the \(percentOf)."))
            \(HTMLDocument.figure(pictures.gamma, "γ, \(criteria.text). White is the limit 1: blue points agree, vermilion ones do not."))
            </section>
            <section class="own-page">
            <h2>\(Markup.escaped(subject.title)): figures</h2>
            \(HTMLTable.facts(tables.facts).markup)
            \(tables.gamma.markup)
            <p class="quiet">Each point of the plan's dose looks for agreement in the recomputed dose around it. The verdict counts the patient and \(Markup.escaped(report.targetName)); small structures have few points.</p>
            \(HTMLDocument.figure(pictures.doseVolume, "Full lines: plan. Dashed: recomputed."))
            \(tables.doseVolume.markup)
            <p class="quiet">Δ in the unit of the dose; marked where it exceeds \(NumberText.percent(criteria.doseDifference, 0)) of the greatest dose.\(noise)</p>
            </section>
            """
    }

    private static func ranges(_ report: CheckReport, _ pictures: CheckPictures) -> String {
        let table = RangeTable(ranges: report.ranges)
        let settings = report.ranges[0].comparison.settings
        let method =
            "On rays \(NumberText.short(settings.pitchMM)) mm apart, parallel to the field through \(report.targetName): where the dose "
            + "falls to 80 % and 50 % of its greatest value near the distal end of the target, each dose by its own. Rays where the plan's dose fades "
            + "out instead of ending (more than \(NumberText.short(settings.greatestWidthMM)) mm from 85 % to 75 %) are left out. Depths are in tissue, "
            + "the last column in water."
        let others = report.subjects.filter { !$0.isDetailed }
        var html = """
            <section class="own-page">
            <h2>\(others.isEmpty ? "Range" : "Single fields and range")</h2>
            \(others.isEmpty ? "" : FieldDoseTable(subjects: others, targetName: report.targetName).table.markup)
            <p>\(Markup.escaped(method))</p>
            \(table.table.markup)

            """
        if let remark = table.remark { html += "<p>\(Markup.escaped(remark))</p>\n" }
        if let maps = pictures.rangeMaps {
            html += HTMLDocument.figure(
                maps,
                "Difference of the 80 % depths, seen from the source; outline of \(report.targetName). Dark grey: no edge in one of the doses; light grey: not compared. One ray in fifty may lie beyond the ends of the scale."
            )
        }
        for picture in pictures.profiles {
            html += "<h3>\(Markup.escaped(picture.title))</h3>\n"
            html += HTMLDocument.figure(
                picture, "Both doses along the beam through the middle of \(report.targetName) (shaded).")
        }
        return html + "</section>"
    }

    private static func machine(_ report: CheckReport) -> String {
        """
        <section class="own-page">
        <h2>Machine</h2>
        \(HTMLTable.facts(MachineFacts.of(report.machine, plan: report.plan) + report.machineFacts).markup)
        </section>
        """
    }

    private static func provenance(_ report: CheckReport) -> String {
        "<section>\n<h2>Provenance</h2>\n"
            + ProvenanceSection.markup(
                report.provenance, ct: report.ct.seriesInstanceUID,
                structureSet: report.structures.instanceUID)
            + "</section>"
    }
}
