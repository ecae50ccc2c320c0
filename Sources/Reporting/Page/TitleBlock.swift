import FacilityModel
import Frames
import PatientModel
import PlanModel
import Quantities
import Radiobiology
import Volumes

/// Who, what, where and when, at the top of the page.
struct TitleBlock {
    let report: TreatmentReport

    init(_ report: TreatmentReport) { self.report = report }

    var facts: [ReportFact] {
        let patient = report.ct.patient
        let plan = report.plan
        let prescription = plan.prescription
        let grid = report.ct.geometry
        let (n, d) = (grid.dimensions, grid.spacingMM)
        let fraction = NumberText.significant(prescription.dosePerFraction.value, 3)
        return [
            ReportFact(
                "Patient",
                [Self.readable(patient.name), patient.sex].filter { !$0.isEmpty }.joined(separator: ", ")),
            ReportFact("Plan", plan.label),
            ReportFact("Patient ID", patient.id),
            ReportFact(
                "Prescription",
                "\(NumberText.significant(prescription.totalDose.value, 4)) Gy (RBE) to \(prescription.targetName) in "
                    + "\(prescription.fractions) fraction\(prescription.fractions == 1 ? "" : "s") of \(fraction) Gy (RBE)"
            ),
            ReportFact("Born", Self.readableDate(patient.birthDate)),
            ReportFact(
                "Ion",
                "\(NumberText.ion(plan.ion)), \(plan.fields.count) field\(plan.fields.count == 1 ? "" : "s"), "
                    + "\(NumberText.grouped(plan.spotCount)) spots"),
            ReportFact("Position", plan.patientPosition.rawValue),
            ReportFact("Facility", "\(report.machine.facility) (\(report.machine.name))"),
            ReportFact(
                "CT",
                "\(n.x) × \(n.y) × \(n.z) voxels, \(NumberText.significant(d.x, 3)) × \(NumberText.significant(d.y, 3)) × "
                    + "\(NumberText.significant(d.z, 3)) mm"),
            ReportFact("RBE model", report.biologicalModel.readableName),
            ReportFact(
                "Structures", "\(report.structures.label), \(report.structures.structures.count) structures"),
            ReportFact("Report made", report.date),
        ].map { ReportFact($0.name, $0.value.isEmpty ? NumberText.missing : $0.value) }
    }

    /// A DICOM person name without its component separators.
    static func readable(_ name: String) -> String {
        let parts = name.split(separator: "^", omittingEmptySubsequences: true)
        return parts.joined(separator: ", ")
    }

    /// `YYYYMMDD` as `YYYY-MM-DD`; other text as it is.
    static func readableDate(_ text: String) -> String {
        guard text.count == 8, text.allSatisfy(\.isNumber) else { return text }
        return "\(text.prefix(4))-\(text.dropFirst(4).prefix(2))-\(text.suffix(2))"
    }
}

extension BiologicalModel {
    /// The model's name for people.
    var readableName: String {
        switch self {
        case .physical: "none (absorbed dose)"
        case .constantRBE(let rbe): "constant RBE \(NumberText.significant(rbe, 3))"
        case .clinicalMKM: "clinical dose of NIRS/QST (modified MKM, HSG cells)"
        }
    }

    /// Its parameters with their source.
    var facts: [ReportFact] {
        switch self {
        case .physical, .constantRBE: return [ReportFact("RBE model", readableName)]
        case .clinicalMKM(let model):
            func number(_ value: Double) -> String { NumberText.significant(value, 3) }
            let source = "Inaniwa et al., PMB 60 (2015) 3271"
            return [
                ReportFact("RBE model", readableName, source: source),
                ReportFact(
                    "α₀, β of the cells", "\(number(model.alpha0)) Gy⁻¹, \(number(model.beta)) Gy⁻²",
                    source: "Inaniwa et al., PMB 55 (2010) 6721"),
                ReportFact(
                    "α, β of the reference beam",
                    "\(number(model.referenceAlpha)) Gy⁻¹, \(number(model.referenceBeta)) Gy⁻²",
                    source: source),
                ReportFact("Clinical factor", number(model.clinicalFactor), source: source),
            ]
        }
    }
}
