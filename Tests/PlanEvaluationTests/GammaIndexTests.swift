import Frames
import PatientModel
import PlanEvaluation
import TestSupport
import Testing
import Volumes

#if canImport(Glibc)
    import Glibc
#endif

@Suite struct GammaIndexTests {
    private func gamma(
        _ reference: Volume<Float>, _ evaluated: Volume<Float>, _ criteria: GammaCriteria,
        mask: StructureMask? = nil, threads: Int = 1
    ) async throws -> GammaResult {
        try await GammaIndex.compute(
            reference: reference, evaluated: evaluated, criteria: criteria, mask: mask, threads: threads)
    }

    /// A field-like dose with steep edges.
    private func field(_ geometry: VolumeGeometry, shift: Double = 0) -> Volume<Float> {
        Phantom.volume(geometry) { p in
            let q = (p - SIMD3(20.0 + shift, 20, 20)) / SIMD3(9, 7, 8)
            return 2 * exp(-(q * q * q * q).sum())
        }
    }

    @Test func identicalDosesHaveGammaZero() async throws {
        let dose = field(Phantom.grid(SIMD3(40, 40, 40)))
        let result = try await gamma(dose, dose, GammaCriteria(doseDifference: 0.02, distanceMM: 2))
        #expect(result.maximum == 0 && result.passRate == 1)
        #expect(result.voxels.allSatisfy { dose.values[Int($0)] >= 0.2 })
    }

    @Test func uniformExcessIsExactlyOne() async throws {
        let grid = Phantom.grid(SIMD3(9, 8, 7))
        let reference = Volume<Float>(geometry: grid, repeating: 2)
        let evaluated = Volume<Float>(geometry: grid, repeating: 2.06)
        for normalisation in [GammaCriteria.Normalisation.globalMaximum, .local, .globalDose(2)] {
            let result = try await gamma(
                reference, evaluated,
                GammaCriteria(doseDifference: 0.03, distanceMM: 3, normalisation: normalisation))
            expectClose(result.maximum, 1, absolute: 1e-5, because: "3 % of 3 %; single precision")
            #expect(result.passRate == 1)
        }
        let twice = try await gamma(
            reference, evaluated,
            GammaCriteria(doseDifference: 0.03, distanceMM: 3, normalisation: .globalDose(1)))
        expectClose(twice.mean, 2, absolute: 1e-5, because: "capped where the search ends")
        #expect(twice.passRate == 0)
    }

    /// Closed form for a gradient g shifted by s: γ = s g / √(Δ² + g² δ²).
    @Test(arguments: [2.0, 2.5]) func shiftedGradientFollowsTheClosedForm(spacing: Double) async throws {
        let (g, s) = (0.05, 1.3)
        let reference = Phantom.volume(Phantom.grid(SIMD3(41, 9, 9), spacingMM: SIMD3(2, 2, 2))) {
            1 + g * $0.x
        }
        let count = SIMD3(Int(84 / spacing), 9, 9)
        let evaluated = Phantom.volume(
            Phantom.grid(count, spacingMM: SIMD3(spacing, 2, 2), originMM: SIMD3(-1, 0, 0))
        ) { 1 + g * ($0.x - s) }
        let criteria = GammaCriteria(
            doseDifference: 0.04, distanceMM: 2, normalisation: .globalDose(1), lowDoseThreshold: 0)
        let result = try await gamma(reference, evaluated, criteria)
        let expected = s * g / (0.04 * 0.04 + g * g * 4).squareRoot()
        let interior = zip(result.voxels, result.gamma).filter {
            let v = reference.geometry.voxel(at: Int($0.0))
            return (5..<36).contains(v.x)
        }
        #expect(interior.count == 31 * 81)
        let worst = interior.map { abs(Double($0.1) - expected) }.max() ?? 1
        #expect(worst <= Self.latticeError(gamma: expected, slope: g), "\(worst)")
    }

    /// By how much the best lattice point can miss γ: it lies within a twentieth of δ = 2 mm of the true one, where
    /// γ² rises with the square of the distance, by 1/δ² + g²/Δ².
    private static func latticeError(gamma: Double, slope g: Double) -> Double {
        0.1 * 0.1 * (1 / 4.0 + g * g / (0.04 * 0.04)) / (2 * gamma) + 1e-4
    }

    /// The plain definition: every lattice point, trilinear interpolation of `Volume`.
    private func fullSearch(
        _ reference: Volume<Float>, _ evaluated: Volume<Float>, at index: Int, difference: Double,
        distance: Double
    ) -> Double {
        let v = reference.geometry.voxel(at: index)
        let centre = reference.geometry.centre(v.x, v.y, v.z).mm
        var best = 4.0
        for z in -20...20 {
            for y in -20...20 {
                for x in -20...20 {
                    let offset = SIMD3(Double(x), Double(y), Double(z)) * distance / 10
                    let squared = (offset * offset).sum() / (distance * distance)
                    guard squared <= 4, let dose = evaluated.interpolated(at: Point3(centre + offset)) else {
                        continue
                    }
                    let deviation = (dose - Double(reference.values[index])) / difference
                    best = min(best, squared + deviation * deviation)
                }
            }
        }
        return best.squareRoot()
    }

