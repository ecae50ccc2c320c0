import Frames
import PatientModel
import PlanEvaluation
import TestSupport
import Testing
import Volumes

@Suite struct DoseComparisonTests {
    private let grid = Phantom.grid(SIMD3(20, 18, 16), spacingMM: SIMD3(2, 2.5, 3))
    private var body: StructureMask {
        Phantom.mask(grid) { p in p.x > 3 && p.x < 35 && p.y > 4 && p.y < 40 && p.z > 5 && p.z < 42 ? 1 : 0 }
    }

    private func compare(
        _ reference: Volume<Float>, _ evaluated: Volume<Float>,
        _ criteria: GammaCriteria = GammaCriteria(doseDifference: 0.03, distanceMM: 2)
    ) async throws -> DoseComparison {
        try await DoseComparison.compute(
            reference: reference, evaluated: evaluated, criteria: criteria, body: body,
            structures: [
                ("Body", body), ("Half", Phantom.mask(grid) { $0.x > 10 && $0.x < 20 && $0.z < 30 ? 1 : 0 }),
            ], threads: 2)
    }

    /// A hot voxel in the air around the patient must not set the scale of gamma.
    @Test func theMaximumIsThatOfTheBody() async throws {
        var reference = Phantom.volume(grid) { _ in 2 }
        reference[0, 0, 0] = 100
        let evaluated = reference.map { $0 * 1.031 }
        let result = try await compare(reference, evaluated)
        #expect(result.gamma.voxels.count == body.indices.count)
        expectClose(
            result.gamma.mean, 1.031 / 1.03 > 1 ? 0.031 / 0.03 : 1, absolute: 1e-3, because: "3.1 % of 3 %")
        #expect(result.gamma.passRate == 0)
        expectClose(result.agreement.referenceMaximum, 2, absolute: 1e-6, because: "the body's")
        expectClose(result.agreement.meanRatio, 1.031, relative: 1e-5, because: "everywhere")
        expectClose(result.agreement.ratioSpread, 0, absolute: 1e-5, because: "no spread")
    }

    /// The computed dose may be on any grid that reaches around the patient.
    @Test func theEvaluatedDoseIsBroughtToTheReference() async throws {
        func plane(_ p: SIMD3<Double>) -> Double { 1 + 0.02 * p.x + 0.03 * p.y + 0.01 * p.z }
        let larger = Phantom.grid(
            SIMD3(34, 40, 60), spacingMM: SIMD3(1.5, 1.2, 0.9), originMM: SIMD3(-3, -2, -2))
        let result = try await compare(Phantom.volume(grid, plane), Phantom.volume(larger, plane))
        #expect(result.gamma.maximum < 0.01, "a linear dose survives any grid")
        for row in result.structures {
            for figure in StructureComparison.Figure.allCases {
                let values = row.values(figure)
                expectClose(
                    values.evaluated, values.reference, relative: 1e-5,
                    because: "trilinear interpolation is exact for linear functions")
            }
        }
    }

    @Test func figuresOfAStructureAreThoseOfItsVoxels() async throws {
        let reference = Phantom.volume(grid) { $0.x < 15 ? 2 : 3 }
        let evaluated = Phantom.volume(grid) { $0.x < 15 ? 2.5 : 3 }
        let result = try await compare(
            reference, evaluated, GammaCriteria(doseDifference: 0.03, distanceMM: 0.5))
        let half = try #require(result.structure(named: "Half"))
        let values = half.values(.mean)
        // x = 12, 14 get 2 and 2.5; x = 16, 18 get 3.
        expectClose(values.reference, 2.5, absolute: 1e-5, because: "half of each")
        expectClose(values.evaluated, 2.75, absolute: 1e-5, because: "half of each")
        #expect(half.values(.d98).reference == 2 && half.values(.d98).evaluated == 2.5)
        let gamma = try #require(half.gamma)
        expectClose(
            gamma.passRate, 0.5, absolute: 1e-9, because: "the points at 2 Gy are off by 17 % of 3 Gy")
        expectClose(result.agreement.largest.difference, 0.5, absolute: 1e-5, because: "by construction")
        #expect(result.agreement.largest.place.x < 15)
    }

    @Test func aDoseWithoutAnyDoseCannotBeCompared() async throws {
        let zero = Volume<Float>(geometry: grid, repeating: 0)
        await #expect(throws: GammaError.self) { _ = try await compare(zero, zero) }
    }
}

