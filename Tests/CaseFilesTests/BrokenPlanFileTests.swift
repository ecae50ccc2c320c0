import CaseFiles
import Testing

@Suite struct BrokenPlanFileTests {
    static let cases = [
        BrokenText("label: TEST", "label: [", path: "", says: "not YAML"),
        BrokenText("label: TEST", "label: TEST\n\tx: 1", path: "", says: "not YAML"),
        BrokenText("seed: 7", "seed: 7\nseed: 8", path: "seed", says: "occurs twice"),
        BrokenText("kasane-plan", "kasane-machine", path: "format", says: "‘kasane-machine’"),
        BrokenText("version: 1", "version: 2", path: "version", says: "version 2"),
        BrokenText("machine: yamagata", "machin: yamagata", path: "machin", says: "did you mean ‘machine’"),
        BrokenText("machine: yamagata", "", path: "machine", says: "missing"),
        BrokenText(
            "label: TEST", "label: A label that is far too long", path: "label", says: "28 characters"),
        BrokenText(
            "dose: 60.8, fractions", "dose: -60.8, fractions", path: "prescription.dose", says: "-60.8"),
        BrokenText(
            "dose: 60.8, fractions", "dose: .nan, fractions", path: "prescription.dose", says: "‘.nan’"),
        BrokenText(
            "dose: 60.8, fractions", "dose: \"60.8\", fractions", path: "prescription.dose",
            says: "the text ‘60.8’"),
        BrokenText(
            "fractions: 16", "fractions: 0", path: "prescription.fractions", says: "0 is out of range"),
        BrokenText("fractions: 16", "fractions: 1.5", path: "prescription.fractions", says: "‘1.5’"),
        BrokenText("{target: CTV, ", "{", path: "prescription.target", says: "missing"),
        BrokenText(
            "gantry-angle: 90", "gantry-angle: 400", path: "fields[0].gantry-angle", says: "400 degrees"),
        BrokenText("couch-angle: 10", "couch-angle: ten", path: "fields[1].couch-angle", says: "‘ten’"),
        BrokenText("name: right", "name: left", path: "fields[1]", says: "fields[0]"),
        BrokenText("[1.5, -20, 30]", "[1.5, -20]", path: "fields[1].isocentre", says: "2 items"),
        BrokenText(
            "isocentre: target-centre", "isocentre: target", path: "fields[0].isocentre", says: "‘target’"),
        BrokenText("lateral-spacing: 3", "lateral-spacing: 0", path: "spots.lateral-spacing", says: "0 mm"),
        BrokenText("{spacing: 2}", "{spacing: 50}", path: "dose-grid.spacing", says: "50 mm"),
        BrokenText(
            "mode: multi-field", "mode: multifield", path: "optimisation.mode",
            says: "did you mean ‘multi-field’"),
        BrokenText("priority: 100", "priority: -1", path: "objectives[0].priority", says: "-1"),
        BrokenText(
            "squared-deviation: 60.8", "squared-deviation: 0", path: "objectives[0].squared-deviation",
            says: "greater than 0"),
        BrokenText("squared-deviation: 60.8, ", "", path: "objectives[0]", says: "nothing of the dose"),
        BrokenText(
            "squared-deviation: 60.8", "squared-deviation: 60.8, mean-dose: 3", path: "objectives[0]",
            says: "squared-deviation and mean-dose"),
        BrokenText("volume: 10 %", "volume: 110 %", path: "objectives[2].maximum-dvh.volume", says: "110 %"),
        BrokenText("a: 2", "a: 0", path: "objectives[3].maximum-eud.a", says: "exponent 0"),
        BrokenText(
            "maximum-dose: 50", "squared-overdose: 50", path: "constraints[0].squared-overdose",
            says: "unknown key"),
        BrokenText("D95 >= 57.76", "D95 > 57.76", path: "goals[0].CTV", says: "‘>’"),
        BrokenText("D95 >= 57.76", "D195 >= 57.76", path: "goals[0].CTV", says: "‘D195’"),
        BrokenText("D95 >= 57.76", "D95 >= 57.76 %", path: "goals[0].CTV", says: "‘%’"),
        BrokenText("<= 30 %", "<= 130 %", path: "goals[2].Brain", says: "130 %"),
        BrokenText("hounsfield: 50", "hounsfield: 50, material: air", path: "overrides[0]", says: "either"),
        BrokenText("material: water", "material: wax", path: "overrides[1].material", says: "‘wax’"),
        BrokenText(
            "biology: clinical-mkm", "biology: {constant-rbe: 0}", path: "biology.constant-rbe",
            says: "0 is out of range"),
        BrokenText(
            "calibration: schneider", "calibration: stoichiometric", path: "calibration",
            says: "‘stoichiometric’"),
        BrokenText("fields:", "fields: none\nx:", path: "fields", says: "expected a list"),
        BrokenText("seed: 7", "seed: -7", path: "seed", says: "-7"),
    ]

    @Test(arguments: cases)
    func fault(_ broken: BrokenText) throws {
        try broken.expectRefused(in: wholePlan, file: "plan.yaml") { text, file throws(InvalidFile) in
            _ = try PlanFile.read(text: text, file: file)
        }
    }

    @Test func everythingWrongIsReportedAtOnceInTheOrderOfTheFile() {
        let text = wholePlan.replacing("dose: 60.8, fractions", with: "dose: 0, fractions")
            .replacing("gantry-angle: 90", with: "gantry-angle: north")
            .replacing("D95 >= 57.76", with: "D95")
            .replacing("seed: 7", with: "sed: 7")
        do {
            _ = try PlanFile.read(text: text, file: "plan.yaml")
            Issue.record("read without complaint")
        } catch {
            #expect(
                error.findings.map(\.path) == [
                    "prescription.dose", "fields[0].gantry-angle", "goals[0].CTV", "sed",
                ])
            #expect(error.findings.map(\.line) == [13, 17, 42, 47])
        }
    }

    @Test(arguments: [
        "", "# only a comment\n", "just text", "- a\n- b\n", "{}", "\u{0}",
        String(repeating: "[", count: 5000),
    ])
    func filesThatAreNoPlanAreRefused(text: String) {
        #expect(throws: InvalidFile.self) { try PlanFile.read(text: text, file: "x.yaml") }
    }

    @Test func missingFileAndFolderAreNamed() {
        do {
            _ = try PlanFile.read(path: "/nowhere/plan.yaml")
        } catch { #expect(error.description.contains("/nowhere/plan.yaml: there is no such file")) }
        do {
            _ = try PlanFile.read(path: "/tmp")
        } catch { #expect(error.description.contains("/tmp: this is a folder")) }
    }
}
