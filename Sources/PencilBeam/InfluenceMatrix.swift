import NumericKernels
import Volumes

/// The dose of every spot in every voxel that matters: y = A x and its transpose, for optimisation.
///
/// Columns are spots in the order of fields, layers, spots; their weights are ions per fraction. Rows are the
/// listed voxels; values are D (Gy) and D·z* (Gy²) per ion. Primaries and heavy fragments are kept on the dose
/// grid, light fragments (the wide halo) on a coarser grid from which they are interpolated:
///
///     A = A_core + P A_halo                                                              (8)
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
    let halo: InfluenceLevel
    /// Interpolation P from the halo's grid, and the voxels of that grid in the order of the halo's rows.
    let coarse: CoarseGrid
    let haloVoxels: [Int32]

    /// Voxel-spot pairs stored with a dose above zero, on both grids; each holds D and D·z*.
    public var nonzeros: Int { (core.blocks + halo.blocks).reduce(0) { $0 + $1.nonzeros } }
    /// Memory of the stored entries.
    public var bytes: Int { (core.blocks + halo.blocks).reduce(0) { $0 + $1.bytes } }
    /// Share of the summed dose that the cut dropped, all spots with one ion.
    public var droppedDoseFraction: Double {
        func sums(_ level: InfluenceLevel, scale: Double) -> (kept: Double, dropped: Double) {
            level.blocks.reduce((0, 0)) { ($0.0 + scale * $1.keptDose, $0.1 + scale * $1.droppedDose) }
        }
        let a = sums(core, scale: core.bricks.geometry.voxelVolumeMM3)
        let b = sums(halo, scale: halo.bricks.geometry.voxelVolumeMM3)
        let all = a.kept + a.dropped + b.kept + b.dropped
        return all > 0 ? (a.dropped + b.dropped) / all : 0
    }

    /// D (Gy) and D·z* (Gy²) of one fraction in the listed voxels.
    ///
    /// - Precondition: one weight for each spot, not negative.
    public func forward(weights: [Double], threads: Int) async throws -> (dose: [Float], doseZStar: [Float]) {
        precondition(weights.count == spotCount)
        let x = weights.map { Float($0) }
        var (dose, doseZStar) = try await core.forward(weights: x, threads: threads)
        let (haloDose, haloZStar) = try await halo.forward(weights: x, threads: threads)
        var (grid, gridZStar) = (onCoarseGrid(haloDose), onCoarseGrid(haloZStar))
        grid.withUnsafeMutableBufferPointer { grid in
            gridZStar.withUnsafeMutableBufferPointer { gridZStar in
                for row in dose.indices {
                    let voxel = geometry.voxel(at: Int(voxels[row]))
                    dose[row] += coarse.value(at: voxel, of: UnsafeBufferPointer(grid))
                    doseZStar[row] += coarse.value(at: voxel, of: UnsafeBufferPointer(gridZStar))
                }
            }
        }
        return (dose, doseZStar)
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
        var grid = [Float](repeating: 0, count: coarse.coarse.voxelCount)
        var gridZStar = grid
        grid.withUnsafeMutableBufferPointer { grid in
            gridZStar.withUnsafeMutableBufferPointer { gridZStar in
                for row in voxels.indices {
                    let voxel = geometry.voxel(at: Int(voxels[row]))
                    coarse.addTransposed(doseGradient[row], at: voxel, to: grid)
                    coarse.addTransposed(doseZStarGradient[row], at: voxel, to: gridZStar)
                }
            }
        }
        try await halo.addTransposed(
            dose: haloVoxels.map { grid[Int($0)] }, doseZStar: haloVoxels.map { gridZStar[Int($0)] },
            threads: threads, to: &gradient)
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
            halo: halo.selecting(newColumn: newColumn, count: spots.count), coarse: coarse,
            haloVoxels: haloVoxels)
    }

    /// Values of the halo's rows at their places in the whole coarse grid.
    private func onCoarseGrid(_ values: [Float]) -> [Float] {
        var grid = [Float](repeating: 0, count: coarse.coarse.voxelCount)
        for (row, voxel) in haloVoxels.enumerated() { grid[Int(voxel)] = values[row] }
        return grid
    }
}
