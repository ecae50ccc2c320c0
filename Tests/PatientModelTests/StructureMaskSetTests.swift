import Frames
import PatientModel
import TestSupport
import Testing
import Volumes

@Suite struct StructureMaskSetTests {
    let grid = Shapes.grid(SIMD3(60, 60, 60), spacing: SIMD3(1, 1, 1))

    func sphere(_ radius: Double, at x: Double = 30) throws -> StructureMask {
        try StructureMask.rasterise(
            Shapes.sphere(centre: SIMD3(x, 30, 30), radius: radius, planeSpacing: 1, phase: 0.5),
            on: grid)
    }

    @Test func marginGrowsASphereToTheRadiusPlusMargin() throws {
        let grown = try sphere(12).expanded(byMM: 5)
        expectClose(
            grown.volumeCM3, 4.0 / 3 * .pi * 17 * 17 * 17 / 1000, relative: 0.018,
            because: "a tenth of the 1 mm voxel on a radius of 17 mm")
        let shrunk = try sphere(17).expanded(byMM: -5)
        expectClose(
            shrunk.volumeCM3, 4.0 / 3 * .pi * 12 * 12 * 12 / 1000, relative: 0.025,
            because: "a tenth of the 1 mm voxel on a radius of 12 mm")
        expectClose(
            try sphere(12).expanded(byMM: 0.5).volumeCM3, 4.0 / 3 * .pi * 12.5 * 12.5 * 12.5 / 1000,
            relative: 0.024, because: "margins below a voxel too")
    }

    @Test func marginMovesTheFacesOfABoxByTheMargin() throws {
        // Faces at 20.3 and 40.3 mm: they cut voxels.
        let contours = (20..<40).map {
            Shapes.rectangle(SIMD2(20.3, 20.3), SIMD2(40.3, 40.3), zMM: Double($0))
        }
        let box = try StructureMask.rasterise(Shapes.structure("Box", contours), on: grid)
        let shares = box.expanded(byMM: 4).volume()
        let row = (0..<60).reduce(0.0) { $0 + Double(shares[$1, 30, 30]) }
        expectClose(row, 28, absolute: 0.02, because: "20 mm and twice 4 mm, along x")
        let shrunk = box.expanded(byMM: -3).volume()
        let inner = (0..<60).reduce(0.0) { $0 + Double(shrunk[$1, 30, 30]) }
        expectClose(inner, 14, absolute: 0.02, because: "20 mm less twice 3 mm, along x")
    }

    @Test func ringIsTheDifferenceOfTwoMargins() throws {
        let ball = try sphere(10)
        let ring = ball.ring(innerMM: 3, outerMM: 8)
        expectClose(
            ring.volumeCM3, ball.expanded(byMM: 8).volumeCM3 - ball.expanded(byMM: 3).volumeCM3,
            relative: 1e-3, because: "the same distance field")
        #expect(ring.intersection(ball).isEmpty)
    }

    @Test func setsOfTwoSpheresAddUp() throws {
        let (a, b) = (try sphere(10, at: 25), try sphere(10, at: 35))
        expectClose(
            a.union(b).volumeCM3 + a.intersection(b).volumeCM3, a.volumeCM3 + b.volumeCM3,
            relative: 1e-5, because: "max + min = sum in every voxel")
        let apart = try sphere(5, at: 45)
        #expect(try sphere(5, at: 10).intersection(apart).isEmpty)
        #expect(a.subtracting(a).isEmpty)
        #expect(a.subtracting(apart).indices.count == a.indices.count)
    }
}
