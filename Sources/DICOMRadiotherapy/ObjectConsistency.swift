import DICOMFile
import PatientModel
import PlanModel

/// Whether CT, structure set, plan and doses belong together: one patient, one frame of reference, references that resolve.
///
/// | code | |
/// |---|---|
/// | `OC-0001` | failure: another Patient ID than the CT |
/// | `OC-0002` | warning: another name, birth date or sex than the CT |
/// | `OC-0003` | failure: another frame of reference than the CT |
/// | `OC-0004` | warning: the plan names no frame of reference |
/// | `OC-0005` | failure: the structure set was drawn on another series |
/// | `OC-0006` | failure: the plan refers to no structure set |
/// | `OC-0007` | failure: the plan refers to another structure set |
/// | `OC-0008` | failure: a dose refers to no plan |
/// | `OC-0009` | failure: a dose refers to another plan |
/// | `OC-0011` | information: another study than the CT |
///
/// ## Source
/// DICOM PS3.3 A.18 to A.20, A.49; IHE-RO BRTO-II.
/// ## Checked by
/// `ObjectConsistencyTests`: each code is made to appear.
public enum ObjectConsistency {
    /// All findings, from the headers alone.
    ///
    /// - Parameters:
    ///   - ct: The series that planning used.
    ///   - doses: Doses of the plan.
    public static func check(
        ct: CatalogueSeries, structureSet: CatalogueObject, plan: CatalogueObject, doses: [CatalogueObject]
    ) -> [Finding] {
        var findings: [Finding] = []
        func add(
            _ severity: Finding.Severity, _ code: String, _ object: CatalogueObject, _ tag: DICOMTag,
            _ text: String
        ) {
            findings.append(
                Finding(
                    severity: severity, code: code,
                    message: "\(ElementLocation(file: object.file, tag: tag)) \(text)", path: object.file))
        }
        for object in [structureSet, plan] + doses {
            if object.patient.id != ct.patient.id {
                add(
                    .failure, "OC-0001", object, .patientID,
                    "is '\(object.patient.id)', but '\(ct.patient.id)' in the CT (another patient, or made anonymous on its own); "
                        + "give the objects of one patient")
            }
            for (tag, own, other) in [
                (DICOMTag.patientName, object.patient.name, ct.patient.name),
                (.patientBirthDate, object.patient.birthDate, ct.patient.birthDate),
                (.patientSex, object.patient.sex, ct.patient.sex),
            ] where own != other && !own.isEmpty && !other.isEmpty {
                add(
                    .warning, "OC-0002", object, tag,
                    "is '\(own)', but '\(other)' in the CT; make sure that it is the same patient")
            }
            if !object.frameOfReferenceUID.isEmpty, object.frameOfReferenceUID != ct.frameOfReferenceUID,
                object != structureSet
            {
                add(
                    .failure, "OC-0003", object, .frameOfReferenceUID,
                    "is \(object.frameOfReferenceUID), but \(ct.frameOfReferenceUID) in the CT (positions cannot be compared); "
                        + "give the CT that it was made on")
            }
            if object.studyInstanceUID != ct.studyInstanceUID {
                add(
                    .information, "OC-0011", object, .studyInstanceUID,
                    "is \(object.studyInstanceUID), but \(ct.studyInstanceUID) in the CT")
            }
        }
        if plan.frameOfReferenceUID.isEmpty {
            add(
                .warning, "OC-0004", plan, .frameOfReferenceUID,
                "is missing; its isocentres were taken in the frame of the CT, look at the isocentre in the report"
            )
        }
        if !structureSet.references.contains(ct.seriesInstanceUID) {
            add(
                .failure, "OC-0005", structureSet, .rtReferencedSeriesSequence,
                "names \(list(structureSet.references, none: "no series")), but the CT is series \(ct.seriesInstanceUID) (the "
                    + "structures may have been drawn on other images); give the CT they were drawn on")
        }
        if plan.references.isEmpty {
            add(
                .failure, "OC-0006", plan, .referencedStructureSetSequence,
                "is missing (which structures the plan was made on is unknown); make sure that "
                    + "\(structureSet.sopInstanceUID) is its structure set")
        } else if !plan.references.contains(structureSet.sopInstanceUID) {
            add(
                .failure, "OC-0007", plan, .referencedStructureSetSequence,
                "names \(list(plan.references, none: "")), but the structure set is \(structureSet.sopInstanceUID) "
                    + "(\(structureSet.file)); give the structure set that the plan was made on")
        }
        for dose in doses where !dose.references.contains(plan.sopInstanceUID) {
            if dose.references.isEmpty {
                add(
                    .failure, "OC-0008", dose, .referencedRTPlanSequence,
                    "is missing (whose dose it is is unknown); make sure that it is the dose of plan \(plan.sopInstanceUID) "
                        + "(\(plan.file))")
            } else {
                add(
                    .failure, "OC-0009", dose, .referencedRTPlanSequence,
                    "names \(list(dose.references, none: "")), but the plan is \(plan.sopInstanceUID) (\(plan.file)); give the dose of "
                        + "this plan")
            }
        }
        return findings
    }

    /// Codes of failures that a person may accept, because they say that something is not proven and not that it is impossible.
    public static let acceptableCodes: Set<String> = [
        "OC-0001", "OC-0005", "OC-0006", "OC-0007", "OC-0008", "OC-0009",
    ]

    private static func list(_ uids: [String], none: String) -> String {
        uids.isEmpty ? none : uids.prefix(3).joined(separator: ", ") + (uids.count > 3 ? ", ..." : "")
    }
}
