import BeamData
import Frames
import PatientModel
import PencilBeam
import PlanModel
import Quantities
import TestSupport
import Testing
import Volumes

@Suite struct InfluenceMatrixTests {
    static let images = SyntheticBeam.images(
        SyntheticBeam.grid(extentMM: SIMD3(140, 140, 140), spacingMM: SIMD3(2, 2, 2))
    ) {
        // A bone and an air cavity beside the axis.
        if abs($0.x - 12) < 8, abs($0.y + 40) < 10, abs($0.z) < 12 { return SIMD3(1.6, 2.3, 1.4) }
        if abs($0.x + 12) < 8, abs($0.y + 20) < 10, abs($0.z) < 12 { return SIMD3(0.001, 0.001, 0.001) }
        return SIMD3(1, 1, 1)
    }
    static let grid = SyntheticBeam.grid(extentMM: SIMD3(75, 90, 75), spacingMM: SIMD3(2.5, 3, 2.5))

    static func fields(particles: (Int) -> Double) -> [Field] {
        var number = 0
        return [(0.0, 0.0), (75.0, 20.0)].map { angles in
            let layers = [200.0, 190, 180].map { energy in
                var spots: [Spot] = []
                for i in -3...3 {
                    for j in -3...3 where abs(i) + abs(j) < 6 {
                        spots.append(
                            Spot(
                                positionMM: SIMD2(4.3 * Double(i), 4.3 * Double(j)),
                                particles: particles(number)))
                        number += 1
                    }
                }
                return EnergyLayer(energy: EnergyPerNucleon(energy), spots: spots)
            }
            return SyntheticBeam.field(gantry: angles.0, couch: angles.1, layers: layers)
        }
    }

    func engine(cut: Double? = nil) throws -> PencilBeamEngine {
        var settings = PencilBeamSettings()
        if let cut {
            settings.influenceCut = cut
            settings.haloInfluenceCut = cut
        }
        return try PencilBeamEngine(
            images: Self.images, machine: SyntheticBeam.machine(), patientPosition: .headFirstSupine,
            settings: settings
        ) { SyntheticBeam.table($0) }
    }

    /// A ball of voxels around the target.
    static var voxels: [Int32] {
        (0..<grid.voxelCount).filter {
            let v = grid.voxel(at: $0)
            let p = grid.centre(v.x, v.y, v.z).mm
            return (p * p).sum() < 30 * 30
        }.map { Int32($0) }
    }

    static func weights(_ fields: [Field]) -> [Double] {
        fields.flatMap { $0.layers.flatMap { $0.spots.map(\.particles) } }
    }

    /// The dose merges the three layers and follows their sub-beams to the reach of the widest; the matrix has each
    /// layer with its own width and reach: 5·10⁻⁴. The default cut of small entries adds to that.
    @Test(arguments: [(1e-9, 5e-4), (nil, 2e-3)])
    func matrixTimesWeightsIsTheForwardDose(cut: Double?, tolerance: Double) async throws {
        let fields = Self.fields { 1e5 * Double(1 + $0 % 7) }
        let engine = try engine(cut: cut)
        let matrix = try await engine.influence(
            of: fields, grid: Self.grid, voxels: Self.voxels, threads: 2)
        let product = try await matrix.forward(weights: Self.weights(fields), threads: 2)
        let dose = try await engine.dose(of: fields, grid: Self.grid, threads: 2)
        let top = Double(dose.dose.values.max() ?? 0)
        let topZ = Double(dose.doseZStar.values.max() ?? 0)
        var (worst, worstZ) = (0.0, 0.0)
        for (row, voxel) in matrix.voxels.enumerated() {
            worst = max(worst, abs(Double(product.dose[row] - dose.dose.values[Int(voxel)])) / top)
            worstZ = max(
                worstZ, abs(Double(product.doseZStar[row] - dose.doseZStar.values[Int(voxel)])) / topZ)
        }
        #expect(worst < tolerance && worstZ < tolerance, "worst \(worst) and \(worstZ)")
        #expect(matrix.nonzeros > 100_000)
        if cut == nil {
            #expect(matrix.bytes < 6 * matrix.nonzeros)
            #expect(matrix.droppedDoseFraction > 0 && matrix.droppedDoseFraction < 0.01)
        }
    }

