import PatientModel
import Volumes

extension GammaResult {
    /// The figures of γ that reports list.
    public struct Summary: Hashable, Sendable {
        /// Number of points compared.
        public var points: Int
        /// Share of points with γ ≤ 1.
        public var passRate: Double
        public var mean: Double
        /// At most the greatest γ that was searched for.
        public var maximum: Double

        public init(points: Int, passRate: Double, mean: Double, maximum: Double) {
            self.points = points
            self.passRate = passRate
            self.mean = mean
            self.maximum = maximum
        }
    }

    /// Figures of all points.
    public var summary: Summary {
        Summary(points: gamma.count, passRate: passRate, mean: mean, maximum: maximum)
    }

    /// Figures of the points in a structure; nil if none was compared there.
    ///
    /// - Precondition: the mask is on the grid of the reference dose.
    ///
    /// ## Checked by
    /// `GammaSummaryTests`: the same as a comparison restricted to the structure.
    public func summary(in mask: StructureMask) -> Summary? {
        var part = GammaResult(voxels: [], gamma: [])
        var k = 0
        for voxel in mask.indices {
            while k < voxels.count, voxels[k] < voxel { k += 1 }
            guard k < voxels.count else { break }
            if voxels[k] == voxel {
                part.voxels.append(voxel)
                part.gamma.append(gamma[k])
            }
        }
        return part.gamma.isEmpty ? nil : part.summary
    }

    /// γ on the reference grid, `elsewhere` at points that were not compared.
    public func volume(on geometry: VolumeGeometry, elsewhere: Float) -> Volume<Float> {
        var volume = Volume<Float>(geometry: geometry, repeating: elsewhere)
        for (voxel, value) in zip(voxels, gamma) { volume.values[Int(voxel)] = value }
        return volume
    }
}
