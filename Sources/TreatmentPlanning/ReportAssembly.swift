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
        var facts = [ReportFact("CT calibration", planner.input.conversion.name)]
        if !provenance.options.contains(where: { $0.name == Planner.doseEngineFact }) {
            facts.append(
                ReportFact(
                    Planner.doseEngineFact,
                    "pencil beams of three components, split into sub-beams; dose to water",
                    source: "docs/theory/pencil-beam.md"))
        }
        // Dose grid and constants of the RBE model are listed by the report itself.
        facts += beamDataFacts
        var appearance = ReportAppearance()
        appearance.title = request.report.title
        if !request.report.isodoses.isEmpty { appearance.isodoses = request.report.isodoses }
        // Structures that the plan file lists: only these, in that order.
        let listed = request.report.structures
        var structures = planner.input.patient.structures
        var evaluations = evaluation.structures
        if !listed.isEmpty {
            func place(_ name: String) -> Int { listed.firstIndex(of: name) ?? listed.count }
            appearance.hiddenStructures = Set(structures.structures.map(\.name)).subtracting(listed)
            structures.structures.sort { place($0.name) < place($1.name) }
            evaluations = evaluations.filter { listed.contains($0.structureName) }
                .sorted { place($0.structureName) < place($1.structureName) }
        }
        return TreatmentReport(
            plan: plan, machine: machine.machine, ct: planner.input.patient.ct,
            structures: structures, fractionDose: fractionDose,
            fieldDoses: fieldDoses, biologicalModel: request.biology.model,
            stoppingPowerRatio: planner.images.stoppingPowerRatio, evaluations: evaluations,
            goals: evaluation.goals,
            findings: findings, deliveryFacts: DeliveryTimeFacts.facts(plan, machine: machine),
            machineFacts: machineFacts(machine), modelFacts: facts,
            provenance: provenance, date: date, appearance: appearance)
    }

    /// What must be said of the machine, then the figures that a plan depends on: known ones first, then assumed ones.
    static func machineFacts(_ machine: MachineDescription) -> [ReportFact] {
        let figures = machine.figures.filter { figure in
            ["synchrotron", "energies", "nozzles", "ports"].contains { figure.path.hasPrefix($0) }
        }
        let known = figures.filter { $0.confidence != .assumed }
        let assumed = figures.filter { $0.confidence == .assumed }
        return [machine.notice.map { ReportFact("Notice", $0) }].compactMap { $0 }
            + known.map {
                ReportFact($0.path, FigureText.value($0), source: "\($0.source) (\($0.confidence.rawValue))")
            }
            + assumed.map {
                ReportFact($0.path, FigureText.value($0), source: "assumed: \($0.note ?? $0.source)")
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
