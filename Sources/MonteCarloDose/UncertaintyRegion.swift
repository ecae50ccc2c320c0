import PatientModel
import Volumes

/// Where the uncertainty of a dose is looked at.
public enum UncertaintyRegion: Sendable {
    /// Voxels above half of the greatest dose: the mean of standard error over dose. The greatest dose is the least in the hottest
    /// 0.1 cm³, because a single voxel may have far too much by chance: one of air in which a fragment stopped.
    case highDose
    /// A structure: its mean standard error over its mean dose, voxels counted by their share inside. The same as the mean of the ratio
    /// where the dose is uniform, and defined where voxels receive nothing.
    case structure(StructureMask)

    /// Relative uncertainty of a dose, 0...; infinite where there is no dose.
    ///
    /// `error`: Standard error of `dose`.
    /// - Precondition: one grid.
    /// ## Checked by
    /// `MonteCarloRunTests`.
    public func uncertainty(dose volume: Volume<Float>, error errors: Volume<Float>) -> Double {
        precondition(volume.geometry == errors.geometry)
        let (dose, error) = (volume.values, errors.values)
        switch self {
        case .highDose:
            let voxels = Int((Self.hottestMM3 / volume.geometry.voxelVolumeMM3).rounded())
            let half = 0.5 * Self.value(dose, ofRank: max(1, voxels))
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

    private static let hottestMM3 = 100.0

    /// The `rank`-th greatest value, from 1.
    private static func value(_ values: [Float], ofRank rank: Int) -> Float {
        // Ascending; the first is the one to beat.
        var greatest: [Float] = []
        for value in values where greatest.count < rank || value > greatest[0] {
            if greatest.count == rank { greatest.removeFirst() }
            greatest.insert(value, at: greatest.firstIndex { $0 > value } ?? greatest.count)
        }
        return greatest.first ?? 0
    }
}
