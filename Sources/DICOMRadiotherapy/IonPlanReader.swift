import DICOMFile
import FacilityModel
import Frames
import PatientModel
import PlanModel
import Quantities
import Volumes

/// Reads an RT Ion Plan of modulated scanning, from Kasane or another system.
///
/// What stands in the way of using the plan is collected and thrown together as `DICOMImportError.unusablePlan`;
/// what a person must judge comes back as findings. The codes are listed in `docs/formats/dicom.md`.
///
/// ## Source
/// DICOM PS3.3 C.8.8.25 (RT Ion Beams), C.8.8.13 (fraction scheme).
/// ## Checked by
/// `IonPlanRoundTripTests`, `IonPlanReaderTests`.
public enum IonPlanReader {
    /// Reads the file.
    ///
    /// - Parameters:
    ///   - ct: the planning CT: its frame of reference must be the plan's, and its patient position is taken if the
    ///     plan has none.
    ///   - particlesPerMonitorUnit: needed for plans in monitor units; not used by others.
    /// - Throws: `DICOMError`, `DICOMImportError`.
    public static func read(
        file path: String, for ct: CTImage? = nil, particlesPerMonitorUnit: MonitorUnitCalibration? = nil
    ) throws -> ImportedIonPlan {
        let file = try DICOMFile(reading: path)
        try file.require(sopClass: DICOMUID.rtIonPlan)
        let dataset = file.dataset
        let frame = try dataset.text(.frameOfReferenceUID)
        if let ct, let frame, frame != ct.geometry.frameOfReferenceUID {
            throw DICOMImportError.otherFrameOfReference(
                dataset.location(.frameOfReferenceUID), value: frame,
                expected: ct.geometry.frameOfReferenceUID)
        }
        var notes = PlanNotes()
        try noteIdentity(dataset, notes: &notes)
        let fractions = try FractionScheme(dataset, notes: &notes)
        var fields: [Field] = []
        var beams: [ImportedBeam] = []
        var ions: [Isotope] = []
        for item in try dataset.requiredItems(.ionBeamSequence) {
            var reader = try IonBeamReader(item)
            guard try reader.isTreatment else {
                notes.add(.information, "IP-0018", item, .treatmentDeliveryType, "a setup beam was left out")
                continue
            }
            guard
                let beam = try reader.read(
                    fractions: fractions, particlesPerMonitorUnit: particlesPerMonitorUnit)
            else {
                notes.findings += reader.notes.findings
                continue
            }
            notes.findings += reader.notes.findings
            fields.append(beam.field)
            beams.append(beam.details)
            ions.append(beam.ion)
        }
        if fields.isEmpty {
            notes.add(.failure, "IP-0025", dataset, .ionBeamSequence, "no beam can be used")
        }
        if Set(ions).count > 1 {
            notes.add(
                .failure, "IP-0004", dataset, .radiationMassNumber,
                "the beams use different ions (\(Set(ions).sorted())); split the plan by ion")
        }
        if Set(beams.map(\.machineName)).count > 1 {
            notes.add(
                .failure, "IP-0026", dataset, .treatmentMachineName,
                "the beams name different machines; split the plan by machine")
        }
        let position = try patientPosition(dataset, ct: ct, notes: &notes)
        let prescription = try prescription(dataset, fractions: fractions.count, notes: &notes)
        if notes.findings.contains(where: { $0.severity == .failure }) {
            throw DICOMImportError.unusablePlan(file: path, notes.findings)
        }
        guard let ion = ions.first, let position else {
            throw DICOMImportError.unusablePlan(file: path, notes.findings)
        }
        return ImportedIonPlan(
            file: path,
            plan: Plan(
                label: try dataset.text(.rtPlanLabel) ?? "", machineName: beams[0].machineName, ion: ion,
                patientPosition: position, prescription: prescription, fields: fields),
            beams: beams, instanceUID: try dataset.requiredText(.sopInstanceUID),
            studyInstanceUID: try dataset.text(.studyInstanceUID) ?? "", frameOfReferenceUID: frame,
            referencedStructureSetUIDs: try dataset.items(.referencedStructureSetSequence).map {
                try $0.requiredText(.referencedSOPInstanceUID)
            }, targetROINumber: try targetROINumber(dataset),
            approvalStatus: try dataset.text(.approvalStatus) ?? "",
            patient: try dataset.patientIdentity(), findings: notes.findings)
    }

    private static func noteIdentity(_ dataset: DICOMItem, notes: inout PlanNotes) throws {
        if try dataset.text(.rtPlanLabel) == nil {
            notes.add(.warning, "IP-0019", dataset, .rtPlanLabel, "the plan has no label (required)")
        }
        let modality = try dataset.text(.modality)
        if modality != "RTPLAN" {
            notes.add(
                .warning, "IP-0022", dataset, .modality,
                "the value '\(modality ?? "")' is not RTPLAN; other systems may not find the plan")
        }
        for tag in [DICOMTag.sopInstanceUID, .seriesInstanceUID] {
            if try dataset.text(tag) == DICOMUID.rtIonPlan {
                notes.add(
                    .warning, "IP-0024", dataset, tag,
                    "it is the UID of the object's class, so it does not identify this object; nothing can "
                        + "refer to it safely")
            }
        }
        if try dataset.text(.rtPlanGeometry) == "PATIENT",
            dataset.items(.referencedStructureSetSequence).isEmpty
        {
            notes.add(
                .warning, "IP-0023", dataset, .referencedStructureSetSequence,
                "the plan refers to no structure set (required for a plan on a patient)")
        }
    }

