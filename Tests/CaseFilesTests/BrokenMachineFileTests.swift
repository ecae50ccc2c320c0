import CaseFiles
import Testing

/// The richest of the machine files.
func machineText() throws -> String {
    try TextFile.read(DataStore.find().machinePath("himac"))
}

@Suite struct BrokenMachineFileTests {
    static let planning: [BrokenText] = [
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
            "unit: m, source: himac-data", "unit: m, source: himac", path: "synchrotron.circumference.source",
            says: "not listed"),
        BrokenText(
            "unit: m, source: himac-data, confidence: high",
            "unit: m, source: himac-data, confidence: certain",
            path: "synchrotron.circumference.confidence", says: "‘certain’"),
        BrokenText(
            "[1.0e7, 1.0e9], unit: ions/s", "[1.0e9, 1.0e7], unit: ions/s",
            path: "synchrotron.extraction-rate", says: "wrong order"),
        BrokenText(
            "value: 55.6", "value: 200", path: "energies.modes.full-201.range-steps", says: "add up to"),
        BrokenText(
            "[[100, 2.0]", "[[0, 2.0]", path: "energies.modes.full-201.range-steps.value[0][0]",
            says: "0 is out of range"),
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
            "name: himac", "name: HIMAC with all its ports", path: "name", says: "16 characters"),
        BrokenText(
            "  chosen: Chosen", "  unused: Nothing\n  chosen: Chosen", path: "sources", says: "‘unused’"),
    ]

    static let format: [BrokenText] = [
        BrokenText("version: 2", "version: 3", path: "version", says: "version 3 of the format is not known"),
        BrokenText("version: 2", "version: 1", path: "injector", says: "version 1 of the format"),
        BrokenText("default: full-201", "default: full-21", path: "energies.default", says: "‘full-201’"),
        BrokenText(
            "380, 350", "350, 380", path: "energies.modes.flat-tops-11.list", says: "380 MeV/u) is not below"),
        BrokenText(
            "delivery: scanning", "delivery: scaning", path: "ports[0].delivery",
            says: "did you mean ‘scanning’"),
        BrokenText(
            "    delivery: scanning\n", "", path: "ports[0].delivery", says: "missing"),
        .figure(
            "first-treatment", "June 1994, source: mohamad2018,", "June 1994,",
            path: "facts.first-treatment.source", says: "missing"),
    ]

    static let accelerator: [BrokenText] = [
        .figure(
            "charge-state", "4,", "7,", path: "injector.ion-source.charge-state.value",
            says: "7 is out of range"),
        BrokenText(
            "value: 400, unit: uA", "value: 0.4, unit: mA", path: "injector.ion-source.current.unit",
            says: "‘mA’"),
        BrokenText(
            "value: 0.85, source: chosen", "value: 85, source: chosen",
            path: "injector.rfq.transmission.value",
            says: "85 is out of range"),
        .figure(
            "output-energy", "0.8,", "8,", path: "injector.linac.output-energy",
            says: "not above that of the RFQ"),
        .figure(
            "output-energy", "0.8, unit: MeV/u", "800, unit: keV/u", path: "injector.rfq.output-energy.unit",
            says: "it must be MeV/u"),
        .figure(
            "energy", "8, unit: keV/u", "900, unit: keV/u", path: "injector.rfq.output-energy",
            says: "not above the energy of the ion source (0.9 MeV/u)"),
        .figure(
            "    charge-state", "6,", "3,", path: "injector.stripper.charge-state",
            says: "less than the charge of the ion source"),
        .figure(
            "injection-energy", "6.0", "4.0", path: "synchrotron.injection-energy",
            says: "not what the linac gives (6 MeV/u)"),
        .figure(
            "dipole-field", "1.5,", "0.9,", path: "synchrotron.dipole-field",
            says: "rigidity of 6.624 T m"),
        .figure(
            "bending-radius", "6.5,", "65,", path: "synchrotron.bending-radius",
            says: "more than the circumference of 129.6 m"),
        .figure(
            "rf-harmonic", "4,", "6,", path: "synchrotron.rf-band",
            says: "harmonic 6 goes from 1.568 MHz"),
        .figure(
            "rf-harmonic", "4,", "4.5,", path: "synchrotron.rf-harmonic.value",
            says: "expected a whole number, found ‘4.5’"),
        .figure(
            "rf-band", "[1.0, 8.0]", "8.0", path: "synchrotron.rf-band.value",
            says: "expected a list, found ‘8.0’"),
        .figure(
            "superperiods", "6,", "5,", path: "synchrotron.superperiods",
            says: "12 dipoles cannot be shared by 5"),
        .figure(
            "extraction-efficiency", "0.9,", "1.9,", path: "synchrotron.extraction-efficiency.value",
            says: "at most 1"),
        .figure(
            "tunes", "[3.69, 3.13]", "[3.69]", path: "synchrotron.tunes.value",
            says: "1 items (it must have 2)"),
    ]

    static let simulation: [BrokenText] = [
        .figure(
            "acceptance", "264,", "-1,", path: "synchrotron.painting.acceptance.value", says: "out of range"),
        .figure(
            "voltage", "[20, 900]", "[900, 20]", path: "synchrotron.capture.voltage", says: "wrong order"),
        .figure(
            "bump-turns", "43,", "4.5,", path: "synchrotron.painting.bump-turns.value",
            says: "expected a whole number"),
        BrokenText(
            "    settling: {value: 0.05,", "    setling: {value: 0.05,", path: "synchrotron.timing.setling",
            says: "did you mean ‘settling’"),
        BrokenText(
            "  aperture:\n",
            "  transition-gamma: {value: 3.5, source: chosen, confidence: assumed}\n  aperture:\n",
            path: "synchrotron.transition-gamma", says: "follows from the lattice ‘himac-ring’"),
        .figure(
            "line-transmission", "0.9,", "90,", path: "injector.line-transmission.value", says: "out of range"
        ),
        .figure(
            "least-room-stay", "7,", "-7,", path: "operation.least-room-stay.value", says: "out of range"),
        .figure("in-use", "\"no\"", "\"maybe\"", path: "rooms[3].in-use.value", says: "‘maybe’"),
    ]

    static let operation: [BrokenText] = [
        BrokenText(
            "  e-vertical:\n    file:", "  e-vertikal:\n    file:", path: "beam-lines.e-vertikal",
            says: "did you mean ‘e-vertical’"),
        BrokenText(
            "  e-vertical:\n    file:", "  e-vertikal:\n    file:", path: "beam-lines",
            says: "‘e-vertical’ has no beam line"),
        BrokenText(
            "ports: [g-gantry]", "ports: [g-gentry]", path: "rooms[2].ports", says: "did you mean ‘g-gantry’"),
        BrokenText(
            "ports: [e-horizontal, e-vertical]", "ports: [e-horizontal]", path: "rooms[0].ports",
            says: "‘e-vertical’ says that it is in room ‘E’"),
        BrokenText("room: G", "room: H", path: "rooms[2].ports", says: "in room ‘H’, not ‘G’"),
        BrokenText(
            "[x-ray-pair, fluoroscopy]", "[x-ray-pair, x-ray-pair]", path: "rooms[0].imaging.value",
            says: "occurs twice"),
        BrokenText(
            "[x-ray-pair, fluoroscopy]", "[x-ray-pear]", path: "rooms[0].imaging.value[0]",
            says: "did you mean ‘x-ray-pair’"),
        BrokenText(
            "value: [8.9, 8.2], unit: min", "value: [8.9, 8.2], unit: s", path: "rooms[0].set-up-time.unit",
            says: "‘s’ (it must be min)"),
        .figure(
            "treatment-days-per-year", "180,", "300,", path: "operation.treatment-days-per-year",
            says: "300 days a year are more than 4 days a week"),
        .figure(
            "queue-rule", "promote-late", "promote", path: "operation.queue-rule.value",
            says: "first-come, promote-late"),
        .figure(
            "share", "0.3,", "0.4,", path: "operation.patient-mix", says: "add up to 1.1"
        ),
        .figure(
            "fractions", "12,", "0,", path: "operation.patient-mix.prostate.fractions.value",
            says: "0 is out of range"),
    ]

    @Test(arguments: planning + format + accelerator + simulation + operation)
    func fault(_ broken: BrokenText) throws {
        try broken.expectRefused(in: machineText(), file: "machine.yaml") { text, file throws(InvalidFile) in
            _ = try MachineFile.read(text: text, file: file)
        }
    }

    @Test func allFaultsAreToldAtOnceWithTheirLines() throws {
        let text = try machineText()
            .replacing("value: 129.6", with: "value: 1")
            .replacing("share: {value: 0.3,", with: "share: {value: 0.4,")
            .replacing("charge-state: {value: 4,", with: "charge-state: {value: 7,")
        do {
            _ = try MachineFile.read(text: text, file: "machine.yaml")
            Issue.record("read without complaint")
        } catch {
            #expect(
                error.findings.map(\.path) == [
                    "injector.ion-source.charge-state.value", "synchrotron.circumference.value",
                    "operation.patient-mix",
                ])
            #expect(error.findings.allSatisfy { ($0.line ?? 0) > 1 })
        }
    }
}