@Suite struct GammaSummaryTests {
    @Test func aStructureOfAllPointsIsTheComparisonRestrictedToIt() async throws {
        let grid = Phantom.grid(SIMD3(24, 20, 18))
        let reference = Phantom.volume(grid) { 1 + 0.05 * $0.x }
        let evaluated = Phantom.volume(grid) { 1 + 0.05 * ($0.x + 0.3 * $0.y / 10) }
        let criteria = GammaCriteria(doseDifference: 0.02, distanceMM: 1)
        let mask = Phantom.mask(grid) { $0.y > 7 && $0.y < 16 && $0.z < 9 ? 0.4 : 0 }
        let whole = try await GammaIndex.compute(
            reference: reference, evaluated: evaluated, criteria: criteria, threads: 2)
        let part = try await GammaIndex.compute(
            reference: reference, evaluated: evaluated, criteria: criteria, mask: mask, threads: 2)
        #expect(whole.summary(in: mask) == part.summary)
        #expect(part.summary.points == mask.indices.count && part.summary.maximum > 0)
        #expect(whole.summary(in: Phantom.mask(grid) { _ in 0 }) == nil)
        let volume = whole.volume(on: grid, elsewhere: -1)
        #expect(volume.values.count { $0 >= 0 } == whole.voxels.count)
    }
}

@Suite struct DoseAgreementTests {
    private let grid = Phantom.grid(SIMD3(9, 9, 9))

    /// A single hot voxel is the largest difference, a cluster the largest of the means.
    @Test func aClusterStandsOutOfNoise() throws {
        let reference = Volume<Float>(geometry: grid, repeating: 10)
        var evaluated = reference
        evaluated[1, 1, 1] = 15
        for z in 5...7 {
            for y in 5...7 {
                for x in 5...7 { evaluated[x, y, z] = 9 }
            }
        }
        let body = Phantom.mask(grid) { _ in 1 }
        let found = try #require(
            DoseAgreement(reference: reference, evaluated: evaluated, body: body, threshold: 0.1))
        expectClose(found.largest.difference, 5, absolute: 1e-6, because: "the single voxel")
        #expect(found.largest.place == grid.centre(1, 1, 1))
        expectClose(found.largestMean.difference, -1, absolute: 1e-6, because: "27 voxels lower by 1")
        #expect(found.largestMean.place == grid.centre(6, 6, 6))
        #expect(found.highDoseVoxels == 729)
        expectClose(
            found.meanRatio, (7290.0 + 5 - 27) / 7290, relative: 1e-6, because: "the sum over the sum")
    }

    @Test func lowDoseIsLeftOut() throws {
        let reference = Phantom.volume(grid) { $0.x < 4 ? 10 : 0.5 }
        let evaluated = Phantom.volume(grid) { $0.x < 4 ? 10.2 : 0.9 }
        let body = Phantom.mask(grid) { _ in 1 }
        let found = try #require(
            DoseAgreement(reference: reference, evaluated: evaluated, body: body, threshold: 0.1))
        expectClose(
            found.largest.difference, 0.2, absolute: 1e-5, because: "0.4 Gy more below the threshold of 1 Gy")
        #expect(
            DoseAgreement(
                reference: Volume(geometry: grid, repeating: 0), evaluated: evaluated, body: body,
                threshold: 0.1)
                == nil)
    }
}

@Suite struct DoseResamplingTests {
    private let grid = Phantom.grid(
        SIMD3(12, 11, 10), spacingMM: SIMD3(2, 2.5, 3), originMM: SIMD3(-4, 7, 100))

    @Test func aPartOfTheSameLatticeGetsTheValuesThemselves() {
        let volume = Phantom.volume(grid) { ($0.x * 1.7 + $0.y * $0.z).truncatingRemainder(dividingBy: 7) }
        // Written by another program: the origin agrees to rounding only.
        let part = Phantom.grid(
            SIMD3(5, 6, 4), spacingMM: SIMD3(2, 2.5, 3), originMM: SIMD3(0.0000004, 12, 106))
        let result = volume.resampled(on: part)
        for z in 0..<4 {
            for y in 0..<6 {
                for x in 0..<5 { #expect(result[x, y, z] == volume[x + 2, y + 2, z + 2]) }
            }
        }
        #expect(volume.resampled(on: grid).values == volume.values)
    }

    @Test func linearFunctionsAreExactAndBeyondIsOutside() {
        func plane(_ p: SIMD3<Double>) -> Double { 3 + 0.1 * p.x - 0.2 * p.y + 0.05 * p.z }
        let other = Phantom.grid(
            SIMD3(40, 40, 40), spacingMM: SIMD3(0.9, 0.8, 1.1), originMM: SIMD3(-6, 4, 97))
        let result = Phantom.volume(grid, plane).resampled(on: other, outside: -9)
        let (low, high) = (grid.centre(0, 0, 0).mm, grid.centre(11, 10, 9).mm)
        for index in result.values.indices {
            let v = other.voxel(at: index)
            let p = other.centre(v.x, v.y, v.z).mm
            let isInside = (0..<3).allSatisfy { p[$0] >= low[$0] && p[$0] <= high[$0] }
            let expected = isInside ? plane(p) : -9
            #expect(abs(Double(result.values[index]) - expected) < 1e-4)
        }
    }
}
