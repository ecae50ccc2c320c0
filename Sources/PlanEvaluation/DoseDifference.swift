import PatientModel
import Volumes

/// How two doses on one grid differ, voxel by voxel.
public struct DoseDifference: Sendable, Equatable {
    /// Number of voxels compared.
    public var voxelCount: Int
    /// Mean, root mean square and greatest magnitude of evaluated − reference, Gy.
    public var mean: Double
    public var rootMeanSquare: Double
    public var greatest: Double
    /// Greatest reference dose, Gy: what the figures are relative to.
    public var referenceMaximum: Double

    /// Compares voxels whose reference dose is at least `threshold` of its maximum, in `mask` if there is one;
    /// nil if there is none.
    ///
    /// - Precondition: one grid.
    public init?(
        reference: Volume<Float>, evaluated: Volume<Float>, mask: StructureMask? = nil,
        threshold: Double = 0.1
    ) {
        precondition(reference.geometry == evaluated.geometry, "doses are on different grids")
        let maximum = Double(reference.values.max() ?? 0)
        let level = Float(threshold * maximum)
        var (count, sum, squares, greatest) = (0, 0.0, 0.0, 0.0)
        func add(_ voxel: Int) {
            guard reference.values[voxel] >= level else { return }
            let difference = Double(evaluated.values[voxel]) - Double(reference.values[voxel])
            count += 1
            sum += difference
            squares += difference * difference
            greatest = max(greatest, abs(difference))
        }
        if let mask {
            precondition(mask.geometry == reference.geometry)
            for voxel in mask.indices { add(Int(voxel)) }
        } else {
            for voxel in reference.values.indices { add(voxel) }
        }
        guard count > 0 else { return nil }
        voxelCount = count
        mean = sum / Double(count)
        rootMeanSquare = (squares / Double(count)).squareRoot()
        self.greatest = greatest
        referenceMaximum = maximum
    }
}
