import Foundation
import Frames
import PatientModel
import PlanModel
import Quantities

/// Reader of plan files (`format: kasane-plan`); the format is described in `docs/formats/plan.md`.
///
/// ## Checked by
/// `PlanFileTests`, `BrokenPlanFileTests`.
public enum PlanFile {
    public static let format = "kasane-plan"
    public static let version = 1

    /// Reads a plan file. Paths in it (patient folder, calibration file, machine file) are relative to the plan
    /// file's folder and come back so that they hold from the working folder.
    ///
    /// - Throws: `InvalidFile` with everything that is wrong in it.
    public static func read(path: String) throws(InvalidFile) -> PlanRequest {
        var request = try read(text: TextFile.read(path), file: path)
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().relativePath
        func resolved(_ name: String) -> String {
            name.hasPrefix("/") || folder == "." ? name : folder + "/" + name
        }
        request.patient.folder = resolved(request.patient.folder)
        if case .file(let name) = request.calibration { request.calibration = .file(resolved(name)) }
        if request.machine.contains("/") || request.machine.hasSuffix(".yaml") {
            request.machine = resolved(request.machine)
        }
        return request
    }

    /// Reads the text of a plan file; `file` is its name for messages.
    public static func read(text: String, file: String) throws(InvalidFile) -> PlanRequest {
        try YAMLDocument(format: format, version: version, keys: keys, required: requiredKeys)
            .read(text, file: file) { PlanFileReader(top: $0).request() }
    }

    private static let requiredKeys = [
        "format", "version", "label", "patient", "calibration", "machine", "biology",
        "prescription", "fields", "spots", "dose-grid", "optimisation", "objectives", "goals",
    ]
    private static let keys =
        requiredKeys + ["outside-external", "overrides", "constraints", "report", "passive", "seed"]
}

/// The sections of a plan file, each read to its end even if another failed.
private struct PlanFileReader {
    let top: YAMLMapping

    func request() -> PlanRequest? {
        let label = readLabel()
        let patient = top["patient"].flatMap(readPatient)
        let calibration = top["calibration"].flatMap(CalibrationChoice.read)
        let outside = top["outside-external"].map { $0.readWord(OutsideExternal.self) } ?? .air
        let overrides = readOverrides()
        let machine = top["machine"]?.readText()
        let biology = top["biology"].flatMap(readBiology)
        let prescription = top["prescription"].flatMap(readPrescription)
        let fields = top["fields"].flatMap(readFields)
        let spots = top["spots"].flatMap(readSpots)
        let grid = top["dose-grid"].flatMap(readDoseGrid)
        let optimisation = top["optimisation"].flatMap(readOptimisation)
        let objectives = top["objectives"].flatMap { readTerms($0, areConstraints: false) }
        let constraints = top["constraints"].map { readTerms($0, areConstraints: true) } ?? []
        let goals = top["goals"].flatMap { readGoals($0) }
        let report = top["report"].map(readReport) ?? ReportOptions()
        let passive = top["passive"].map(PassiveRequestReader.read)
        let seed = top["seed"].map { $0.readInteger(in: 0...Int.max) } ?? 1
        guard let label, let patient, let calibration, let outside, let overrides, let machine,
            let biology, let prescription, let fields, let spots, let grid, let optimisation,
            let objectives, let constraints, let goals, let report, let seed,
            passive.map({ $0 != nil }) ?? true
        else { return nil }
        return PlanRequest(
            label: label, patient: patient, calibration: calibration, outsideExternal: outside,
            overrides: overrides, machine: machine, biology: biology, prescription: prescription,
            fields: fields, spots: spots, doseGridSpacingMM: grid, optimisation: optimisation,
            objectives: objectives + constraints, goals: goals, report: report,
            passive: passive ?? nil, seed: UInt64(seed))
    }

    private func readLabel() -> String? {
        guard let element = top["label"], let text = element.readText() else { return nil }
        guard text.count <= 16, text.unicodeScalars.allSatisfy({ $0.value >= 32 && $0 != "\\" }) else {
            element.report(
                "the label ‘\(text)’ has \(text.count) characters or a backslash (DICOM's RT Plan Label "
                    + "takes 16); shorten it")
            return nil
        }
        return text
    }

