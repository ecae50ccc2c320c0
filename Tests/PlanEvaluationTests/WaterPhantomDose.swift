import Frames
import PatientModel
import PlanModel
import Volumes

#if canImport(Glibc)
    import Glibc
#endif

/// Grids, masks and doses with closed forms.
enum Phantom {
    static func grid(
        _ dimensions: SIMD3<Int>, spacingMM: SIMD3<Double> = SIMD3(repeating: 1),
        originMM: SIMD3<Double> = SIMD3(0, 0, 0), frame: String = "1.2.3"
    ) -> VolumeGeometry {
        VolumeGeometry(
            dimensions: dimensions, origin: Point3(originMM), spacingMM: spacingMM,
            frameOfReferenceUID: frame)
    }

    static func volume(_ geometry: VolumeGeometry, _ value: (SIMD3<Double>) -> Double) -> Volume<Float> {
        Volume(
            geometry: geometry,
            values: (0..<geometry.voxelCount).map {
                let v = geometry.voxel(at: $0)
                return Float(value(geometry.centre(v.x, v.y, v.z).mm))
            })
    }

    static func mask(_ geometry: VolumeGeometry, _ share: (SIMD3<Double>) -> Double) -> StructureMask {
        let all = volume(geometry, share)
        let indices = all.values.indices.filter { all.values[$0] > 0 }
        return StructureMask(
            geometry: geometry, indices: indices.map { Int32($0) }, shares: indices.map { all.values[$0] })
    }
}
