import FacilityModel
import Frames
import PatientModel
import PlanEvaluation
import PlanModel
import Quantities
import Radiobiology
import Reporting
import Volumes

extension SyntheticHead {
    /// A full report of the synthetic head.
    static func report() throws -> TreatmentReport {
        let fraction = fractionDose
        let dose = PlanDose(distribution: fraction, biologicalModel: .clinicalMKM(.nirs2015), fractions: 16)
        var masks: [String: StructureMask] = [:]
        for structure in structures.structures {
            masks[structure.name] = try StructureMask.rasterise(structure, on: doseGeometry)
        }
        let letD = dose.averagedLET()
        return TreatmentReport(
            plan: plan(), machine: machine, ct: ct, structures: structures, fractionDose: fraction,
            biologicalModel: .clinicalMKM(.nirs2015),
            evaluations: organs.compactMap { organ in
                masks[organ.name].flatMap {
                    StructureEvaluation(
                        structureName: organ.name, dose: dose, letD: letD, mask: $0, prescribedDose: 60.8,
                        isTarget: organ.name.hasSuffix("TV"))
                }
            }, goals: GoalEvaluation.evaluate(goals, dose: dose, masks: masks, prescribedDose: 60.8),
            findings: [
                Finding(
                    severity: .warning, code: "PLAN-0031",
                    message:
                        "14 spots were raised to the least number of ions (10 000) check the dose at the field edge",
                    path: "fields[1].layers[22]"),
                Finding(severity: .information, code: "PLAN-0002", message: "3 fields, 72 layers"),
            ],
            machineFacts: [
                ReportFact("– scanning speed (x, y)", "100, 50 m/s", source: "published, high confidence"),
                ReportFact("– position spread of the beam", "0.5 mm", source: "assumed"),
            ],
            modelFacts: [
                ReportFact(
                    "Beam data", "carbon-water 1.0, 27 energies",
                    source: "own transport, 2×10⁶ histories each"),
                ReportFact(
                    "CT calibration", "stoichiometric, 24 tissues",
                    source: "Schneider et al., PMB 45 (2000) 459"),
            ],
            provenance: ReportProvenance(
                program: "kasane 0.1.0",
                inputs: [
                    .init(
                        name: "beam-data/carbon-water", version: "1.0",
                        hash: "3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b8551")
                ], seed: 1, options: [ReportFact("Dose grid", "2 mm")],
                timings: [("import", 2.1), ("influence", 21.4), ("optimisation", 34.9)]),
            date: "2026-11-24 02:00 UTC")
    }

    static let goals = [
        ClinicalGoal(structureName: "CTV", metric: .doseAtVolume(0.95), comparison: .atLeast, value: 57.76),
        ClinicalGoal(structureName: "CTV", metric: .doseAtVolume(0.02), comparison: .atMost, value: 65.06),
        ClinicalGoal(
            structureName: "Brainstem", metric: .doseAtAbsoluteVolume(cm3: 0.7), comparison: .atMost,
            value: 30),
        ClinicalGoal(structureName: "OpticChiasm", metric: .maximumDose, comparison: .atMost, value: 2),
        ClinicalGoal(
            structureName: "TemporalLobe_L", metric: .volumeAtDose(50), comparison: .atMost, value: 0.05),
        ClinicalGoal(structureName: "Brainstem", metric: .meanLETd, comparison: .atMost, value: 60),
    ]
}
