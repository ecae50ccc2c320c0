import PlanModel
import Quantities

/// The report of a delivered fraction as one self-contained page, in the look of the plan's report.
///
/// ## Checked by
/// `DeliveryPageTests`.
public enum DeliveryPage {
    /// The whole page.
    ///
    /// - Parameter report: What to show.
    public static func render(_ report: DeliveryReport) -> String {
        // A field that was complete before this run has no trace.
        let traced = report.fields.filter { !$0.trace.rateIonsPerS.isEmpty }
        let traces = traced.map(DeliveryPictures.trace)
        let common = [
            DeliveryPictures.times(report.fields), DeliveryPictures.positionErrors(report.fields),
            DeliveryPictures.spotRatios(report.fields),
        ]
        let dose = report.dose.map { DeliveryPictures.doseVolume($0) }
        return HTMLDocument(
            program: report.provenance.program,
            title: "Delivered fraction \(report.fraction), \(report.plan.label)",
            heading: "Delivered fraction \(report.fraction)",
            subtitle: "\(report.plan.label), \(report.facility) (simulated)",
            runningText:
                "Kasane · fraction \(report.fraction) of \(report.plan.label) · patient \(report.patientID)",
            paper: .a4, facts: facts(report), banner: banner(report),
            pictures: traces + common + report.washes + (dose.map { [$0] } ?? []),
            sections: [
                fields(report, common), doseSection(report, dose), traceSection(traced, traces),
                interlocks(report),
                options(report), provenance(report),
            ].filter { !$0.isEmpty }
        ).text
    }

    private static func banner(_ report: DeliveryReport) -> String {
        let words =
            report.isComplete
            ? "Every field was delivered whole."
            : "Not all of the fraction was delivered; the rest can be continued."
        let mark = report.isComplete ? "✓ Complete" : "✗ Partial"
        return "<p class=\"verdict \(report.isComplete ? "passed" : "failed")\"><b>\(mark)</b>"
            + "\(Markup.escaped(words))</p>\n"
            + (report.machineNotice.map { "<p class=\"notice\">\(Markup.escaped($0))</p>\n" } ?? "")
    }

    private static func facts(_ report: DeliveryReport) -> [ReportFact] {
        let planned = report.fields.reduce(0) { $0 + $1.plannedIons }
        let given = report.fields.reduce(0) { $0 + $1.primaryIons }
        let seconds = report.fields.reduce(0) { $0 + $1.durationS }
        return [
            ReportFact("Patient ID", report.patientID), ReportFact("Plan", report.plan.label),
            ReportFact(
                "Fraction", "\(report.fraction) of \(report.plan.prescription.fractions)"),
            ReportFact("Ion", NumberText.ion(report.plan.ion)),
            ReportFact("Ions planned", NumberText.particles(planned)),
            ReportFact(
                "Ions delivered", "\(NumberText.particles(given)) (\(NumberText.percent(given / planned, 2)))"
            ),
            ReportFact("Time of all fields", "\(NumberText.fixed(seconds, 1)) s"),
            ReportFact("Report made", report.date),
        ].map { ReportFact($0.name, $0.value.isEmpty ? NumberText.missing : $0.value) }
    }

    private static func fields(_ report: DeliveryReport, _ pictures: [Picture]) -> String {
        let table = HTMLTable(
            caption: "Fields",
            columns: [
                .init(title: "Field"), .init(title: "State"), .init(title: "Sessions", alignment: .number),
                .init(title: "Visits", alignment: .number),
                .init(title: "Planned", unit: "ions", alignment: .number),
                .init(title: "Primary", unit: "ions", alignment: .number),
                .init(title: "Secondary", unit: "ions", alignment: .number),
                .init(title: "Position", unit: "95 %, mm", alignment: .number),
                .init(title: "Fills", alignment: .number),
                .init(title: "Time", unit: "s", alignment: .number),
            ],
            rows: report.fields.map { field in
                [
                    .init("\(field.number)  \(field.name)", cssClass: "name"),
                    .init(field.state, cssClass: field.state == "completed" ? "met" : "missed"),
                    .init("\(field.sessions)"), .init(NumberText.grouped(field.visits)),
                    .init(NumberText.particles(field.plannedIons)),
                    .init(NumberText.particles(field.primaryIons)),
                    .init(NumberText.particles(field.secondaryIons)),
                    .init(NumberText.fixed(percentile(field.positionErrorsMM), 2)), .init("\(field.fills)"),
                    .init(NumberText.fixed(field.durationS, 1)),
                ]
            })
        return """
            <section>
            <h2>What was delivered</h2>
            \(table.markup)
            \(HTMLDocument.figure(pictures[0], "Time of each field by what it was spent on."))
            \(HTMLDocument.figure(pictures[1], "Measured less planned position of all visits, at the isocentre plane."))
            \(HTMLDocument.figure(pictures[2], "Ions of the primary monitor less planned ions of each spot, all paintings together."))
            </section>
            """
    }