    /// Position from the one patient setup, or from the CT.
    private static func patientPosition(
        _ dataset: DICOMItem, ct: CTImage?, notes: inout PlanNotes
    ) throws -> PatientPosition? {
        let setups = dataset.items(.patientSetupSequence)
        let texts = Set(try setups.compactMap { try $0.text(.patientPosition) })
        let place = setups.first ?? dataset
        if let text = texts.first, texts.count == 1 {
            guard let position = PatientPosition(rawValue: text) else {
                notes.add(
                    .failure, "IP-0009", place, .patientPosition,
                    "position '\(text)' cannot be planned (only HFS, HFP, FFS, FFP)")
                return nil
            }
            if let ct, ct.patientPosition != position {
                notes.add(
                    .failure, "IP-0009", place, .patientPosition,
                    "the plan has \(text) but the CT \(ct.patientPosition.rawValue)")
            }
            return position
        }
        if texts.count > 1 {
            notes.add(
                .failure, "IP-0009", place, .patientPosition,
                "the setups use several positions (\(texts.sorted().joined(separator: ", "))); split the plan"
            )
            return nil
        }
        guard let ct else {
            notes.add(
                .failure, "IP-0009", place, .patientPosition,
                "no patient position is given (beam directions depend on it); import it with its CT")
            return nil
        }
        notes.add(
            .warning, "IP-0009", place, .patientPosition,
            "no patient position is given; that of the CT, \(ct.patientPosition.rawValue), was taken")
        return ct.patientPosition
    }

    /// Referenced ROI Number of the only target that is a volume; nil if there is none or several.
    private static func targetROINumber(_ dataset: DICOMItem) throws -> Int? {
        let numbers = try dataset.items(.doseReferenceSequence).filter {
            try $0.text(.doseReferenceType) == "TARGET"
        }.compactMap { try $0.integer(.referencedROINumber) }
        return Set(numbers).count == 1 ? numbers.first : nil
    }

    /// The first target dose reference that has a dose.
    private static func prescription(
        _ dataset: DICOMItem, fractions: Int, notes: inout PlanNotes
    ) throws -> Prescription {
        let targets = try dataset.items(.doseReferenceSequence).filter {
            try $0.text(.doseReferenceType) == "TARGET"
        }
        let described = try targets.filter { try $0.number(.targetPrescriptionDose) != nil }
        if described.count > 1 {
            notes.add(
                .warning, "IP-0011", dataset, .doseReferenceSequence,
                "\(described.count) target doses are prescribed; the first was taken")
        }
        guard let target = described.first, let dose = try target.number(.targetPrescriptionDose) else {
            notes.add(
                .warning, "IP-0011", targets.first ?? dataset, .targetPrescriptionDose,
                "no target dose is prescribed; the plan carries 0 Gy (RBE), enter the prescription")
            return Prescription(
                targetName: try targets.first?.text(.doseReferenceDescription) ?? "",
                totalDose: RBEWeightedDose(0), fractions: fractions)
        }
        return Prescription(
            targetName: try target.text(.doseReferenceDescription) ?? "",
            totalDose: RBEWeightedDose(dose), fractions: fractions)
    }
}

/// Findings of a plan, with the element they are about.
struct PlanNotes {
    var findings: [Finding] = []

    mutating func add(
        _ severity: Finding.Severity, _ code: String, _ item: DICOMItem, _ tag: DICOMTag, _ text: String
    ) {
        findings.append(
            Finding(
                severity: severity, code: code, message: "\(item.location(tag)): \(text)",
                path: item.path))
    }
}

/// The one fraction group of a plan.
struct FractionScheme {
    /// Number of Fractions Planned; 1 if the plan gives none, which is then noted.
    var count = 1
    /// Beam Meterset by beam number.
    var metersets: [Int: Double] = [:]
    var beamDoses: [Int: Double] = [:]

    init(_ dataset: DICOMItem, notes: inout PlanNotes) throws {
        let groups = dataset.items(.fractionGroupSequence)
        guard let group = groups.first, groups.count == 1 else {
            notes.add(
                .failure, "IP-0012", dataset, .fractionGroupSequence,
                "\(groups.count) fraction groups (exactly one can be planned)")
            return
        }
        if let number = try group.integer(.numberOfFractionsPlanned), number >= 1 {
            count = number
        } else {
            notes.add(
                .failure, "IP-0012", group, .numberOfFractionsPlanned,
                "the number of fractions is missing or below 1")
        }
        for item in group.items(.referencedBeamSequence) {
            let number = try item.requiredInteger(.referencedBeamNumber)
            if let meterset = try item.number(.beamMeterset) { metersets[number] = meterset }
            if let dose = try item.number(.beamDose) { beamDoses[number] = dose }
        }
    }
}