    private func readPatient(_ element: YAMLElement) -> PatientSelection? {
        guard
            let map = element.readMapping(
                ["folder", "ct-series", "structure-set", "external"],
                required: ["folder", "external"])
        else { return nil }
        let folder = map["folder"]?.readText()
        let external = map["external"]?.readText()
        let series = map["ct-series"]?.readText()
        let structures = map["structure-set"]?.readText()
        guard let folder, let external else { return nil }
        return PatientSelection(
            folder: folder, ctSeriesUID: series, structureSetUID: structures,
            externalName: external)
    }

    private func readOverrides() -> [MaterialOverride]? {
        guard let element = top["overrides"] else { return [] }
        guard let items = element.readList() else { return nil }
        let read = items.map { item -> MaterialOverride? in
            guard
                let map = item.readMapping(
                    ["structure", "hounsfield", "material"], required: ["structure"])
            else { return nil }
            let name = map["structure"]?.readText()
            let replacement: MaterialOverride.Replacement?
            switch (map["hounsfield"], map["material"]) {
            case (let hounsfield?, nil):
                replacement = hounsfield.readInteger(in: -1024...32767).map { .hounsfield($0) }
            case (nil, let material?):
                replacement = material.readWord(OverrideMaterial.self).map {
                    $0 == .water ? .water : .air
                }
            default:
                item.report(
                    "give either ‘hounsfield’ or ‘material’ (the structure can be one thing only)")
                replacement = nil
            }
            guard let name, let replacement else { return nil }
            return MaterialOverride(structureName: name, replacement: replacement)
        }
        return all(read)
    }

    private func readBiology(_ element: YAMLElement) -> BiologyChoice? {
        if element.scalarText != nil {
            return element.readWord(BiologyWord.self).map {
                $0 == .clinicalMKM ? .clinicalMKM : .physical
            }
        }
        let map = element.readMapping(["constant-rbe"], required: ["constant-rbe"])
        return map?["constant-rbe"]?.readPositive(atMost: 10).map { .constantRBE($0) }
    }

    private func readPrescription(_ element: YAMLElement) -> Prescription? {
        let keys = ["target", "dose", "fractions"]
        guard let map = element.readMapping(keys, required: keys) else { return nil }
        let target = map["target"]?.readText()
        let dose = map["dose"]?.readPositive(unit: "Gy(RBE)", atMost: 200)
        let fractions = map["fractions"]?.readInteger(in: 1...100)
        guard let target, let dose, let fractions else { return nil }
        return Prescription(
            targetName: target, totalDose: RBEWeightedDose(dose), fractions: fractions)
    }

    private func readFields(_ element: YAMLElement) -> [FieldRequest]? {
        guard let items = element.readList(count: 1...50) else { return nil }
        var names: [String: Int] = [:]
        let read = items.enumerated().map { index, item -> FieldRequest? in
            guard let field = readField(item) else { return nil }
            if let first = names[field.name] {
                item.report(
                    "the name ‘\(field.name)’ is that of fields[\(first)] too (names tell fields apart); "
                        + "rename one")
                return nil
            }
            names[field.name] = index
            return field
        }
        return all(read)
    }

    private func readField(_ element: YAMLElement) -> FieldRequest? {
        let keys = ["name", "port", "gantry-angle", "couch-angle", "isocentre", "range-shifter"]
        guard let map = element.readMapping(keys, required: Array(keys.prefix(5))) else { return nil }
        let name = map["name"]?.readText()
        let port = map["port"]?.readText()
        let gantry = map["gantry-angle"]?.readNumber(in: -180...360, unit: "degrees")
        let couch = map["couch-angle"]?.readNumber(in: -180...360, unit: "degrees")
        let isocentre = map["isocentre"].flatMap(readIsocentre)
        let shifter = map["range-shifter"]
        let shifterID = shifter?.readText()
        guard let name, let port, let gantry, let couch, let isocentre,
            shifter == nil || shifterID != nil
        else { return nil }
        return FieldRequest(
            name: name, portID: port, gantryAngle: AngleDegrees(gantry),
            patientSupportAngle: AngleDegrees(couch), isocentre: isocentre,
            rangeShifterID: shifterID == "none" ? nil : shifterID)
    }

    private func readIsocentre(_ element: YAMLElement) -> IsocentreChoice? {
        if element.isList {
            return element.readNumbers(count: 3, unit: "mm").map {
                .point(Point3($0[0], $0[1], $0[2]))
            }
        }
        guard let text = element.readText() else { return nil }
        guard text == "target-centre" else {
            element.report(
                "‘\(text)’ is not an isocentre; write ‘target-centre’ or [x, y, z] in mm (DICOM patient axes)"
            )
            return nil
        }
        return .targetCentre
    }

