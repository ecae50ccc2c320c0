import PatientModel
import Volumes

/// The voxels that the optimiser looks at, and how much each counts for each structure.
///
/// A structure with many voxels is thinned: close to the target every voxel stays; elsewhere bricks of
/// 2 × 2 × 2 voxels are taken on a regular lattice, and what stays counts for what was left out. The choice
/// depends on the masks alone.
///
/// ## Checked by
/// `OptimisationVoxelsTests`.
public struct OptimisationVoxels: Sendable {
    /// The part of the list that belongs to one structure.
    public struct Sample: Sendable {
        /// Positions in `indices`, ascending.
        public var rows: [Int32]
        /// Volume that each voxel stands for, as a share of the structure; sum 1.
        public var weights: [Double]
        /// Where a voxel that the surface cuts is looked at through its neighbours; only for structures with a
        /// maximum or minimum dose.
        public var cuts: [Cut] = []
    }
    /// A voxel of a sample whose dose is that at the centroid of its part inside.
    public struct Cut: Sendable {
        /// Position in the sample.
        public var entry: Int
        /// Positions in `indices`, with their weights.
        public var rows: SIMD8<Int32>
        public var weights: SIMD8<Float>
    }

    public let geometry: VolumeGeometry
    /// Storage indices of the voxels, ascending: the rows of the dose model.
    public let indices: [Int32]
    /// By structure name.
    public let structures: [String: Sample]

    /// Chooses the voxels of the structures.
    ///
    /// - Parameters:
    ///   - masks: The structures that have objectives, by name, all on one grid.
    ///   - targets: Names of the structures around which every voxel is kept.
    ///   - extremes: Names of the structures with a maximum or minimum dose: one voxel decides there, so its dose is
    ///     taken where the evaluation takes it, at the centroid of the part inside.
    ///   - denseMarginMM: Distance along each axis around the targets within which every voxel is kept.
    ///   - voxelLimit: Thinning starts above this many voxels of a structure outside the margin.
    /// - Precondition: at least one mask, one grid for all.
    public init(
        masks: [String: StructureMask], targets: Set<String>, extremes: Set<String> = [],
        denseMarginMM: Double = 8,
        voxelLimit: Int = 20_000
    ) {
        let names = masks.keys.sorted()
        let geometry = names.first.flatMap { masks[$0]?.geometry }
        guard let geometry, masks.values.allSatisfy({ $0.geometry == geometry }) else {
            preconditionFailure("the masks of an optimisation share one grid")
        }
        self.geometry = geometry
        let near = Self.neighbourhood(
            of: targets.sorted().compactMap { masks[$0] }, geometry: geometry, marginMM: denseMarginMM)

        var chosen: [(name: String, voxels: [Int32], volumes: [Double], cuts: [(Int, VoxelStencil)])] = []
        for name in names {
            guard let mask = masks[name] else { continue }
            let (entries, volumes) = Self.thin(mask, near: near, voxelLimit: voxelLimit)
            var cuts: [(Int, VoxelStencil)] = []
            if extremes.contains(name) {
                for (place, entry) in entries.enumerated() where mask.centroids[entry] != .zero {
                    let stencil = VoxelStencil(
                        around: Int(mask.indices[entry]), offset: mask.centroids[entry], in: geometry)
                    cuts.append((place, stencil))
                }
            }
            chosen.append((name, entries.map { mask.indices[$0] }, volumes, cuts))
        }

        var rowOf = [Int32](repeating: -1, count: geometry.voxelCount)
        for structure in chosen {
            for voxel in structure.voxels { rowOf[Int(voxel)] = 0 }
            for (_, stencil) in structure.cuts {
                for corner in 0..<8 { rowOf[Int(stencil.voxels[corner])] = 0 }
            }
        }
        var indices: [Int32] = []
        for voxel in rowOf.indices where rowOf[voxel] == 0 {
            rowOf[voxel] = Int32(indices.count)
            indices.append(Int32(voxel))
        }
        self.indices = indices
        var structures: [String: Sample] = [:]
        for structure in chosen {
            let total = structure.volumes.reduce(0, +)
            structures[structure.name] = Sample(
                rows: structure.voxels.map { rowOf[Int($0)] },
                weights: structure.volumes.map { $0 / total },
                cuts: structure.cuts.map { entry, stencil in
                    var rows = SIMD8<Int32>.zero
                    for corner in 0..<8 { rows[corner] = rowOf[Int(stencil.voxels[corner])] }
                    return Cut(entry: entry, rows: rows, weights: stencil.weights)
                })
        }
        self.structures = structures
    }

    /// Which voxels lie within `marginMM` of the masks along each axis.
    private static func neighbourhood(
        of masks: [StructureMask], geometry: VolumeGeometry, marginMM: Double
    ) -> [Bool] {
        var inside = [Bool](repeating: false, count: geometry.voxelCount)
        for mask in masks { for voxel in mask.indices { inside[Int(voxel)] = true } }
        let strides = [1, geometry.dimensions.x, geometry.dimensions.x * geometry.dimensions.y]
        for axis in 0..<3 {
            let reach = Int((marginMM / geometry.spacingMM[axis]).rounded(.up))
            let (step, count) = (strides[axis], geometry.dimensions[axis])
            var widened = inside
            for voxel in inside.indices where inside[voxel] {
                let position = voxel / step % count
                for offset in max(-reach, -position)...min(reach, count - 1 - position) {
                    widened[voxel + offset * step] = true
                }
            }
            inside = widened
        }
        return inside
    }

    /// A number 0..<1 for the brick of a voxel; bricks below any threshold are spread evenly in space.
    ///
    /// The fractional part of i/g + j/g² + k/g³ with g⁴ = g + 1: the additive recurrence of low discrepancy in
    /// three dimensions (Roberts 2018), used as a lattice over the bricks (i, j, k).
    private static func latticePosition(_ voxel: SIMD3<Int>) -> Double {
        let g = 1.220_744_084_605_759_5
        let sum =
            Double(voxel.x / 2) / g + Double(voxel.y / 2) / (g * g) + Double(voxel.z / 2) / (g * g * g)
        return sum - sum.rounded(.down)
    }

    /// The voxels of one structure that stay, by their place in the mask, and the volume each stands for (voxels).
    private static func thin(
        _ mask: StructureMask, near: [Bool], voxelLimit: Int
    ) -> (entries: [Int], volumes: [Double]) {
        let far = mask.indices.count { !near[Int($0)] }
        let keptShare = far <= voxelLimit ? 1.0 : Double(voxelLimit) / Double(far)
        var entries: [Int] = []
        var volumes: [Double] = []
        var (farVolume, keptFarVolume) = (0.0, 0.0)
        var keptFar: [Int] = []
        for (entry, share) in mask.shares.enumerated() {
            let voxel = mask.indices[entry]
            let isNear = near[Int(voxel)]
            if !isNear {
                farVolume += Double(share)
                guard Self.latticePosition(mask.geometry.voxel(at: Int(voxel))) < keptShare else { continue }
                keptFarVolume += Double(share)
                keptFar.append(entries.count)
            }
            entries.append(entry)
            volumes.append(Double(share))
        }
        if keptFarVolume > 0 {
            for place in keptFar { volumes[place] *= farVolume / keptFarVolume }
        }
        return (entries, volumes)
    }
}