    /// Distance that 95 % of the visits stay below, mm; 0 without visits.
    static func percentile(_ errors: [SIMD2<Double>]) -> Double {
        let sorted = errors.map { ($0 * $0).sum().squareRoot() }.sorted()
        return sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, Int(0.95 * Double(sorted.count)))]
    }

    private static func doseSection(_ report: DeliveryReport, _ curve: Picture?) -> String {
        guard let dose = report.dose, let curve else { return "" }
        let gamma = HTMLTable(
            caption: "Delivered against planned dose",
            columns: [
                .init(title: "γ criteria"), .init(title: "γ ≤ 1", alignment: .number),
                .init(title: "Points", alignment: .number),
            ],
            rows: dose.gamma.map {
                [
                    .init($0.criteria), .init(NumberText.percent($0.passRate, 2)),
                    .init(NumberText.grouped($0.points)),
                ]
            })
        let structures = HTMLTable(
            caption: "Structures, total of all fractions as this one was delivered",
            columns: [.init(title: "Structure")]
                + [
                    ("D95", "plan"), ("D95", "delivered"), ("D2", "plan"), ("D2", "delivered"),
                    ("Mean", "plan"), ("Mean", "delivered"),
                ]
                .map { .init(title: $0.0, unit: "\($0.1), Gy (RBE)", alignment: .number) },
            rows: dose.structures.map { pair in
                [.init(pair.planned.structureName, cssClass: "name")]
                    + [
                        pair.planned.d95, pair.delivered.d95, pair.planned.d2, pair.delivered.d2,
                        pair.planned.meanDose, pair.delivered.meanDose,
                    ].map { .init(NumberText.fixed($0, 2)) }
            })
        let goals =
            dose.lostGoals.isEmpty
            ? "Every goal that the plan meets is met by the delivered dose."
            : "Met by the plan and not by the delivered dose: \(dose.lostGoals.joined(separator: "; "))."
        return """
            <section>
            <h2>Dose</h2>
            <p>\(Markup.escaped(dose.method))</p>
            <p>\(Markup.escaped(goals))</p>
            \(gamma.markup)
            \(report.washes.map { HTMLDocument.figure($0, $0.title) }.joined(separator: "\n"))
            \(HTMLDocument.figure(curve, "Full lines: planned. Dashed lines: delivered."))
            \(structures.markup)
            </section>
            """
    }

    private static func traceSection(_ fields: [DeliveryReport.DeliveredField], _ traces: [Picture]) -> String
    {
        let figures = zip(fields, traces).map { field, picture in
            HTMLDocument.figure(
                picture, "Field \(field.number), \(field.name): beam, energy and gate against time.")
        }
        return "<section>\n<h2>Beam and gate</h2>\n\(figures.joined(separator: "\n"))\n</section>"
    }

    private static func interlocks(_ report: DeliveryReport) -> String {
        let rows = report.fields.flatMap { field in
            field.interlocks.map { interlock -> [HTMLTable.Cell] in
                [
                    .init("\(field.number)  \(field.name)", cssClass: "name"), .init(interlock.name),
                    .init(NumberText.fixed(interlock.timeS, 3)),
                ]
            }
        }
        guard !rows.isEmpty else {
            return "<section>\n<h2>Interlocks</h2>\n<p>None fired.</p>\n</section>"
        }
        let table = HTMLTable(
            columns: [
                .init(title: "Field"), .init(title: "Interlock"),
                .init(title: "Time", unit: "s", alignment: .number),
            ], rows: rows)
        return "<section>\n<h2>Interlocks</h2>\n\(table.markup)\n</section>"
    }

    private static func provenance(_ report: DeliveryReport) -> String {
        """
        <section>
        <h2>Provenance</h2>
        \(ProvenanceSection.markup(report.provenance, ct: report.ctUID, structureSet: report.structureSetUID))
        </section>
        """
    }

    private static func options(_ report: DeliveryReport) -> String {
        "<section>\n<h2>How it was delivered</h2>\n\(HTMLTable.facts(report.options).markup)\n</section>"
    }
}