    @Test func oneColumnIsWithinHalfAUnitOfSixteenBits() async throws {
        let fields = Self.fields { $0 == 20 ? 1 : 0 }
        let engine = try engine(cut: 1e-9)
        let matrix = try await engine.influence(
            of: fields, grid: Self.grid, voxels: Self.voxels, threads: 2)
        let product = try await matrix.forward(weights: Self.weights(fields), threads: 1)
        let dose = try await engine.dose(of: fields, grid: Self.grid, threads: 2).dose
        let top = Double(dose.values.max() ?? 0)
        var worst = 0.0
        for (row, voxel) in matrix.voxels.enumerated() {
            worst = max(worst, abs(Double(product.dose[row] - dose.values[Int(voxel)])) / top)
        }
        // Half a unit of 1/65535 for the core, a share of it for the halo, and the halo's cut of sub-beams.
        #expect(worst < 1.0 / 65535, "worst rounding \(worst)")
        #expect(worst > 0)
    }

    @Test func transposedProductIsTheAdjoint() async throws {
        let fields = Self.fields { _ in 1 }
        let matrix = try await engine().influence(
            of: fields, grid: Self.grid, voxels: Self.voxels, threads: 2)
        let x = (0..<matrix.spotCount).map { Double(1 + ($0 * 7919) % 13) }
        let g = (0..<matrix.voxels.count).map { Float(($0 * 104_729) % 17) - 8 }
        let h = (0..<matrix.voxels.count).map { Float(($0 * 15_485) % 11) - 5 }
        let y = try await matrix.forward(weights: x, threads: 1)
        let t = try await matrix.transposed(doseGradient: g, doseZStarGradient: h, threads: 1)
        var (left, size) = (0.0, 0.0)
        for row in g.indices {
            let term = Double(g[row]) * Double(y.dose[row]) + Double(h[row]) * Double(y.doseZStar[row])
            left += term
            size += abs(term)
        }
        let right = zip(t, x).reduce(0) { $0 + $1.0 * $1.1 }
        expectClose(left, right, absolute: 1e-5 * size, because: "⟨g, A x⟩ = ⟨Aᵀ g, x⟩ in single precision")
    }

    @Test func matrixAndProductsDoNotDependOnThreads() async throws {
        let fields = Self.fields { _ in 1 }
        let one = try await engine().influence(
            of: fields, grid: Self.grid, voxels: Self.voxels, threads: 1)
        let two = try await engine().influence(
            of: fields, grid: Self.grid, voxels: Self.voxels, threads: 2)
        let x = (0..<one.spotCount).map { Double($0 % 5) }
        let a = try await one.forward(weights: x, threads: 1)
        let b = try await two.forward(weights: x, threads: 2)
        #expect(a.dose == b.dose && a.doseZStar == b.doseZStar)
        let ta = try await one.transposed(
            doseGradient: a.dose, doseZStarGradient: a.doseZStar, threads: 1)
        let tb = try await two.transposed(
            doseGradient: a.dose, doseZStarGradient: a.doseZStar, threads: 2)
        #expect(ta == tb)
        #expect(ta.contains { $0 > 0 })
    }

    @Test func selectingSpotsKeepsTheirColumns() async throws {
        let fields = Self.fields { _ in 1 }
        let matrix = try await engine().influence(
            of: fields, grid: Self.grid, voxels: Self.voxels, threads: 2)
        let kept = (0..<matrix.spotCount).filter { $0 % 3 != 1 }
        let part = matrix.selecting(spots: kept)
        #expect(part.spotCount == kept.count && part.nonzeros < matrix.nonzeros)
        var x = [Double](repeating: 0, count: matrix.spotCount)
        for spot in kept { x[spot] = Double(1 + spot % 4) }
        let whole = try await matrix.forward(weights: x, threads: 1)
        let selected = try await part.forward(weights: kept.map { x[$0] }, threads: 1)
        #expect(whole.dose == selected.dose && whole.doseZStar == selected.doseZStar)
    }

    @Test func refusesAVoxelListOutOfOrder() async throws {
        let engine = try engine()
        let fields = Self.fields { _ in 1 }
        for voxels: [Int32] in [[5, 4], [-1], [Int32(Self.grid.voxelCount)], [3, 3]] {
            await #expect(throws: PencilBeamError.invalidVoxelList) {
                _ = try await engine.influence(of: fields, grid: Self.grid, voxels: voxels, threads: 1)
            }
        }
    }
}
