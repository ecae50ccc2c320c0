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
        let grid = planner.masks.grid
        let spacing = grid.spacingMM
        var facts = [
            ReportFact("CT calibration", planner.input.conversion.name),
            ReportFact(
                "Dose grid",
                "\(grid.dimensions.x) x \(grid.dimensions.y) x \(grid.dimensions.z) voxels of "
                    + "\(text(spacing.x)) x \(text(spacing.y)) x \(text(spacing.z)) mm"),
            ReportFact(
                "Dose engine",
                "pencil beams of three components, split into sub-beams; dose to water",
                source: "docs/theory/pencil-beam.md"),
        ]
        facts += biologyFacts(request.biology)
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

    private static func biologyFacts(_ biology: BiologyChoice) -> [ReportFact] {
        switch biology.model {
        case .physical: [ReportFact("RBE model", "none: absorbed dose")]
        case .constantRBE(let rbe): [ReportFact("RBE model", "constant RBE \(text(rbe))")]
        case .clinicalMKM(let model):
            [
                ReportFact(
                    "RBE model", biology.name,
                    source: "Inaniwa et al., Phys. Med. Biol. 55 (2010) 6721; 60 (2015) 3271"),
                ReportFact("α₀, β of HSG cells", "\(text(model.alpha0)) /Gy, \(text(model.beta)) /Gy²"),
                ReportFact(
                    "reference α_r, β_r",
                    "\(text(model.referenceAlpha)) /Gy, \(text(model.referenceBeta)) /Gy²"),
                ReportFact("clinical factor", text(model.clinicalFactor)),
            ]
        }
    }

    private static func text(_ value: Double) -> String {
        value.formatted(
            .number.precision(.significantDigits(1...5)).locale(Locale(identifier: "en_US_POSIX")))
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
