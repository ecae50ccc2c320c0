import NumericKernels
import Volumes

/// The dose of every spot in every voxel that matters: y = A x and its transpose, for optimisation.
///
/// Columns are spots in the order of fields, layers, spots; their weights are ions per fraction. Rows are the
/// listed voxels; values are D (Gy) and D·z* (Gy²) per ion. What is narrow is kept on the dose grid, what is wide on
/// coarser grids from which it is interpolated:
///
///     A = A_core + P₁ A_halo + P₂ A_wide                                                   (8)
///
/// Stored as bricks of 2 × 2 × 2 voxels with 16-bit fixed-point numbers, 4 bytes for a voxel and spot (both
/// quantities) and 2 bytes for each brick. The rounding error of an entry is at most 2⁻¹⁷ of the greatest value
/// of its spot. Products are bit-identical for any number of threads: the work is split by groups of bricks
/// that depend on the voxels alone, outputs of the groups are disjoint, and the transposed product sums the
/// groups in order.
///
/// ## Checked by
/// `InfluenceMatrixTests`.
public struct InfluenceMatrix: Sendable {
    /// Dose grid.
    public let geometry: VolumeGeometry
    /// Storage indices of the voxels, ascending: the rows.
    public let voxels: [Int32]
    /// Number of columns.
    public let spotCount: Int
    let core: InfluenceLevel
    let coarser: [CoarseLevel]

    /// A level on a coarser grid: the interpolation P from it, and its voxels in the order of the level's rows.
    struct CoarseLevel: Sendable {
        let grid: CoarseGrid
        let voxels: [Int32]
        let level: InfluenceLevel

        /// Values of the level's rows at their places in the whole coarse grid.
        func onGrid(_ values: [Float]) -> [Float] {
            var result = [Float](repeating: 0, count: grid.coarse.voxelCount)
            for (row, voxel) in voxels.enumerated() { result[Int(voxel)] = values[row] }
            return result
        }
    }

    private var levels: [InfluenceLevel] { [core] + coarser.map(\.level) }

    /// Voxel-spot pairs stored with a dose above zero, on all grids; each holds D and D·z*.
    public var nonzeros: Int { levels.flatMap(\.blocks).reduce(0) { $0 + $1.nonzeros } }
    /// Memory of the stored entries.
    public var bytes: Int { levels.flatMap(\.blocks).reduce(0) { $0 + $1.bytes } }
    /// Share of the summed dose that the cut dropped, all spots with one ion.
    public var droppedDoseFraction: Double {
        var (kept, dropped) = (0.0, 0.0)
        for level in levels {
            let scale = level.bricks.geometry.voxelVolumeMM3
            for block in level.blocks {
                kept += scale * block.keptDose
                dropped += scale * block.droppedDose
            }
        }
        return kept + dropped > 0 ? dropped / (kept + dropped) : 0
    }

    /// D (Gy) and D·z* (Gy²) of one fraction in the listed voxels.
    ///
    /// - Precondition: one weight for each spot, not negative.
    public func forward(weights: [Double], threads: Int) async throws -> (dose: [Float], doseZStar: [Float]) {
        precondition(weights.count == spotCount)
        let x = weights.map { Float($0) }
        var (dose, doseZStar) = try await core.forward(weights: x, threads: threads)
        for part in coarser {
            let (partDose, partZStar) = try await part.level.forward(weights: x, threads: threads)
            let (grid, gridZStar) = (part.onGrid(partDose), part.onGrid(partZStar))
            let pieces = try await ParallelBatches.map(count: Self.pieces, threads: threads) { piece in
                grid.withUnsafeBufferPointer { grid in
                    gridZStar.withUnsafeBufferPointer { gridZStar in
                        rows(of: piece).map { row -> SIMD2<Float> in
                            let voxel = geometry.voxel(at: Int(voxels[row]))
                            return SIMD2(
                                part.grid.value(at: voxel, of: grid),
                                part.grid.value(at: voxel, of: gridZStar))
                        }
                    }
                }
            }
            for (piece, values) in pieces.enumerated() {
                for (row, value) in zip(rows(of: piece), values) {
                    dose[row] += value.x
                    doseZStar[row] += value.y
                }
            }
        }
        return (dose, doseZStar)
    }

    /// Rows are interpolated in this many pieces, whatever the threads.
    private static let pieces = 16

    private func rows(of piece: Int) -> Range<Int> {
        (piece * voxels.count / Self.pieces)..<((piece + 1) * voxels.count / Self.pieces)
    }

    /// ∂f/∂x for each spot from ∂f/∂D and ∂f/∂(D·z*) of each listed voxel.
    ///
    /// - Precondition: one value for each voxel.
    public func transposed(
        doseGradient: [Float], doseZStarGradient: [Float], threads: Int
    ) async throws -> [Double] {
        precondition(doseGradient.count == voxels.count && doseZStarGradient.count == voxels.count)
        var gradient = [Double](repeating: 0, count: spotCount)
        try await core.addTransposed(
            dose: doseGradient, doseZStar: doseZStarGradient, threads: threads, to: &gradient)
        // Dose and dose × z* of each coarser grid are scattered by a task each.
        let grids = try await ParallelBatches.map(count: 2 * coarser.count, threads: threads) { task in
            let part = coarser[task / 2]
            let source = task % 2 == 0 ? doseGradient : doseZStarGradient
            var grid = [Float](repeating: 0, count: part.grid.coarse.voxelCount)
            grid.withUnsafeMutableBufferPointer { grid in
                for row in voxels.indices {
                    part.grid.addTransposed(
                        source[row], at: geometry.voxel(at: Int(voxels[row])), to: grid)
                }
            }
            return part.voxels.map { grid[Int($0)] }
        }
        for (number, part) in coarser.enumerated() {
            try await part.level.addTransposed(
                dose: grids[2 * number], doseZStar: grids[2 * number + 1], threads: threads, to: &gradient)
        }
        return gradient
    }

    /// The matrix with only the given columns, in the given order of ascending spot numbers.
    ///
    /// - Precondition: ascending numbers below `spotCount`.
    public func selecting(spots: [Int]) -> InfluenceMatrix {
        var newColumn = [Int32](repeating: -1, count: spotCount)
        for (new, old) in spots.enumerated() { newColumn[old] = Int32(new) }
        return InfluenceMatrix(
            geometry: geometry, voxels: voxels, spotCount: spots.count,
            core: core.selecting(newColumn: newColumn, count: spots.count),
            coarser: coarser.map {
                CoarseLevel(
                    grid: $0.grid, voxels: $0.voxels,
                    level: $0.level.selecting(newColumn: newColumn, count: spots.count))
            })
    }
}
