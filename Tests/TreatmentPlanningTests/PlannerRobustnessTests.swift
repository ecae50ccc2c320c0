import BeamData
import CaseFiles
import FacilityModel
import Frames
import PatientModel
import PencilBeam
import PlanEvaluation
import PlanModel
import Quantities
import Radiobiology
import TestSupport
import Testing
import TreatmentPlanning
import Volumes

/// A plan under errors against doses that are computed directly, on a box of water of 30 mm with the real beam data.
@Suite struct PlannerRobustnessTests {
    private static let text = """
        format: kasane-plan
        version: 1
        label: BOX
        patient: {folder: ., external: External}
        calibration: schneider
        machine: yamagata
        biology: clinical-mkm
        prescription: {target: CTV, dose: 40, fractions: 10}
        fields: [{name: F1, port: horizontal, gantry-angle: 90, couch-angle: 0, isocentre: [1, 2, 3]}]
        spots: {lateral-spacing: 5, layer-spacing: 5, lateral-margin: 3, proximal-margin: 2, distal-margin: 2}
        dose-grid: {spacing: 2}
        optimisation: {mode: multi-field, iterations: 10, tolerance: 5e-3}
        objectives: [{structure: CTV, squared-deviation: 40, priority: 100}]
        goals:
          - CTV: D50 >= 1
          - CTV: Dmax <= 1000

        """

    /// One field from the left: 80 MeV/u stop in the target, whose middle is 15 mm deep.
    static func plan() -> Plan {
        var plan = CheckSamples.plan()
        plan.fields.removeLast()
        let spots = (-2...2).flatMap { row in
            (-2...2).map { Spot(positionMM: SIMD2(4 * Double($0), 4 * Double(row)), particles: 2e7) }
        }
        plan.fields[0].layers = [76.0, 80].map { EnergyLayer(energy: EnergyPerNucleon($0), spots: spots) }
        return plan
    }

    /// The planner for a patient who lies `shift` away from where the CT was taken, and their dose grid with them.
    static func planner(_ samples: CheckSamples, shift: SIMD3<Double> = .zero) throws -> Planner {
        var patient = try PatientImport(folder: samples.folder)
        let ct = patient.ct
        let old = ct.geometry
        let moved = VolumeGeometry(
            dimensions: old.dimensions, origin: Point3(old.origin.mm + shift), spacingMM: old.spacingMM,
            frameOfReferenceUID: old.frameOfReferenceUID)
        patient.ct = CTImage(
            hounsfield: Volume(geometry: moved, values: ct.hounsfield.values),
            patientPosition: ct.patientPosition, seriesInstanceUID: ct.seriesInstanceUID,
            studyInstanceUID: ct.studyInstanceUID, sliceInstanceUIDs: ct.sliceInstanceUIDs,
            patient: ct.patient)
        for index in patient.structures.structures.indices {
            patient.structures.structures[index].contours = patient.structures.structures[index].contours.map
            {
                Contour(zMM: $0.zMM + shift.z, points: $0.points.map { $0 + SIMD2(shift.x, shift.y) })
            }
        }
        let data = try BeamDataStore.read(
            path: DataStore.find().path(BeamDataStore.relativePath(of: .carbon12)))
        let machine = CheckSamples.machine()
        let grid = VolumeGeometry(
            dimensions: SIMD3(17, 17, 14), origin: Point3(SIMD3(-16, -16, -13) + shift),
            spacingMM: SIMD3(2, 2, 2), frameOfReferenceUID: old.frameOfReferenceUID)
        return try Planner(
            PlanningInput(
                request: PlanFile.read(text: text, file: "box.yaml"), patient: patient, machine: machine,
                conversion: .schneider, depthTables: DepthTableCache.tables(of: machine, beamData: data),
                threads: 2, doseGrid: grid))
    }

    private static func fraction(_ planner: Planner, _ plan: Plan) async throws -> DoseDistribution {
        let doses = try await planner.dose(of: plan) { _ in }
        return try #require(DoseDistribution.sum(plan.fields.compactMap { doses[$0.number] }))
    }

