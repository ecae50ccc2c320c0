import Frames
import PatientModel
import PlanEvaluation
import Quantities
import TestSupport
import Testing
import Volumes

#if canImport(Glibc)
    import Glibc
#endif

/// Rays along a known axis through doses with known edges.
@Suite struct RangeComparisonTests {
    /// 100 mm cube of 2 mm voxels, the isocentre in its middle.
    private let grid = Phantom.grid(SIMD3(50, 50, 50), spacingMM: SIMD3(2, 2, 2), originMM: SIMD3(1, 1, 1))
    private let isocentre = Point3<DICOMPatient>(50, 50, 50)

    private func toGantry(_ gantry: Double, couch: Double = 0) -> RigidTransform<DICOMPatient, IECGantry> {
        IECChain.patientToGantry(
            isocentre: isocentre, position: .headFirstSupine, patientSupportAngle: AngleDegrees(couch),
            gantryAngle: AngleDegrees(gantry))
    }

    /// A target from 30 to 60 mm along every axis.
    private var target: StructureMask {
        Phantom.mask(grid) { p in
            (0..<3).allSatisfy { p[$0] > 30 && p[$0] < 60 } ? 1 : 0
        }
    }

    /// A plateau with a linear fall of 6 mm that begins at depth `edge`, along the gantry's beam.
    private func dose(
        _ transform: RigidTransform<DICOMPatient, IECGantry>, edge: Double, factor: Double = 1,
        slope: Double = 0, noise: (SIMD3<Double>) -> Double = { _ in 0 }
    ) -> Volume<Float> {
        Phantom.volume(grid) { p in
            let depth = -transform.apply(Point3<DICOMPatient>(p)).z
            let fall = min(max(1 - (depth - edge) / 6, 0), 1)
            return factor * (fall * (2 + slope * depth) + noise(p))
        }
    }

