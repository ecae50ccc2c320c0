import CaseFiles
import FacilityModel
import Foundation
import PatientModel
import PlanEvaluation
import PlanModel
import Quantities
import Radiobiology
import Reporting
import Volumes

/// Puts together what a report shows from a plan, its dose and what they were made with.
public enum ReportAssembly {
    /// - Parameters:
    ///   - fieldDoses: Dose of one fraction by field number.
    ///   - planner: Images, masks and input that the plan was made with.
    ///   - date: As it is to be printed.
    public static func report(
        plan: Plan, fieldDoses: [Int: DoseDistribution], fractionDose: DoseDistribution, planner: Planner,
        machine: MachineDescription, evaluation: TreatmentEvaluation, findings: [Finding],
        provenance: ReportProvenance, beamDataFacts: [ReportFact], date: String
    ) -> TreatmentReport {
        let request = planner.input.request
        var facts = [
            ReportFact("CT calibration", planner.input.conversion.name),
            ReportFact(
                "Dose engine",
                "pencil beams of three components, split into sub-beams; dose to water",
                source: "docs/theory/pencil-beam.md"),
        ]
        // Dose grid and constants of the RBE model are listed by the report itself.
        facts += beamDataFacts
        var appearance = ReportAppearance()
        if !request.report.isodoses.isEmpty { appearance.isodoses = request.report.isodoses }
        if !request.report.structures.isEmpty {
            let shown = Set(request.report.structures)
            appearance.hiddenStructures = Set(planner.input.patient.structures.structures.map(\.name))
                .subtracting(shown)
        }
        return TreatmentReport(
            plan: plan, machine: machine.machine, ct: planner.input.patient.ct,
            structures: planner.input.patient.structures, fractionDose: fractionDose,
            fieldDoses: fieldDoses, biologicalModel: request.biology.model,
            stoppingPowerRatio: planner.images.stoppingPowerRatio, evaluations: evaluation.structures,
            goals: evaluation.goals,
            findings: findings, machineFacts: machineFacts(machine), modelFacts: facts,
            provenance: provenance, date: date, appearance: appearance)
    }

    private static func machineFacts(_ machine: MachineDescription) -> [ReportFact] {
        let assumed = machine.figures.filter { $0.confidence == .assumed }
        let known = machine.figures.filter { $0.confidence != .assumed }
        return known.map {
            ReportFact($0.path, "\($0.value) \($0.unit)", source: "\($0.source) (\($0.confidence.rawValue))")
        }
            + assumed.map {
                ReportFact($0.path, "\($0.value) \($0.unit)", source: "assumed: \($0.note ?? $0.source)")
            }
    }
}

extension BiologyChoice {
    /// Name for DICOM comments and reports.
    public var name: String {
        switch self {
        case .clinicalMKM: "NIRS 2015 clinical dose (modified MKM, HSG)"
        case .constantRBE(let rbe): "constant RBE \(rbe)"
        case .physical: "RBE 1"
        }
    }
}