    private func readSpots(_ element: YAMLElement) -> SpotGrid? {
        let keys = [
            "lateral-spacing", "layer-spacing", "lateral-margin", "proximal-margin", "distal-margin",
        ]
        guard let map = element.readMapping(keys, required: keys) else { return nil }
        let lateral = map["lateral-spacing"]?.readNumber(in: 0.5...20, unit: "mm")
        let layer = map["layer-spacing"]?.readNumber(in: 0.5...20, unit: "mm")
        let margins = keys.dropFirst(2).map { map[$0]?.readNumber(in: 0...30, unit: "mm") }
        guard let lateral, let layer, let side = margins[0], let proximal = margins[1],
            let distal = margins[2]
        else { return nil }
        return SpotGrid(
            lateralSpacingMM: lateral, layerSpacingMM: layer, lateralMarginMM: side,
            proximalMarginMM: proximal, distalMarginMM: distal)
    }

    private func readDoseGrid(_ element: YAMLElement) -> SIMD3<Double>? {
        guard let spacing = element.readMapping(["spacing"], required: ["spacing"])?["spacing"] else {
            return nil
        }
        if spacing.isList {
            guard let items = spacing.readList(count: 3...3) else { return nil }
            let values = items.map { $0.readNumber(in: 0.5...20, unit: "mm") }
            return all(values).map { SIMD3($0[0], $0[1], $0[2]) }
        }
        return spacing.readNumber(in: 0.5...20, unit: "mm").map { SIMD3(repeating: $0) }
    }

    private func readOptimisation(_ element: YAMLElement) -> OptimisationSettings? {
        let keys = ["mode", "iterations", "tolerance"]
        guard let map = element.readMapping(keys, required: keys) else { return nil }
        let mode = map["mode"]?.readWord(OptimisationSettings.Mode.self)
        let iterations = map["iterations"]?.readInteger(in: 1...100_000)
        let tolerance = map["tolerance"]?.readPositive(atMost: 0.1)
        guard let mode, let iterations, let tolerance else { return nil }
        return OptimisationSettings(mode: mode, iterations: iterations, tolerance: tolerance)
    }

    private func readTerms(_ element: YAMLElement, areConstraints: Bool) -> [DoseObjective]? {
        guard let items = element.readList(count: (areConstraints ? 0 : 1)...1000) else { return nil }
        return all(items.map { ObjectiveLine.read($0, isConstraint: areConstraints) })
    }

    private func readGoals(_ element: YAMLElement) -> [ClinicalGoal]? {
        guard let items = element.readList() else { return nil }
        return all(items.map { GoalLine.read($0) })
    }

    private func readReport(_ element: YAMLElement) -> ReportOptions? {
        guard let map = element.readMapping(["title", "structures", "isodoses"], required: []) else {
            return nil
        }
        let title = map["title"].map { $0.readText() }
        let structures = map["structures"].map { list in
            list.readList().flatMap { all($0.map { $0.readText() }) }
        }
        let isodoses = map["isodoses"].map { list in
            list.readList(count: 1...20).flatMap { all($0.map { $0.readShare(atMost: 2) }) }
        }
        if case .some(.none) = structures { return nil }
        if case .some(.none) = isodoses { return nil }
        return ReportOptions(
            title: title ?? nil, structures: (structures ?? []) ?? [],
            isodoses: (isodoses ?? []) ?? [])
    }
}

extension CalibrationChoice {
    /// Reads `schneider` or `{file: curve.csv}`.
    static func read(_ element: YAMLElement) -> CalibrationChoice? {
        if element.scalarText != nil {
            guard let text = element.readText() else { return nil }
            guard text == "schneider" else {
                element.report(
                    "‘\(text)’ is not a calibration; write ‘schneider’ or ‘file: curve.csv’ beneath")
                return nil
            }
            return .schneider
        }
        let map = element.readMapping(["file"], required: ["file"])
        return map?["file"]?.readText().map { .file($0) }
    }
}

private enum OverrideMaterial: String, CaseIterable {
    case water, air
}

private enum BiologyWord: String, CaseIterable {
    case clinicalMKM = "clinical-mkm"
    case physical
}