    /// Gantry 90°: the beam runs along −x, so the target's distal end at x = 30 is at a depth of 20 mm.
    @Test(arguments: [-4.0, -2, 0, 2, 6]) func aShiftedDoseGivesExactlyTheShift(shift: Double) throws {
        let transform = toGantry(90)
        let comparison = RangeComparison(
            reference: dose(transform, edge: 22), evaluated: dose(transform, edge: 22 + shift),
            target: target, toGantry: transform)
        #expect(comparison.targetRays == comparison.rays.count && comparison.rays.count > 150)
        for level in RangeComparison.Level.allCases {
            let figures = try #require(comparison.statistics(level))
            #expect(figures.count == comparison.rays.count)
            for value in [figures.median, figures.percentile5, figures.percentile95, figures.largest] {
                expectClose(value, shift, absolute: 1e-4, because: "linear fall, single precision")
            }
        }
        let ray = comparison.rays[0]
        expectClose(
            try #require(ray.reference[0]), 23.2, absolute: 1e-3, because: "80 % of a fall of 6 mm from 22 mm"
        )
        expectClose(try #require(ray.reference[1]), 25, absolute: 1e-3, because: "50 %")
        expectClose(ray.place.x, 50 - 23.2, absolute: 1e-3, because: "the beam runs along −x")
    }

    @Test func aScaledDoseHasTheSameRange() throws {
        let transform = toGantry(90)
        let comparison = RangeComparison(
            reference: dose(transform, edge: 22), evaluated: dose(transform, edge: 22, factor: 1.37),
            target: target, toGantry: transform)
        let figures = try #require(comparison.statistics(.eighty))
        expectClose(figures.largest, 0, absolute: 1e-4, because: "each dose by its own shoulder")
    }

    /// An absorbed dose that falls by a fifth over the target, and directions along no axis of the grid.
    @Test(arguments: [0.0, 33, 147, 200, 305]) func slopesAndAnglesDoNotMatter(gantry: Double) throws {
        let transform = toGantry(gantry, couch: 15)
        let comparison = RangeComparison(
            reference: dose(transform, edge: 14, slope: -0.012),
            evaluated: dose(transform, edge: 17, slope: -0.012), target: target, toGantry: transform)
        let figures = try #require(comparison.statistics(.eighty))
        #expect(figures.count > 100)
        expectClose(
            figures.median, 3, absolute: 0.3,
            because: "voxels of 2 mm across the fall at an angle, and a shoulder 3 mm further down the slope")
    }

    @Test func aDifferenceInLungIsSmallerInWater() throws {
        let transform = toGantry(90)
        let comparison = RangeComparison(
            reference: dose(transform, edge: 22), evaluated: dose(transform, edge: 28), target: target,
            toGantry: transform, stoppingPowerRatio: Volume<Float>(geometry: grid, repeating: 0.3))
        let water = try #require(comparison.waterStatistics)
        expectClose(water.median, 0.3 * 6, absolute: 1e-4, because: "6 mm of stopping-power ratio 0.3")
        expectClose(
            try #require(comparison.statistics(.eighty)).median, 6, absolute: 1e-4, because: "in tissue")
    }

    /// Noise must not shift the median: the shoulder of the noisy dose is not its maximum.
    @Test func noiseHasNoDirection() throws {
        let transform = toGantry(90)
        func noise(_ p: SIMD3<Double>) -> Double {
            // Reproducible and without any correlation between voxels.
            let v = sin(p.x * 12.9898 + p.y * 78.233 + p.z * 37.719) * 43758.5453
            return 0.3 * (v - v.rounded(.down) - 0.5)
        }
        let comparison = RangeComparison(
            reference: dose(transform, edge: 22), evaluated: dose(transform, edge: 22, noise: noise),
            target: target, toGantry: transform)
        let figures = try #require(comparison.statistics(.eighty))
        expectClose(
            figures.median, 0, absolute: 0.06,
            because:
                "noise of 4 % moves a ray by 0.2 mm, the median of 225 rays by far less; a shoulder that is sought "
                + "would be 3 % too high and move all edges by 0.15 mm")
    }

    @Test func raysWithoutDoseOrFallAreCounted() throws {
        let transform = toGantry(90)
        let half = Phantom.volume(grid) { p in
            let depth = -transform.apply(Point3<DICOMPatient>(p)).z
            return p.z < 45 ? (depth < 22 ? 2 : max(0, 2 - (depth - 22) / 3)) : 0
        }
        let comparison = RangeComparison(
            reference: half, evaluated: Volume<Float>(geometry: grid, repeating: 2), target: target,
            toGantry: transform)
        #expect(comparison.targetRays > 150 && comparison.rays.count < comparison.targetRays)
        #expect(comparison.rays.count > 50)
        #expect(comparison.statistics(.eighty) == nil, "the evaluated dose never falls")
        #expect(comparison.rays.allSatisfy { $0.reference[0] != nil && $0.evaluated[0] == nil })
        #expect(comparison.fadingRays == 0)
    }

    /// A dose that fades out over 60 mm ends nowhere.
    @Test func aDoseThatFadesOutHasNoEdge() throws {
        let transform = toGantry(90)
        let fading = Phantom.volume(grid) { p in
            let depth = -transform.apply(Point3<DICOMPatient>(p)).z
            return min(max(1 - depth / 60, 0), 1)
        }
        let comparison = RangeComparison(
            reference: fading, evaluated: fading, target: target, toGantry: transform)
        #expect(comparison.rays.isEmpty && comparison.fadingRays == comparison.targetRays)
        #expect(comparison.targetRays > 150)
    }

    /// Behind a plateau of 60 % of another field, 50 % is not the edge of this one.
    @Test func aFallBehindAnotherPlateauIsNotTheEdge() throws {
        let transform = toGantry(90)
        let two = Phantom.volume(grid) { p in
            let depth = -transform.apply(Point3<DICOMPatient>(p)).z
            let first = min(max(1 - (depth - 22) / 6, 0), 1)
            let second = min(max(1 - (depth - 42) / 6, 0), 1)
            return 0.8 * first + 1.2 * second
        }
        let comparison = RangeComparison(
            reference: two, evaluated: two, target: target, toGantry: transform)
        #expect(comparison.statistics(.eighty)?.largest == 0)
        #expect(comparison.statistics(.fifty) == nil)
    }

    @Test func theOwnShareOfAnEdgeIsThatOfTheFall() throws {
        let transform = toGantry(90)
        let own = dose(transform, edge: 22)
        // A second field that rises by half as much over the same way.
        let opposed = Phantom.volume(grid) { p in
            let depth = -transform.apply(Point3<DICOMPatient>(p)).z
            return 1 + min(max((depth - 22) / 6, 0), 1)
        }
        let total = Volume<Float>(
            geometry: grid, values: zip(own.values, opposed.values).map { $0 + $1 })
        let alone = RangeComparison(
            reference: own, evaluated: own, target: target, toGantry: transform)
        expectClose(
            try #require(alone.ownShare(of: own, in: own)), 1, absolute: 1e-6, because: "nothing else falls")
        let shared = RangeComparison(
            reference: total, evaluated: total, target: target, toGantry: transform)
        let share = try #require(shared.ownShare(of: own, in: total))
        expectClose(share, 2, absolute: 1e-3, because: "it falls by 2 while the sum falls by 1")
    }
}
