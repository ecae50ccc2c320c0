import CaseFiles
import Frames
import PatientModel
import PlanModel
import Quantities
import Testing

/// A complete plan file; tests break one line at a time.
let wholePlan = """
    format: kasane-plan
    version: 1
    label: TEST
    patient:
      folder: images/head
      external: External
    calibration: schneider
    overrides:
      - {structure: Filling, hounsfield: 50}
      - {structure: Bolus, material: water}
    machine: yamagata
    biology: clinical-mkm
    prescription: {target: CTV, dose: 60.8, fractions: 16}
    fields:
      - name: left
        port: gantry
        gantry-angle: 90
        couch-angle: 0
        isocentre: target-centre
      - name: right
        port: gantry
        gantry-angle: 270
        couch-angle: 10
        isocentre: [1.5, -20, 30]
        range-shifter: RS30
    spots:
      lateral-spacing: 3
      layer-spacing: 2
      lateral-margin: 4
      proximal-margin: 3
      distal-margin: 2
    dose-grid: {spacing: 2}
    optimisation: {mode: multi-field, iterations: 200, tolerance: 1e-4}
    objectives:
      - {structure: CTV, squared-deviation: 60.8, priority: 100}
      - {structure: Brainstem, squared-overdose: 30, priority: 10}
      - {structure: Brain, maximum-dvh: {dose: 20, volume: 10 %}, priority: 2}
      - {structure: Brain, maximum-eud: {dose: 10, a: 2}, priority: 1, quantity: physical}
    constraints:
      - {structure: Brainstem, maximum-dose: 50}
    goals:
      - CTV: D95 >= 57.76
      - Brainstem: D0.1cc <= 50 Gy(RBE)
      - Brain: V20Gy <= 30 %
      - CTV: physical Dmean <= 25
    report: {title: Test, structures: [CTV, Brain], isodoses: [95 %, 0.5]}
    seed: 7

    """

@Suite struct PlanFileTests {
    @Test func wholeFileIsRead() throws {
        let plan = try PlanFile.read(text: wholePlan, file: "plan.yaml")
        #expect(plan.label == "TEST")
        #expect(plan.patient == PatientSelection(folder: "images/head", externalName: "External"))
        #expect(plan.calibration == .schneider)
        #expect(plan.outsideExternal == .air)
        #expect(
            plan.overrides == [
                MaterialOverride(structureName: "Filling", replacement: .hounsfield(50)),
                MaterialOverride(structureName: "Bolus", replacement: .water),
            ])
        #expect(plan.machine == "yamagata")
        #expect(plan.biology == .clinicalMKM)
        #expect(plan.prescription.totalDose == RBEWeightedDose(60.8))
        #expect(plan.prescription.fractions == 16)
        #expect(plan.fields.count == 2)
        #expect(plan.fields[0].isocentre == .targetCentre)
        #expect(plan.fields[1].isocentre == .point(Point3(1.5, -20, 30)))
        #expect(plan.fields[1].rangeShifterID == "RS30")
        #expect(plan.fields[1].patientSupportAngle == AngleDegrees(10))
        #expect(plan.doseGridSpacingMM == SIMD3(2, 2, 2))
        #expect(plan.spots.distalMarginMM == 2)
        #expect(plan.optimisation.mode == .multiField)
        #expect(plan.objectives.count == 5)
        #expect(plan.objectives[2].kind == .maximumDVH(dose: 20, volume: 0.1))
        #expect(plan.objectives[3].quantity == .physical)
        #expect(plan.objectives[4].isConstraint)
        #expect(
            plan.goals == [
                ClinicalGoal(
                    structureName: "CTV", metric: .doseAtVolume(0.95), comparison: .atLeast,
                    value: 57.76),
                ClinicalGoal(
                    structureName: "Brainstem", metric: .doseAtAbsoluteVolume(cm3: 0.1),
                    comparison: .atMost, value: 50),
                ClinicalGoal(
                    structureName: "Brain", metric: .volumeAtDose(20), comparison: .atMost,
                    value: 0.3),
                ClinicalGoal(
                    structureName: "CTV", metric: .meanDose, comparison: .atMost, value: 25,
                    quantity: .physical),
            ])
        #expect(plan.report.isodoses == [0.95, 0.5])
        #expect(plan.seed == 7)
    }

    @Test func otherChoicesAreRead() throws {
        let text = wholePlan.replacing("calibration: schneider", with: "calibration: {file: a.csv}")
            .replacing("biology: clinical-mkm", with: "biology: {constant-rbe: 2.5}")
            .replacing("dose-grid: {spacing: 2}", with: "dose-grid: {spacing: [2, 2, 3]}")
            .replacing("machine: yamagata", with: "machine: yamagata\noutside-external: as-imaged")
        let plan = try PlanFile.read(text: text, file: "plan.yaml")
        #expect(plan.calibration == .file("a.csv"))
        #expect(plan.biology == .constantRBE(2.5))
        #expect(plan.doseGridSpacingMM == SIMD3(2, 2, 3))
        #expect(plan.outsideExternal == .asImaged)
    }
}
