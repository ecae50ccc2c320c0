import Frames
import PatientModel
import PlanEvaluation
import TestSupport
import Testing
import Volumes

@Suite struct DoseVolumeHistogramTests {
    @Test func linearDoseInABoxHasAStraightHistogram() throws {
        // Dose 0.1 Gy/mm along x over 100 mm: cumulative volume falls from 1 to 0 between 0 and 10 Gy.
        let grid = Phantom.grid(SIMD3(200, 8, 8), spacingMM: SIMD3(0.5, 2, 2))
        let dose = Phantom.volume(grid) { 0.1 * ($0.x + 0.25) }
        let mask = Phantom.mask(grid) { _ in 1 }
        let histogram = try #require(DoseVolumeHistogram(dose: dose, mask: mask, binWidth: 0.1))
        let voxel = 0.05
        for v in [0.02, 0.05, 0.5, 0.95, 0.98] {
            expectClose(histogram.dose(atVolume: v), 10 * (1 - v), absolute: voxel, because: "one voxel")
        }
        for d in [1.0, 3.3, 9.9] {
            expectClose(histogram.volume(atDose: d), 1 - d / 10, absolute: 1.0 / 200, because: "one voxel")
        }
        #expect(histogram.volume(atDose: 0) == 1 && histogram.volume(atDose: 10.1) == 0)
        expectClose(histogram.mean, 5, absolute: 1e-4, because: "symmetric")
        expectClose(histogram.standardDeviation, 10 / 12.0.squareRoot(), relative: 1e-3, because: "uniform")
        expectClose(try #require(histogram.homogeneityIndex), 0.96 * 10 / 5, absolute: 0.02, because: "voxel")
        expectClose(histogram.volumeCM3, 100 * 16 * 16 / 1000, relative: 1e-6, because: "box")
        expectClose(
            try #require(histogram.dose(atAbsoluteVolumeCM3: 2.56)), 9, absolute: voxel, because: "a tenth")
        #expect(histogram.dose(atAbsoluteVolumeCM3: 30) == nil)
        expectClose(histogram.differential.reduce(0, +), 1, relative: 1e-9, because: "all volume")
        expectClose(histogram.cumulative[50], 0.5, absolute: 1.0 / 200, because: "5 Gy")
        #expect(histogram.cumulative.last == 0)
        expectClose(histogram.cumulative[0], 1, relative: 1e-9, because: "all volume")
    }

    @Test func radialDoseInASphereFollowsTheCube() throws {
        // Dose falls from 20 Gy at the centre to 0 at 20 mm: V_d = (1 − d/20)³; D_v = 20 (1 − v^⅓).
        let grid = Phantom.grid(SIMD3(61, 61, 61), originMM: SIMD3(repeating: -30))
        func radius(_ p: SIMD3<Double>) -> Double { (p * p).sum().squareRoot() }
        let dose = Phantom.volume(grid) { max(0, 20 - radius($0)) }
        let mask = Phantom.mask(grid) { min(1, max(0, 20.5 - radius($0))) }
        let histogram = try #require(DoseVolumeHistogram(dose: dose, mask: mask))
        for d in [2.0, 10, 16] {
            expectClose(
                histogram.volume(atDose: d), (1 - d / 20) * (1 - d / 20) * (1 - d / 20), absolute: 0.01,
                because: "1 mm voxels on a 20 mm radius")
        }
        expectClose(histogram.dose(atVolume: 0.125), 10, absolute: 0.1, because: "half the radius")
        expectClose(histogram.volumeCM3, 33.51, relative: 0.005, because: "4π/3 · 2³")
        // Centre, and a surface where the dose is 0 already.
        #expect(histogram.minimum == 0 && histogram.maximum == 20)
    }

    @Test func sharesWeighVoxels() throws {
        let grid = Phantom.grid(SIMD3(4, 1, 1))
        let dose = Volume<Float>(geometry: grid, values: [10, 20, 30, 90])
        let mask = StructureMask(geometry: grid, indices: [0, 1, 2, 3], shares: [1, 0.5, 1, 0.25])
        let histogram = try #require(DoseVolumeHistogram(dose: dose, mask: mask))
        expectClose(histogram.mean, (10 + 10 + 30 + 22.5) / 2.75, relative: 1e-6, because: "by hand")
        expectClose(histogram.volume(atDose: 20), 1.75 / 2.75, relative: 1e-6, because: "by hand")
        #expect(histogram.dose(atVolume: 0.05) == 90 && histogram.dose(atVolume: 0.1) == 30)
        #expect(histogram.dose(atVolume: 1) == 10 && histogram.dose(atVolume: 0) == 90)
        #expect(histogram.maximum == 90 && histogram.minimum == 10)
        let empty = StructureMask(geometry: grid, indices: [], shares: [])
        #expect(DoseVolumeHistogram(dose: dose, mask: empty) == nil)
    }

    @Test func noDoseAtVolumeLiesOutsideTheExtremes() throws {
        // A structure of few voxels, all of them cut, across a steep dose of 10 Gy/mm.
        let grid = Phantom.grid(SIMD3(12, 12, 12), spacingMM: SIMD3(repeating: 2))
        let dose = Phantom.volume(grid) { max(0, 10 * ($0.x - 8) + 3 * $0.y) }
        let contours = [9.0, 10.5, 12].map {
            Contour(
                zMM: $0, points: [SIMD2(9.3, 9.1), SIMD2(13.7, 9.2), SIMD2(13.5, 12.9), SIMD2(9.4, 12.6)])
        }
        let structure = Structure(
            number: 1, name: "Chiasm", interpretedType: "", colour: SIMD3(0, 0, 255), contours: contours)
        let mask = try StructureMask.rasterise(structure, on: grid)
        let histogram = try #require(DoseVolumeHistogram(dose: dose, mask: mask))
        for share in [0.0, 1e-4, 0.001, 0.01, 0.02, 0.05, 0.5, 0.95, 0.98, 0.999, 1] {
            let value = histogram.dose(atVolume: share)
            #expect(value <= histogram.maximum && value >= histogram.minimum, "D at \(share)")
        }
        #expect(histogram.dose(atVolume: 0) == histogram.maximum)
        #expect(histogram.dose(atVolume: 1) == histogram.minimum)
        // The corner (13.5, 12.9) has 93.7 Gy; the voxel there is centred at (14, 12) and has 96.
        #expect(histogram.maximum < 93.7 && histogram.maximum > 88)
        #expect(histogram.minimum > 10 * 1.3 + 3 * 9.1)
    }

    @Test func conformityByHand() {
        let grid = Phantom.grid(SIMD3(10, 1, 1), spacingMM: SIMD3(repeating: 10))
        let dose = Volume<Float>(geometry: grid, values: [0, 0, 60, 60, 60, 60, 50, 50, 0, 0])
        let target = Phantom.mask(grid) { (30...60).contains($0.x) ? 1 : 0 }
        let conformity = Conformity(dose: dose, target: target, prescribedDose: 60)
        #expect(conformity.isodoseVolumeCM3 == 4 && conformity.targetVolumeCM3 == 4)
        #expect(conformity.coveredVolumeCM3 == 3)
        expectClose(conformity.paddickIndex, 9.0 / 16, relative: 1e-12, because: "3²/(4 · 4)")
        #expect(conformity.rtogIndex == 1)
    }

    @Test func differenceByHand() throws {
        let grid = Phantom.grid(SIMD3(4, 1, 1))
        let reference = Volume<Float>(geometry: grid, values: [1, 10, 10, 10])
        let evaluated = Volume<Float>(geometry: grid, values: [5, 11, 9, 13])
        let difference = try #require(
            DoseDifference(reference: reference, evaluated: evaluated, threshold: 0.5))
        #expect(difference.voxelCount == 3 && difference.mean == 1 && difference.greatest == 3)
        expectClose(
            difference.rootMeanSquare, (11.0 / 3).squareRoot(), relative: 1e-12, because: "1, −1, 3")
    }
}
