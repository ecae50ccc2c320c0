import CaseFiles
import Testing

func machineText() throws -> String {
    try TextFile.read(DataStore.find().machinePath("nirs-scanning"))
}

@Suite struct BrokenMachineFileTests {
    static let cases = [
        BrokenPlan(
            "circumference:", "circumferense:", path: "synchrotron.circumferense",
            says: "did you mean ‘circumference’"),
        BrokenPlan("value: 129.6, ", "", path: "synchrotron.circumference.value", says: "missing"),
        BrokenPlan(
            "value: 129.6, unit: m", "value: 12960, unit: cm", path: "synchrotron.circumference.unit",
            says: "‘cm’"),
        BrokenPlan("value: 129.6", "value: large", path: "synchrotron.circumference.value", says: "‘large’"),
        BrokenPlan(
            "value: 129.6", "value: 1", path: "synchrotron.circumference.value", says: "1 m is out of range"),
        BrokenPlan(
            "source: himac-data", "source: himac", path: "synchrotron.circumference.source",
            says: "not listed"),
        BrokenPlan(
            "confidence: high}", "confidence: certain}", path: "synchrotron.circumference.confidence",
            says: "‘certain’"),
        BrokenPlan(
            "[1.0e7, 1.0e9], unit: ions/s", "[1.0e9, 1.0e7], unit: ions/s",
            path: "synchrotron.extraction-rate", says: "wrong order"),
        BrokenPlan("value: 55.6", "value: 200", path: "energies.range-steps", says: "add up to"),
        BrokenPlan(
            "[[100, 2.0]", "[[0, 2.0]", path: "energies.range-steps.value[0][0]", says: "0 is out of range"),
        BrokenPlan("[55.6, 7.0", "[155.6, 7.0", path: "nozzles.fixed.spot-size", says: "row 2"),
        BrokenPlan(
            "[55.6, 7.0", "[60, 7.0", path: "nozzles.fixed.spot-size", says: "nothing is extrapolated"),
        BrokenPlan(
            "[80, 5.6, 5.6, 3.4, 3.4, 0, 0]", "[80, 5.6, 5.6, 3.4, 3.4, 0]",
            path: "nozzles.fixed.spot-size.rows[1]", says: "6 items"),
        BrokenPlan(
            "[80, 5.6, 5.6, 3.4, 3.4, 0, 0]", "[80, 5.6, 5.6, 3.4, 3.4, 0, 2]",
            path: "nozzles.fixed.spot-size", says: "correlation"),
        BrokenPlan(
            "sigma-x mm, sigma-y mm", "sigma-y mm, sigma-x mm", path: "nozzles.fixed.spot-size.columns",
            says: "this order"),
        BrokenPlan("nozzle: fixed", "nozzle: fxed", path: "ports[0].nozzle", says: "did you mean ‘fixed’"),
        BrokenPlan("id: e-vertical", "id: e-horizontal", path: "ports[1]", says: "occurs twice"),
        BrokenPlan(
            "value: 90, unit: deg", "value: 900, unit: deg", path: "ports[0].gantry-angle.value",
            says: "900 deg"),
        BrokenPlan("ion: 12C", "ion: carbon", path: "ion", says: "‘carbon’"),
        BrokenPlan(
            "name: nirs-scanning", "name: NIRS scanning ports E, F and G", path: "name", says: "16 characters"
        ),
        BrokenPlan(
            "  chosen: Chosen", "  unused: Nothing\n  chosen: Chosen", path: "sources", says: "‘unused’"),
    ]

    @Test(arguments: cases)
    func fault(_ broken: BrokenPlan) throws {
        let whole = try machineText()
        let text = whole.replacing(broken.from, with: broken.to, maxReplacements: 1)
        try #require(text != whole)
        do {
            _ = try MachineFile.read(text: text, file: "machine.yaml")
            Issue.record("read without complaint")
        } catch {
            #expect(
                error.findings.contains {
                    $0.path == broken.path && $0.message.contains(broken.words)
                }, "\(error)")
            #expect(error.description.contains("machine.yaml:"))
        }
    }
}
