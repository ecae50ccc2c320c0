import Frames
import PlanModel
import Quantities
import Radiobiology
import Reporting
import Volumes

extension SyntheticHead {
    static func report() -> TreatmentReport {
        let fraction = dose()
        let plan = plan()
        let doses = ReportDoses(fraction: fraction, model: .clinicalMKM(.nirs2015), fractions: 16)
        return TreatmentReport(
            plan: plan, machine: machine, ct: ct(), structures: structures, fractionDose: fraction,
            biologicalModel: .clinicalMKM(.nirs2015), evaluations: evaluations(doses), goals: goals(doses),
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

    private static func evaluations(_ doses: ReportDoses) -> [StructureEvaluation] {
        organs.map { organ in
            let values = samples(organ.shape, doses.rbeWeighted)
            func atVolume(_ share: Double) -> Double {
                values[min(Int(share * Double(values.count)), values.count - 1)]
            }
            let curve = stride(from: 0.0, through: 70, by: 0.25).map { level -> SIMD2<Double> in
                SIMD2(level, Double(values.count { $0 >= level }) / Double(values.count))
            }
            let isTarget = organ.name.hasSuffix("TV")
            return StructureEvaluation(
                structureName: organ.name,
                volumeCM3: 4 / 3 * .pi * organ.shape.radii.x * organ.shape.radii.y * organ.shape.radii.z
                    / 1000,
                curve: curve, d98: atVolume(0.98), d95: atVolume(0.95), d50: atVolume(0.5),
                d2: atVolume(0.02),
                meanDose: values.reduce(0, +) / Double(values.count), maximumDose: values.first ?? 0,
                v95: Double(values.count { $0 >= 57.76 }) / Double(values.count), meanLETd: 41.3,
                homogeneityIndex: isTarget ? (atVolume(0.02) - atVolume(0.98)) / atVolume(0.5) : nil,
                conformityIndex: isTarget ? 0.86 : nil)
        }
    }

    private static func goals(_ doses: ReportDoses) -> [GoalOutcome] {
        [
            GoalOutcome(
                goal: ClinicalGoal(
                    structureName: "CTV", metric: .doseAtVolume(0.95), comparison: .atLeast, value: 57.76),
                achieved: 58.2, isMet: true),
            GoalOutcome(
                goal: ClinicalGoal(
                    structureName: "CTV", metric: .doseAtVolume(0.02), comparison: .atMost, value: 65.06),
                achieved: 63.9, isMet: true),
            GoalOutcome(
                goal: ClinicalGoal(
                    structureName: "Brainstem", metric: .doseAtAbsoluteVolume(cm3: 0.7), comparison: .atMost,
                    value: 30),
                achieved: 33.25, isMet: false),
            GoalOutcome(
                goal: ClinicalGoal(
                    structureName: "TemporalLobe_L", metric: .volumeAtDose(50), comparison: .atMost,
                    value: 0.05),
                achieved: 0.012, isMet: true),
        ]
    }

    /// Doses inside a shape, from the greatest down.
    private static func samples(_ shape: Ellipsoid, _ volume: Volume<Float>) -> [Double] {
        let g = volume.geometry
        return volume.values.indices.compactMap { index in
            let v = g.voxel(at: index)
            return shape.level(g.centre(v.x, v.y, v.z).mm) < 1 ? Double(volume.values[index]) : nil
        }.sorted(by: >)
    }
}
