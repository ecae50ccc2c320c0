/// The dose of every spot in the voxels that the optimiser looks at: a linear map and its transpose.
///
/// Columns are spots, with weights in ions per fraction. Rows are voxels; each has two quantities per fraction,
/// the absorbed dose D (Gy) and D·z* (Gy²). Both products must be bit-identical for any number of threads.
public protocol LinearDoseModel: Sendable {
    /// Number of rows.
    var voxelCount: Int { get }
    /// Number of columns.
    var spotCount: Int { get }

    /// D and D·z* of one fraction in every voxel for the given ions per spot.
    func forward(weights: [Double], threads: Int) async throws -> (dose: [Float], doseZStar: [Float])

    /// Gradient by the spot weights from the gradients by D and by D·z* of every voxel.
    func transposed(
        doseGradient: [Float], doseZStarGradient: [Float], threads: Int
    ) async throws -> [Double]

    /// The model with only some columns.
    ///
    /// - Precondition: ascending spot numbers below `spotCount`.
    func selecting(spots: [Int]) -> Self
}
