import IonPhysics
import Volumes

/// What fills a grid of voxels: a material and a density for each.
public struct VoxelPhantom: Sendable {
    /// The grid; positions and directions of a source are in its frame.
    public let geometry: VolumeGeometry
    /// Compositions; their own densities do not matter.
    public let materials: [Material]
    /// Index into `materials` for each voxel, `[z][y][x]`.
    public let materialIndex: [UInt8]
    /// Density of each voxel, g/cm³.
    public let densityGPerCM3: [Float]

    /// - Throws: `VoxelTransportError` for arrays of another size, an index without material, or a density that is not
    ///   positive and finite.
    public init(
        geometry: VolumeGeometry, materials: [Material], materialIndex: [UInt8], densityGPerCM3: [Float]
    ) throws(VoxelTransportError) {
        let count = geometry.voxelCount
        guard materialIndex.count == count, densityGPerCM3.count == count else {
            throw .wrongVoxelCount(expected: count, found: min(materialIndex.count, densityGPerCM3.count))
        }
        if let voxel = materialIndex.firstIndex(where: { Int($0) >= materials.count }) {
            throw .unknownMaterial(index: Int(materialIndex[voxel]), voxel: voxel, count: materials.count)
        }
        if let voxel = densityGPerCM3.firstIndex(where: { !($0 > 0 && $0.isFinite) }) {
            throw .badDensity(Double(densityGPerCM3[voxel]), voxel: voxel)
        }
        self.geometry = geometry
        self.materials = materials
        self.materialIndex = materialIndex
        self.densityGPerCM3 = densityGPerCM3
    }

    /// Lends the voxels to `body`.
    func withVoxels(_ body: (VoxelGeometry) -> Void) {
        materialIndex.withUnsafeBufferPointer { material in
            densityGPerCM3.withUnsafeBufferPointer { density in
                guard let material = material.baseAddress, let density = density.baseAddress else { return }
                body(
                    VoxelGeometry(
                        material: material, density: density, count: geometry.dimensions,
                        spacing: geometry.spacingMM))
            }
        }
    }
}

/// Why a voxel phantom cannot be made or transported in.
public enum VoxelTransportError: Error, Equatable, Sendable {
    case wrongVoxelCount(expected: Int, found: Int)
    case unknownMaterial(index: Int, voxel: Int, count: Int)
    case badDensity(Double, voxel: Int)
    /// A setting lies outside its limits.
    case outsideLimits(quantity: String, value: Double, valid: ClosedRange<Double>)
    /// Part of a run that begins inside a batch.
    case cutsBatch(at: Int, size: Int)
    /// The water tables or the collision model are damaged.
    case transport(WaterTransportError)
    /// The memory for all sums is not there.
    case noMemory(megabytes: Int)
    /// The run was cancelled.
    case cancelled
}

extension VoxelTransportError: CustomStringConvertible {
    /// The problem, why it is one, and what to do.
    public var description: String {
        switch self {
        case .wrongVoxelCount(let expected, let found):
            "\(found) voxels where the grid has \(expected) (every voxel needs a material and a density)"
        case .unknownMaterial(let index, let voxel, let count):
            "voxel \(voxel) has material \(index) (there are \(count)); list the material"
        case .badDensity(let value, let voxel):
            "voxel \(voxel) has density \(value) g/cm3 (must be positive); vacuum is air of 1e-6 g/cm3"
        case .outsideLimits(let quantity, let value, let valid):
            "\(quantity) \(value) is out of range (\(valid.lowerBound) to \(valid.upperBound)); choose a value inside"
        case .noMemory(let megabytes):
            "there is no memory for \(megabytes) MB of sums (each thread has its own); use coarser scores or fewer threads"
        case .cutsBatch(let history, let size):
            "a part of a run begins at history \(history) (inside a batch of \(size), which must stay whole); cut between batches"
        case .transport(let error): "\(error)"
        case .cancelled: "the transport was cancelled"
        }
    }
}