    private static func outcome(
        _ planner: Planner, _ dose: DoseDistribution, _ plan: Plan
    ) throws -> RobustnessEvaluation.Outcome {
        try #require(
            RobustnessEvaluation.Outcome(
                scenario: .nominal,
                dose: PlanDose(
                    distribution: dose, biologicalModel: .clinicalMKM(.nirs2015),
                    fractions: plan.prescription.fractions), goals: planner.input.request.goals,
                prescription: plan.prescription, masks: planner.masks.byName))
    }

    @Test(arguments: [SIMD3(3.0, 0, 0), SIMD3(0, -4, 0), SIMD3(0, 0, 5), SIMD3(2, 1, -3)])
    func aShiftIsThatOfThePatientUnderFixedBeams(shift: SIMD3<Double>) async throws {
        let samples = try CheckSamples()
        try samples.writePlan()
        let plan = Self.plan()
        let planner = try Self.planner(samples)
        let nominal = try await Self.fraction(planner, plan)
        let robustness = try await planner.robustness(
            of: plan, fractionDose: nominal,
            scenarios: [ErrorScenario(shiftMM: shift, rangeError: 0)]
        ) { _ in }
        let moved = try Self.planner(samples, shift: shift)
        let direct = try Self.outcome(moved, try await Self.fraction(moved, plan), plan)
        let found = robustness.outcomes[0]
        expectClose(
            found.targetD95, direct.targetD95, relative: 1e-3, because: "the patient moved under fixed beams")
        expectClose(found.targetD2, direct.targetD2, relative: 1e-3, because: "the same dose")
        expectClose(
            found.goals[0].value ?? 0, direct.goals[0].value ?? 1, relative: 1e-3, because: "the same median")
        // The beam runs along x: a shift along it leaves the dose as it is, all others matter, so that the comparison can fail.
        let change = abs(found.targetD95 / robustness.nominal.targetD95 - 1)
        #expect(shift.y == 0 && shift.z == 0 ? change < 0.005 : change > 0.01, "\(change)")
    }

    @Test(arguments: [0.035, -0.035]) func aRangeErrorScalesTheStoppingPower(error: Double) async throws {
        let samples = try CheckSamples()
        try samples.writePlan()
        let plan = Self.plan()
        let planner = try Self.planner(samples)
        let nominal = try await Self.fraction(planner, plan)
        let robustness = try await planner.robustness(
            of: plan, fractionDose: nominal,
            scenarios: [ErrorScenario(shiftMM: .zero, rangeError: error)]
        ) { _ in }
        let tables = try #require(planner.input.depthTables["horizontal"])
        let engine = try PencilBeamEngine(
            images: MaterialImages(
                stoppingPowerRatio: planner.images.stoppingPowerRatio.map { $0 * Float(1 + error) },
                scatteringRatio: planner.images.scatteringRatio, nuclearRatio: planner.images.nuclearRatio),
            machine: planner.input.machine, patientPosition: plan.patientPosition,
            depthTable: { try tables.table($0) })
        let dose = try await engine.dose(of: plan.fields[0], grid: planner.masks.grid, threads: 1) { _ in }
        let direct = try Self.outcome(planner, dose, plan)
        expectClose(
            robustness.outcomes[0].targetD95, direct.targetD95, relative: 1e-5, because: "the same engine")
        // Gantry 90°: the beam runs towards −x. Tissue that stops more leaves less behind the peak.
        let behind = Point3<DICOMPatient>(-6, 2, 3)
        let (with, without) = (dose.dose.interpolated(at: behind), nominal.dose.interpolated(at: behind))
        let ratio = try #require(with) / #require(without)
        #expect(error > 0 ? ratio < 0.97 : ratio > 1.03, "\(ratio)")
    }

    @Test func noScenarioLeavesThePlanAsItIs() async throws {
        let samples = try CheckSamples()
        try samples.writePlan()
        let plan = Self.plan()
        let planner = try Self.planner(samples)
        let nominal = try await Self.fraction(planner, plan)
        let robustness = try await planner.robustness(of: plan, fractionDose: nominal, scenarios: []) { _ in }
        #expect(robustness.outcomes.isEmpty)
        let again = try await planner.robustness(
            of: plan, fractionDose: nominal, scenarios: [.nominal]
        ) { _ in }
        #expect(again.outcomes[0].targetD95 == robustness.nominal.targetD95)
    }
}
