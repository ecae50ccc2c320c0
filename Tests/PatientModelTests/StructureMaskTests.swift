import Frames
import PatientModel
import TestSupport
import Testing
import Volumes

@Suite struct StructureMaskTests {
    let fine = Shapes.grid(SIMD3(40, 40, 30), spacing: SIMD3(1, 1, 1.5))

    @Test(arguments: [0.0, 0.3, 0.75, 1.1, 1.4], [0.0, 0.37])
    func sphereOf20MMHasItsVolumeWithinOnePercent(phase: Double, shift: Double) throws {
        let sphere = Shapes.sphere(
            centre: SIMD3(19.6 + shift, 20.1, 21 + shift), radius: 10, planeSpacing: 1.5,
            phase: phase)
        let mask = try StructureMask.rasterise(sphere, on: fine)
        expectClose(
            mask.volumeCM3, 4.0 / 3 * .pi, relative: 0.003,
            because: "cutting a sphere of 20 mm into 1.5 mm slabs costs up to 0.2 %; 1 % is wanted")
        #expect(mask.volumeOutsideGridCM3 == 0)
        #expect(mask.shares.allSatisfy { $0 > 0 && $0 <= 1 })
    }

    @Test func boxOffTheGridIsExact() throws {
        // 10.3 x 7.7 mm on planes 3 mm apart that lie between those of the grid: 4 planes give 12 mm.
        let contours = [4.1, 7.1, 10.1, 13.1].map {
            Shapes.rectangle(SIMD2(5.25, 6.35), SIMD2(15.55, 14.05), zMM: $0)
        }
        let mask = try StructureMask.rasterise(Shapes.structure("Box", contours), on: fine)
        expectClose(
            mask.volumeCM3, 10.3 * 7.7 * 12 / 1000, relative: 0.005,
            because: "16 lines per voxel: the edges along y are right to 1/32 mm of 7.7 mm")
        let shares = mask.volume()
        #expect(shares[10, 10, 5] == 1)
        // The left edge x = 5.25 covers the voxel from 4.5 to 5.5 by a quarter.
        expectClose(Double(shares[5, 10, 5]), 0.25, absolute: 1e-6, because: "exact along x")
        // The slab begins at z = 2.6: voxel 2 (2.25 to 3.75) is filled from there.
        expectClose(
            Double(shares[10, 10, 2]), 1.15 / 1.5, absolute: 1e-5, because: "exact along z")
    }

    @Test func holesAndPiecesFollowTheEvenOddRule() throws {
        let outer = Shapes.rectangle(SIMD2(2, 2), SIMD2(22, 22), zMM: 15)
        let hole = Shapes.rectangle(SIMD2(6, 6), SIMD2(16, 16), zMM: 15)
        let island = Shapes.rectangle(SIMD2(9, 9), SIMD2(11, 11), zMM: 15)
        let piece = Shapes.rectangle(SIMD2(30, 30), SIMD2(35, 35), zMM: 15)
        let mask = try StructureMask.rasterise(
            Shapes.structure("Pieces", [outer, hole, island, piece]), on: fine)
        expectClose(
            mask.volumeCM3, (400 - 100 + 4 + 25) * 1.5 / 1000, relative: 1e-5,
            because: "edges lie on scan-line boundaries, so the area is exact")
        #expect(mask.volume()[7, 7, 10] == 0)
        #expect(mask.volume()[10, 10, 10] == 1)
    }

    @Test func keyholeContourLeavesItsHoleOpen() throws {
        let points: [SIMD2<Double>] = [
            SIMD2(2, 2), SIMD2(22, 2), SIMD2(22, 22), SIMD2(2, 22), SIMD2(2, 12), SIMD2(6, 12),
            SIMD2(6, 16), SIMD2(16, 16), SIMD2(16, 6), SIMD2(6, 6), SIMD2(6, 12), SIMD2(2, 12),
        ]
        let mask = try StructureMask.rasterise(
            Shapes.structure("Keyhole", [Contour(zMM: 15, points: points)]), on: fine)
        expectClose(mask.volumeCM3, 300 * 1.5 / 1000, relative: 1e-5, because: "400 − 100 mm²")
    }

    @Test func wideGapSeparatesPiecesAndASkippedSliceIsFilled() throws {
        func box(_ z: Double) -> Contour {
            Shapes.rectangle(SIMD2(5, 5), SIMD2(15, 15), zMM: z)
        }
        // 2 mm planes; 6 to 10 skips one slice (filled), 10 to 30 is a gap.
        let mask = try StructureMask.rasterise(
            Shapes.structure("Gap", [box(2), box(4), box(6), box(10), box(30), box(32)]),
            on: fine)
        expectClose(
            mask.volumeCM3, 100 * (10 + 4) / 1000, relative: 1e-5,
            because: "slabs from 1 to 11 and from 29 to 33 mm")
    }

    @Test func partOutsideTheGridIsCountedNotHidden() throws {
        let contours = [0.0, 1.5, 3.0].map {
            Shapes.rectangle(SIMD2(-10.5, 4.5), SIMD2(9.5, 14.5), zMM: $0)
        }
        let mask = try StructureMask.rasterise(Shapes.structure("Half", contours), on: fine)
        expectClose(mask.volumeCM3, 10 * 10 * 4.5 / 1000, relative: 1e-5, because: "half of it")
        expectClose(
            mask.volumeOutsideGridCM3, 10 * 10 * 4.5 / 1000, relative: 1e-4,
            because: "the other half")
    }

    @Test func badContoursAreRefusedByName() {
        func error(_ contours: [Contour]) -> StructureMaskError? {
            do {
                _ = try StructureMask.rasterise(Shapes.structure("Bad", contours), on: fine)
                return nil
            } catch { return error }
        }
        #expect(error([]) == .noContours(structure: "Bad"))
        #expect(
            error([Contour(zMM: 3, points: [SIMD2(0, 0), SIMD2(1, 1)])])
                == .tooFewPoints(structure: "Bad", contour: 0, zMM: 3, count: 2))
        for bad in [Double.nan, .infinity, 1e300, -2e4] {
            #expect(
                error([Contour(zMM: 3, points: [SIMD2(0, 0), SIMD2(1, bad), SIMD2(2, 2)])])
                    == .impossibleCoordinate(structure: "Bad", contour: 0))
        }
        let square = Shapes.rectangle(SIMD2(1, 1), SIMD2(5, 5), zMM: 3)
        #expect(error([square, square]) == .repeatedContour(structure: "Bad", zMM: 3))
        let away = Shapes.rectangle(SIMD2(100, 1), SIMD2(110, 5), zMM: 3)
        #expect(error([away]) == .outsideGrid(structure: "Bad"))
    }

    @Test func externalOfAWholeHeadTakesLessThanASecond() throws {
        let contours = (0..<120).map { k in
            Shapes.circle(
                centre: SIMD2(120, 120), radius: 100, zMM: Double(k) * 1.5, corners: 600)
        }
        let grid = Shapes.grid(SIMD3(250, 250, 120), spacing: SIMD3(1, 1, 1.5))
        let clock = ContinuousClock()
        var mask: StructureMask?
        let time = try clock.measure {
            mask = try StructureMask.rasterise(Shapes.structure("External", contours), on: grid)
        }
        expectClose(
            mask?.volumeCM3 ?? 0, .pi * 10000 * 180 / 1000, relative: 1e-3,
            because: "a cylinder with 600 corners")
        // Measured 0.1 s alone; the margin is for busy machines.
        #expect(time < .seconds(3))
    }
}
