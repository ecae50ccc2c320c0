import Frames
import PatientModel
import PlanModel
import PlanOptimization
import Radiobiology
import Volumes

#if canImport(Glibc)
    import Glibc
#endif

/// A water box with a cubic target, an organ behind it, and two opposed fields along x of made-up carbon-like spots.
///
/// The dose of an ion is a rising curve with a peak at its range and a Gaussian across; z* rises towards the peak.
/// The figures are no beam data: they have the shape that the optimiser meets.
struct WaterBox {
    let geometry: VolumeGeometry
    let masks: [String: StructureMask]
    let voxels: OptimisationVoxels
    let model: DenseDoseModel
    let fieldSpots: [Range<Int>]

    static let spacingMM = 4.0
    static let targetMM = 24.0...48.0
    static let organMM = 52.0...64.0

    /// - Parameter cutOrgan: The organ's voxels at its face towards the target are inside with a quarter only.
    init(fields: Int = 2, cutOrgan: Bool = false) {
        let geometry = VolumeGeometry(
            dimensions: SIMD3(20, 14, 14), origin: Point3(SIMD3(2, 2, 2)),
            spacingMM: SIMD3(repeating: Self.spacingMM), frameOfReferenceUID: "1.2.3")
        func box(_ x: ClosedRange<Double>, cut: Bool = false) -> StructureMask {
            var indices: [Int32] = []
            var shares: [Float] = []
            for index in 0..<geometry.voxelCount {
                let v = geometry.voxel(at: index)
                let p = geometry.centre(v.x, v.y, v.z).mm
                if x.contains(p.x) && (16...40).contains(p.y) && (16...40).contains(p.z) {
                    indices.append(Int32(index))
                    shares.append(cut && p.x - Self.spacingMM < x.lowerBound ? 0.25 : 1)
                }
            }
            return StructureMask(
                geometry: geometry, indices: indices, shares: shares,
                centroids: shares.map { $0 < 1 ? SIMD3(0.375, 0, 0) : .zero })
        }
        let all = StructureMask(
            geometry: geometry, indices: (0..<Int32(geometry.voxelCount)).map { $0 },
            shares: Array(repeating: 1, count: geometry.voxelCount))
        self.geometry = geometry
        masks = ["CTV": box(Self.targetMM), "Organ": box(Self.organMM, cut: cutOrgan), "External": all]
        voxels = OptimisationVoxels(masks: masks, targets: ["CTV"], extremes: ["Organ"], voxelLimit: 400)

        var (dose, doseZStar) = ([[Float]](), [[Float]]())
        var fieldSpots: [Range<Int>] = []
        for field in 0..<fields {
            let first = dose.count
            let ranges = stride(from: 24.0, through: 52, by: 4).map { field == 0 ? $0 : $0 + 4 }
            for range in ranges.reversed() {
                for y in stride(from: 12.0, through: 44, by: 5) {
                    for z in stride(from: 12.0, through: 44, by: 5) {
                        var (d, dz) = ([Float](), [Float]())
                        for index in voxels.indices {
                            let v = geometry.voxel(at: Int(index))
                            let p = geometry.centre(v.x, v.y, v.z).mm
                            let depth = field == 0 ? p.x : 80 - p.x
                            let r2 = (p.y - y) * (p.y - y) + (p.z - z) * (p.z - z)
                            let value = 1e-7 * Self.depthDose(depth, range) * exp(-r2 / 50)
                            d.append(Float(value))
                            dz.append(Float(value * Self.zStar(depth, range)))
                        }
                        dose.append(d)
                        doseZStar.append(dz)
                    }
                }
            }
            fieldSpots.append(first..<dose.count)
        }
        model = DenseDoseModel(dose: dose, doseZStar: doseZStar, voxelCount: voxels.indices.count)
        self.fieldSpots = fieldSpots
    }

    private static func depthDose(_ depth: Double, _ range: Double) -> Double {
        let before = max(0, range - depth)
        let rising = 1 / (0.6 + before / 10).squareRoot() + 0.2
        return depth <= range ? rising : rising * exp(-(depth - range) * (depth - range) / 12) + 0.02
    }

    private static func zStar(_ depth: Double, _ range: Double) -> Double {
        depth <= range ? 4 + 18 * exp(-(range - depth) / 12) : 12
    }

    /// A problem with these objectives: 60 Gy (RBE) in 16 fractions with the clinical model.
    func problem(_ objectives: [DoseObjective], minimumParticles: Double = 0) -> OptimisationProblem {
        OptimisationProblem(
            doseModel: model, voxels: voxels, objectives: objectives,
            biologicalModel: .clinicalMKM(.nirs2015), fractions: 16, fieldSpots: fieldSpots,
            minimumParticles: fieldSpots.map { _ in minimumParticles })
    }

    /// Total RBE-weighted dose in the voxels of a structure.
    func totalDose(_ weights: [Double], in name: String) async throws -> [Double] {
        let (dose, doseZStar) = try await model.forward(weights: weights, threads: 1)
        return (voxels.structures[name]?.rows ?? []).map {
            16
                * BiologicalModel.clinicalMKM(.nirs2015).rbeWeightedDose(
                    dose: Double(dose[Int($0)]), doseZStar: Double(doseZStar[Int($0)])
                ).value
        }
    }
}

/// Uniform target dose with little elsewhere.
let standardObjectives = [
    DoseObjective(structureName: "CTV", kind: .squaredDeviation(dose: 60), priority: 100),
    DoseObjective(structureName: "Organ", kind: .squaredOverdose(dose: 20), priority: 5),
    DoseObjective(structureName: "External", kind: .squaredOverdose(dose: 40), priority: 5),
]
