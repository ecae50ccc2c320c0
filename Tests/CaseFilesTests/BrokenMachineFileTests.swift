import CaseFiles
import Testing

func machineText() throws -> String {
    try TextFile.read(DataStore.find().machinePath("nirs-scanning"))
}

@Suite struct BrokenMachineFileTests {
    static let cases = [
        BrokenText(
            "circumference:", "circumferense:", path: "synchrotron.circumferense",
            says: "did you mean ‘circumference’"),
        BrokenText("value: 129.6, ", "", path: "synchrotron.circumference.value", says: "missing"),
        BrokenText(
            "value: 129.6, unit: m", "value: 12960, unit: cm", path: "synchrotron.circumference.unit",
            says: "‘cm’"),
        BrokenText("value: 129.6", "value: large", path: "synchrotron.circumference.value", says: "‘large’"),
        BrokenText(
            "value: 129.6", "value: 1", path: "synchrotron.circumference.value", says: "1 m is out of range"),
        BrokenText(
            "source: himac-data", "source: himac", path: "synchrotron.circumference.source",
            says: "not listed"),
        BrokenText(
            "confidence: high}", "confidence: certain}", path: "synchrotron.circumference.confidence",
            says: "‘certain’"),
        BrokenText(
            "[1.0e7, 1.0e9], unit: ions/s", "[1.0e9, 1.0e7], unit: ions/s",
            path: "synchrotron.extraction-rate", says: "wrong order"),
        BrokenText("value: 55.6", "value: 200", path: "energies.range-steps", says: "add up to"),
        BrokenText(
            "[[100, 2.0]", "[[0, 2.0]", path: "energies.range-steps.value[0][0]", says: "0 is out of range"),
        BrokenText("[55.6, 7.0", "[155.6, 7.0", path: "nozzles.fixed.spot-size", says: "row 2"),
        BrokenText(
            "[55.6, 7.0", "[60, 7.0", path: "nozzles.fixed.spot-size", says: "nothing is extrapolated"),
        BrokenText(
            "[80, 5.6, 5.6, 3.4, 3.4, 0, 0]", "[80, 5.6, 5.6, 3.4, 3.4, 0]",
            path: "nozzles.fixed.spot-size.rows[1]", says: "6 items"),
        BrokenText(
            "[80, 5.6, 5.6, 3.4, 3.4, 0, 0]", "[80, 5.6, 5.6, 3.4, 3.4, 0, 2]",
            path: "nozzles.fixed.spot-size", says: "correlation"),
        BrokenText(
            "sigma-x mm, sigma-y mm", "sigma-y mm, sigma-x mm", path: "nozzles.fixed.spot-size.columns",
            says: "this order"),
        BrokenText("nozzle: fixed", "nozzle: fxed", path: "ports[0].nozzle", says: "did you mean ‘fixed’"),
        BrokenText("id: e-vertical", "id: e-horizontal", path: "ports[1]", says: "occurs twice"),
        BrokenText(
            "value: 90, unit: deg", "value: 900, unit: deg", path: "ports[0].gantry-angle.value",
            says: "900 deg"),
        BrokenText("ion: 12C", "ion: carbon", path: "ion", says: "‘carbon’"),
        BrokenText(
            "name: nirs-scanning", "name: NIRS scanning ports E, F and G", path: "name", says: "16 characters"
        ),
        BrokenText(
            "  chosen: Chosen", "  unused: Nothing\n  chosen: Chosen", path: "sources", says: "‘unused’"),
    ]

    @Test(arguments: cases)
    func fault(_ broken: BrokenText) throws {
        try broken.expectRefused(in: machineText(), file: "machine.yaml") { text, file throws(InvalidFile) in
            _ = try MachineFile.read(text: text, file: file)
        }
    }
}
