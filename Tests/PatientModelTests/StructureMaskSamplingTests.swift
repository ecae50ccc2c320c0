import Frames
import PatientModel
import TestSupport
import Testing
import Volumes

@Suite struct StructureMaskSamplingTests {
    let grid = Shapes.grid(SIMD3(30, 30, 20), spacing: SIMD3(1, 1, 1.5))

    private func linear(_ slope: SIMD3<Double>) -> Volume<Float> {
        Volume(
            geometry: grid,
            values: (0..<grid.voxelCount).map {
                let v = grid.voxel(at: $0)
                return Float((slope * grid.centre(v.x, v.y, v.z).mm).sum())
            })
    }

    @Test func centroidsOfABoxOffTheGridAreThoseOfItsParts() throws {
        // x 5.25...15.55, y 6.25...14, z 2.6...14.6.
        let contours = [4.1, 7.1, 10.1, 13.1].map {
            Shapes.rectangle(SIMD2(5.25, 6.25), SIMD2(15.55, 14), zMM: $0)
        }
        let mask = try StructureMask.rasterise(Shapes.structure("Box", contours), on: grid)
        func centroid(_ x: Int, _ y: Int, _ z: Int) throws -> SIMD3<Float> {
            mask.centroids[try #require(mask.indices.firstIndex(of: Int32(grid.index(x, y, z))))]
        }
        // Inside are 5.25...5.5 of voxel 4.5...5.5, 6.25...6.5 of 5.5...6.5 and 2.6...3.75 of 2.25...3.75.
        let corner = try centroid(5, 6, 2)
        expectClose(Double(corner.x), 0.375, absolute: 1e-5, because: "centre 5.375")
        expectClose(Double(corner.y), 0.375, absolute: 1e-5, because: "4 of 16 lines; centre 6.375")
        expectClose(Double(corner.z), 0.175 / 1.5, absolute: 1e-5, because: "centre 3.175 of 3")
        #expect(try centroid(10, 10, 5) == .zero, "a whole voxel")
        let right = try centroid(16, 10, 5)
        expectClose(Double(right.x), -0.475, absolute: 1e-5, because: "15.5...15.55 of 15.5...16.5")
        expectClose(Double(right.y), 0, absolute: 1e-5, because: "whole along y")
        expectClose(Double(right.z), 0, absolute: 1e-5, because: "whole along z")
    }

    @Test func aLinearDoseHasItsExtremesAtTheSurface() throws {
        let sphere = Shapes.sphere(
            centre: SIMD3(14.3, 15.1, 14), radius: 5, planeSpacing: 1.5, phase: 0.4)
        let mask = try StructureMask.rasterise(sphere, on: grid)
        let samples = mask.samples(of: linear(SIMD3(8, 0, 0)))
        // 8 Gy/mm: the true extremes are 8 · (14.3 ± 5). The outermost part is up to 1 mm deep and is looked at in its
        // middle: up to 4 Gy less, never more.
        let (least, greatest) = (Double(samples.min() ?? 0), Double(samples.max() ?? 0))
        expectClose(greatest, 8 * 19.3, absolute: 4, because: "half the depth of a part")
        expectClose(least, 8 * 9.3, absolute: 4, because: "half the depth of a part")
        #expect(greatest <= 8 * 19.3 && least >= 8 * 9.3, "no dose from outside the structure")
        // The volume mean of a linear dose is its value at the centre.
        let mean =
            zip(samples, mask.shares).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
            / mask.shares.reduce(0.0) { $0 + Double($1) }
        expectClose(mean, 8 * 14.3, absolute: 0.01, because: "first moments are exact")
    }
}
