import Frames
import IonPhysics

/// Solid layers across the beam upstream of a phantom: nozzle and range shifter. Ions and fragments that leave them fly
/// on straight to the phantom.
public struct BeamLineSlab: Sendable {
    /// A layer of the slab.
    public struct Layer: Sendable {
        public var material: Material
        public var thicknessMM: Double

        public init(material: Material, thicknessMM: Double) {
            self.material = material
            self.thicknessMM = thicknessMM
        }
    }

    /// In the order in which the beam meets them.
    public var layers: [Layer]
    /// Depth of the downstream face below the isocentre plane (w = −z of the gantry), mm; negative is upstream.
    public var endDepthMM: Double
    public var toPhantom: RigidTransform<IECGantry, DICOMPatient>

    public init(layers: [Layer], endDepthMM: Double, toPhantom: RigidTransform<IECGantry, DICOMPatient>) {
        self.layers = layers
        self.endDepthMM = endDepthMM
        self.toPhantom = toPhantom
    }

    var thicknessMM: Double { layers.reduce(0) { $0 + $1.thicknessMM } }
    /// All layers as one column of voxels of equal thickness; densities keep each layer's mass per area.
    var voxelMM: Double { thicknessMM / Double(max(layers.count, 1)) }
    var densities: [Float] {
        layers.map { Float($0.material.densityGPerCM3 * $0.thicknessMM / voxelMM) }
    }
    /// Half width of the column, mm.
    static let halfWidthMM = 1000.0

    /// The state of an ion at the upstream face in the column's frame: x, y from −`halfWidthMM`, z along the beam.
    func entering(_ p: TrackState, frame: RigidTransform<DICOMPatient, IECGantry>) -> TrackState? {
        let position = frame.apply(Point3<DICOMPatient>(p.x, p.y, p.z)).mm
        let direction = frame.apply(Vector3<DICOMPatient>(p.direction.x, p.direction.y, p.direction.z)).mm
        guard direction.z < 0 else { return nil }
        let way = (position.z + endDepthMM - thicknessMM) / -direction.z
        let at = position + way * direction
        var result = p
        (result.x, result.y, result.z) = (at.x + Self.halfWidthMM, at.y + Self.halfWidthMM, 1e-9)
        result.direction = Direction(x: direction.x, y: direction.y, z: -direction.z)
        return result
    }

    /// The state of a particle that left the column, in the phantom's frame.
    func leaving(_ p: TrackState) -> TrackState {
        let position = toPhantom.apply(
            Point3<IECGantry>(
                p.x - Self.halfWidthMM, p.y - Self.halfWidthMM, -(endDepthMM - thicknessMM + p.z))
        ).mm
        let direction = toPhantom.apply(Vector3<IECGantry>(p.direction.x, p.direction.y, -p.direction.z)).mm
        var result = p
        (result.x, result.y, result.z) = (position.x, position.y, position.z)
        result.direction = Direction(x: direction.x, y: direction.y, z: direction.z)
        return result
    }
}
