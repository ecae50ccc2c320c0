import Frames
import TestSupport
import Testing
import Volumes

@Suite struct VoxelStencilTests {
    let geometry = VolumeGeometry(
        dimensions: SIMD3(5, 4, 3), origin: Point3(SIMD3(1, 2, 3)), spacingMM: SIMD3(2, 1, 4),
        frameOfReferenceUID: "1.2.3")

    private func value(_ stencil: VoxelStencil, _ field: (SIMD3<Int>) -> Float) -> Double {
        (0..<8).reduce(0.0) {
            $0 + Double(stencil.weights[$1] * field(geometry.voxel(at: Int(stencil.voxels[$1]))))
        }
    }

    @Test func isExactForLinearFunctions() {
        let field = { (v: SIMD3<Int>) in Float(3 * v.x - 2 * v.y + 7 * v.z) }
        for offset in [SIMD3<Float>(0.25, -0.5, 0.1), SIMD3(-0.4, 0.3, -0.2), SIMD3(0, 0, 0.5), .zero] {
            let stencil = VoxelStencil(around: geometry.index(2, 1, 1), offset: offset, in: geometry)
            let expected = 3 * (2 + offset.x) - 2 * (1 + offset.y) + 7 * (1 + offset.z)
            expectClose(value(stencil, field), Double(expected), absolute: 1e-5, because: "trilinear")
            expectClose(value(stencil) { _ in 1 }, 1, absolute: 1e-6, because: "weights sum to 1")
        }
    }

    @Test func isConstantBeyondTheOutermostCentres() {
        let stencil = VoxelStencil(
            around: geometry.index(4, 0, 2), offset: SIMD3(0.5, -0.5, -0.25), in: geometry)
        let field = { (v: SIMD3<Int>) in Float(3 * v.x - 2 * v.y + 7 * v.z) }
        expectClose(value(stencil, field), 12 + 7 * 1.75, absolute: 1e-5, because: "only z moves")
    }
}
