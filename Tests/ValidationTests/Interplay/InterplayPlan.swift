import CaseFiles
import DeliveryControl
import DeliverySimulation
import FacilityModel
import Foundation
import Frames
import PatientModel
import PencilBeam
import PlanEvaluation
import PlanModel
import PlanOptimization
import Quantities
import Radiobiology
import TreatmentPlanning
import Volumes

/// One field on a ball of 40 mm in water that breathing moves by up to 10 mm across the beam: the plan, and its dose when delivered.
///
/// The plan irradiates everything that the ball passes through, so that what is missing in the ball is interplay and not margin. Beam
/// along −x (gantry 90°), motion along z, which is across the beam and along the slow axis of scanning.
struct InterplayPlan: Sendable {
    static let motionMM = 10.0
    static let periodS = 3.5
    static let radiusMM = 20.0
    static let prescription = Prescription(
        targetName: "swept", totalDose: RBEWeightedDose(60.8), fractions: 16)
    static let model = BiologicalModel.clinicalMKM(.nirs2015)
    static let motion = AnatomyMotion(everywhere: Vector3(0, 0, motionMM))
    static let threads = 2

    let plan: Plan
    let target: StructureMask
    let grid: VolumeGeometry
    private let engine: PencilBeamEngine
    private let images: MaterialImages

    init() async throws {
        let folder = BeamDataValidation.dataFolder
        let machine = try MachineFile.read(path: folder + "/machines/yamagata.yaml").machine
        let data = try BeamDataStore.read(path: folder + "/" + BeamDataStore.relativePath(of: machine.ion))
        guard let tables = DepthTableCache.tables(of: machine, beamData: data)["gantry"] else {
            throw CocoaError(.fileReadCorruptFile)
        }
        let source: DepthTableSource = { try tables.table($0) }
        let water = Volume<Float>(
            geometry: VolumeGeometry(
                dimensions: SIMD3(36, 36, 36), origin: Point3(-87.5, -87.5, -82.5), spacingMM: SIMD3(5, 5, 5),
                frameOfReferenceUID: "1"), repeating: 1)
        images = MaterialImages(stoppingPowerRatio: water, scatteringRatio: water, nuclearRatio: water)
        engine = try PencilBeamEngine(
            images: images, machine: machine, patientPosition: .headFirstSupine, depthTable: source)
        let grid = VolumeGeometry(
            dimensions: SIMD3(27, 27, 31), origin: Point3(-32.5, -32.5, -32.5),
            spacingMM: SIMD3(2.5, 2.5, 2.5),
            frameOfReferenceUID: "1")
        self.grid = grid
        /// Voxels within a distance of the way from the ball's centre at exhalation to that at inhalation.
        func around(_ radius: Double, wayMM: Double) -> StructureMask {
            let indices = (0..<grid.voxelCount).filter { index in
                let v = grid.voxel(at: index)
                var p = grid.centre(v.x, v.y, v.z).mm
                p.z -= min(max(p.z, 0), wayMM)
                return (p * p).sum() < radius * radius
            }
            return StructureMask(
                geometry: grid, indices: indices.map { Int32($0) }, shares: indices.map { _ in 1 })
        }
        target = around(Self.radiusMM, wayMM: 0)
        let swept = around(Self.radiusMM + 1, wayMM: Self.motionMM)
        var settings = SpotPlacementSettings()
        settings.spotSpacingMM = 3
        settings.layerSpacingMM = 3
        settings.lateralMarginMM = 5
        var field = Field(
            number: 1, name: "field", portID: "gantry", gantryAngle: AngleDegrees(90),
            patientSupportAngle: AngleDegrees(0), isocentre: Point3(0, 0, 0))
        field.layers = try await SpotPlacement(
            images: images, machine: machine, patientPosition: .headFirstSupine, settings: settings,
            depthTable: source
        ).place(field: field, target: swept, targetName: "swept", threads: Self.threads)
        let everything = around(100, wayMM: 0)
        let voxels = OptimisationVoxels(masks: ["swept": swept, "body": everything], targets: ["swept"])
        let matrix = try await engine.influence(
            of: [field], grid: grid, voxels: voxels.indices, threads: Self.threads)
        let total = Self.prescription.totalDose.value
        let result = try await PlanOptimizer.optimise(
            OptimisationProblem(
                doseModel: matrix, voxels: voxels,
                objectives: [
                    DoseObjective(
                        structureName: "swept", kind: .squaredDeviation(dose: total), priority: 100),
                    DoseObjective(structureName: "body", kind: .squaredOverdose(dose: total), priority: 1),
                ], biologicalModel: Self.model, fractions: Self.prescription.fractions,
                fieldSpots: [0..<field.spotCount], minimumParticles: [3000]), threads: Self.threads)
        var next = 0
        for layer in field.layers.indices {
            for spot in field.layers[layer].spots.indices {
                field.layers[layer].spots[spot].particles = result.weights[next]
                next += 1
            }
            field.layers[layer].spots.removeAll { $0.particles == 0 }
        }
        field.layers.removeAll { $0.spots.isEmpty }
        plan = Plan(
            label: "INTERPLAY", machineName: machine.name, ion: machine.ion,
            patientPosition: .headFirstSupine, prescription: Self.prescription, fields: [field])
    }

    /// Total RBE-weighted dose of fractions like this one, in the ball.
    ///
    /// - Parameter trace: nil for a ball at rest.
    func dose(_ delivered: DeliveredSpots, trace: BreathingTrace?) async throws -> Volume<Float> {
        var parts: [DoseDistribution] = []
        for phase in BreathingPhases(
            [delivered], trace: trace ?? BreathingTrace(), count: trace == nil ? 1 : 10
        ).phases {
            let moved = try plan.delivered(phase.delivered, merging: true)
            let amplitude = trace == nil ? 0 : phase.amplitude
            let engine = try PencilBeamEngine(
                images: try await images.moved(by: Self.motion, amplitude: amplitude, threads: Self.threads),
                machine: engine.machine, patientPosition: engine.patientPosition,
                depthTable: engine.depthTable)
            let dose = try await engine.dose(of: moved.fields, grid: grid, threads: Self.threads)
            let back = try await Self.motion.pulledBack(
                [dose.dose, dose.doseZStar, dose.doseLET], amplitude: amplitude, threads: Self.threads)
            parts.append(DoseDistribution(dose: back[0], doseZStar: back[1], doseLET: back[2]))
        }
        guard let sum = DoseDistribution.sum(parts) else { throw CancellationError() }
        return PlanDose(
            distribution: sum, biologicalModel: Self.model, fractions: Self.prescription.fractions
        ).rbeWeighted
    }
}
