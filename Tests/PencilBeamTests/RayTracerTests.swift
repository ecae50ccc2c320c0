import Frames
import PatientModel
import PencilBeam
import TestSupport
import Testing
import Volumes

@Suite struct RayTracerTests {
    /// Ratios that differ from voxel to voxel.
    static let images = SyntheticBeam.images(
        SyntheticBeam.grid(extentMM: SIMD3(30, 44, 60), spacingMM: SIMD3(1.5, 2, 3), centre: SIMD3(3, -2, 5))
    ) { p in
        let s = Float((Int(p.x * 2) * 31 + Int(p.y) * 17 + Int(p.z) * 7) & 15) / 10
        return SIMD3(s, 2 * s, 0.5 * s + 0.1)
    }

    func steps(
        _ origin: SIMD3<Double>, _ direction: SIMD3<Double>, start: Double, step: Double, count: Int
    ) -> [RayTracer.Step] {
        var result = [RayTracer.Step](repeating: RayTracer.Step(), count: count)
        result.withUnsafeMutableBufferPointer {
            RayTracer(images: Self.images).trace(
                origin: origin, direction: direction, startMM: start, stepMM: step, into: $0)
        }
        return result
    }

    @Test(arguments: [
        SIMD3(0.3, -0.5, 0.81), SIMD3(-0.6, 0.64, -0.48), SIMD3(1.0, 0, 0), SIMD3(0, -1.0, 0),
        SIMD3(0.02, 0.01, -1.001), SIMD3(-0.7, -0.7, 0.1),
    ])
    func integralsAgreeWithFineSampling(direction: SIMD3<Double>) {
        let origin = SIMD3(2.2, -1.3, 4.4)
        let traced = steps(origin, direction, start: -60, step: 1.5, count: 80)
        let g = Self.images.geometry
        let path = (direction * direction).sum().squareRoot()
        let samples = 3000
        for (k, step) in traced.enumerated() {
            var sum = 0.0
            for i in 0..<samples {
                let w = -60 + 1.5 * (Double(k) + (Double(i) + 0.5) / Double(samples))
                let c = g.continuousIndex(Point3(origin + w * direction))
                let v = SIMD3(Int(c.x.rounded()), Int(c.y.rounded()), Int(c.z.rounded()))
                let n = g.dimensions
                guard v.x >= 0, v.y >= 0, v.z >= 0, v.x < n.x, v.y < n.y, v.z < n.z else { continue }
                sum += Double(Self.images.stoppingPowerRatio[v.x, v.y, v.z]) * path / Double(samples)
            }
            expectClose(
                Double(step.stopping), sum, absolute: 0.004, because: "midpoint sums of 3000 points per step")
            expectClose(
                Double(step.scattering), 2 * Double(step.stopping), absolute: 1e-5,
                because: "scattering ratio is twice the stopping ratio here")
        }
    }

    @Test func totalAlongAnAxisIsTheSumOfItsVoxels() {
        let g = Self.images.geometry
        let centre = g.centre(4, 7, 0)
        let traced = steps(
            SIMD3(centre.x, centre.y, 0), SIMD3(0, 0, -1), start: -100, step: 0.7, count: 300)
        let sum = (0..<g.dimensions.z).reduce(0.0) {
            $0 + Double(Self.images.stoppingPowerRatio[4, 7, $1]) * g.spacingMM.z
        }
        let total = traced.reduce(0.0) { $0 + Double($1.stopping) * 0.7 }
        expectClose(total, sum, relative: 1e-5, because: "every voxel of the column is crossed once")
    }

    @Test func aRayBesideTheImageMeetsNothing() {
        let traced = steps(SIMD3(100, 0, 0), SIMD3(0, 0, 1), start: -50, step: 1, count: 100)
        #expect(traced.allSatisfy { $0.stopping == 0 && $0.scattering == 0 && $0.nuclear == 0 })
    }
}
