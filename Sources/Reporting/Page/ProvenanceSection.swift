import PatientModel

/// What the result was made with.
struct ProvenanceSection {
    let report: TreatmentReport

    init(_ report: TreatmentReport) { self.report = report }

    var markup: String {
        """
        <section>
        <h2>Provenance</h2>
        \(Self.markup(
            report.provenance, ct: report.ct.seriesInstanceUID, structureSet: report.structures.instanceUID))
        </section>
        """
    }

    /// Tables of program and options, inputs and times.
    static func markup(_ provenance: ReportProvenance, ct: String, structureSet: String) -> String {
        var facts = [
            ReportFact("Program", provenance.program),
            ReportFact("Seed", provenance.seed.map { "\($0)" } ?? "none used"),
            ReportFact("CT series", ct), ReportFact("Structure set", structureSet),
        ]
        facts += provenance.options
        let inputs = HTMLTable(
            caption: "Data and files",
            columns: [.init(title: "Name"), .init(title: "Version"), .init(title: "SHA-256")],
            rows: provenance.inputs.map {
                [.init($0.name), .init($0.version), .init($0.hash, cssClass: "code")]
            })
        let timings = HTMLTable(
            caption: "Time",
            columns: [.init(title: "Step"), .init(title: "Wall time", unit: "s", alignment: .number)],
            rows: provenance.timings.map { [.init($0.step), .init(NumberText.fixed($0.seconds, 1))] })
        return """
            \(HTMLTable.facts(facts).markup)
            \(provenance.inputs.isEmpty ? "" : inputs.markup)
            \(provenance.timings.isEmpty ? "" : timings.markup)

            """
    }
}
