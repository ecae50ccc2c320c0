import PatientModel
import Volumes

/// Where the uncertainty of a dose is looked at.
public enum UncertaintyRegion: Sendable {
    /// Voxels above half of the greatest dose: the mean of standard error over dose.
    case highDose
    /// A structure: its mean standard error over its mean dose, voxels counted by their share inside. The same as the mean of the ratio
    /// where the dose is uniform, and defined where voxels receive nothing.
    case structure(StructureMask)

    /// Relative uncertainty of a dose, 0...; infinite where there is no dose.
    ///
    /// - Parameters:
    ///   - dose: By voxel.
    ///   - error: Its standard error, by voxel.
    /// ## Checked by
    /// `MonteCarloRunTests`.
    public func uncertainty(dose: [Float], error: [Float]) -> Double {
        switch self {
        case .highDose:
            let half = 0.5 * (dose.max() ?? 0)
            var (sum, count) = (0.0, 0)
            for voxel in dose.indices where dose[voxel] > half {
                sum += Double(error[voxel]) / Double(dose[voxel])
                count += 1
            }
            return count > 0 ? sum / Double(count) : .infinity
        case .structure(let mask):
            var (errors, doses) = (0.0, 0.0)
            for (index, share) in zip(mask.indices, mask.shares) {
                errors += Double(share) * Double(error[Int(index)])
                doses += Double(share) * Double(dose[Int(index)])
            }
            return doses > 0 ? errors / doses : .infinity
        }
    }
}