    /// Doses that agree, and doses of which a part fails: there the search has to look far.
    @Test(arguments: [SIMD3<Double>(2, 2, 2), SIMD3(1.7, 2.3, 2)], [1.1, 3.5])
    func earlyEndAndTablesChangeNothing(spacing: SIMD3<Double>, shift: Double) async throws {
        let grid = Phantom.grid(SIMD3(20, 20, 20), spacingMM: SIMD3(2, 2, 2))
        let reference = field(grid)
        let evaluated = field(
            Phantom.grid(SIMD3(22, 20, 21), spacingMM: spacing, originMM: SIMD3(0.6, -0.3, 0.2)), shift: shift
        )
        let result = try await gamma(
            reference, evaluated, GammaCriteria(doseDifference: 0.02, distanceMM: 2))
        #expect((result.passRate > 0.95) == (shift < 2))
        let difference = 0.02 * Double(reference.values.max() ?? 0)
        for position in stride(from: 0, to: result.voxels.count, by: result.voxels.count / 40) {
            let expected = fullSearch(
                reference, evaluated, at: Int(result.voxels[position]), difference: difference, distance: 2)
            expectClose(
                Double(result.gamma[position]), expected, absolute: 1e-4, because: "single precision")
        }
        let two = try await gamma(
            reference, evaluated, GammaCriteria(doseDifference: 0.02, distanceMM: 2), threads: 2)
        #expect(two.gamma == result.gamma && two.voxels == result.voxels)
    }

    @Test func rolesMatter() async throws {
        // A spike one voxel wide: as reference it is missed, as evaluated dose it is passed over.
        let grid = Phantom.grid(SIMD3(41, 1, 1))
        let flat = Volume<Float>(geometry: grid, repeating: 1)
        var spiked = flat
        spiked.values[20] = 1.5
        let criteria = GammaCriteria(doseDifference: 0.03, distanceMM: 3, normalisation: .globalDose(1))
        let spikeIsReference = try await gamma(spiked, flat, criteria)
        let spikeIsEvaluated = try await gamma(flat, spiked, criteria)
        #expect(spikeIsReference.passRate < 1)
        #expect(spikeIsEvaluated.passRate == 1)
    }

    @Test func planesAndProfilesAreVolumesOfOneLayer() async throws {
        let (g, s) = (0.05, 1.0)
        for dimensions in [SIMD3(41, 9, 1), SIMD3(41, 1, 1)] {
            let grid = Phantom.grid(dimensions, spacingMM: SIMD3(2, 2, 2))
            let result = try await gamma(
                Phantom.volume(grid) { 1 + g * $0.x }, Phantom.volume(grid) { 1 + g * ($0.x - s) },
                GammaCriteria(
                    doseDifference: 0.04, distanceMM: 2, normalisation: .globalDose(1), lowDoseThreshold: 0))
            let expected = s * g / (0.04 * 0.04 + g * g * 4).squareRoot()
            expectClose(
                Double(result.gamma[20]), expected, absolute: Self.latticeError(gamma: expected, slope: g),
                because: "lattice of 0.2 mm")
        }
    }

    @Test func badInputIsRefused() async throws {
        let grid = Phantom.grid(SIMD3(3, 3, 3))
        let dose = Volume<Float>(geometry: grid, repeating: 1)
        let good = GammaCriteria(doseDifference: 0.03, distanceMM: 3)
        func refusal(_ reference: Volume<Float>, _ evaluated: Volume<Float>, _ criteria: GammaCriteria) async
            -> GammaError?
        {
            do {
                _ = try await gamma(reference, evaluated, criteria)
                return nil
            } catch { return error as? GammaError }
        }
        let other = Volume<Float>(
            geometry: Phantom.grid(SIMD3(3, 3, 3), frame: "1.9"), repeating: 1)
        #expect(
            await refusal(dose, other, good)
                == .framesOfReferenceDiffer(reference: "1.2.3", evaluated: "1.9"))
        var broken = dose
        broken.values[5] = .nan
        #expect(await refusal(dose, broken, good) == .notFinite(volume: "evaluated", voxel: 5))
        #expect(
            await refusal(dose, dose, GammaCriteria(doseDifference: 0.03, distanceMM: 0))
                == .invalidCriterion(name: "distanceMM", value: 0))
        #expect(
            await refusal(
                dose, dose,
                GammaCriteria(doseDifference: 0.03, distanceMM: 3, normalisation: .globalDose(100)))
                == .noPoints(threshold: 10))
    }
}
