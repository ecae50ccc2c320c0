import PencilBeam

/// The pencil beam's influence matrix is what the optimiser works on.
extension InfluenceMatrix: LinearDoseModel {
    public var voxelCount: Int { voxels.count }
}
