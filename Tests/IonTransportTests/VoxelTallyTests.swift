import Frames
import IonPhysics
import IonTransport
import Quantities
import Testing
import Volumes

/// Parts of a run in voxels.
@Suite struct VoxelTallyTests {
    private static func transport() throws -> VoxelTransport {
        try VoxelTransport(
            phantom: VoxelTransportTests.slabs([.water, .pmma], spacing: 3, { $0 % 2 }, count: 40))
    }

    private static func request(_ histories: Int) -> VoxelTransportRequest {
        var request = VoxelTransportRequest(histories: histories, seed: 5)
        request.historiesPerBatch = 50
        return request
    }

    private static func tally(
        _ transport: VoxelTransport, _ histories: Range<Int>, threads: Int = 1
    ) async throws -> VoxelTally {
        try await transport.tally(histories, of: request(500), threads: threads) { _, random in
            PrimaryIon(
                ion: .carbon12, energyMeVPerNucleon: 200,
                position: Point3(Double.random(in: -5...5, using: &random), 0.1, 1e-6),
                direction: Vector3(0, 0, 1))
        }
    }

    @Test func aRunIsTheSumOfItsParts() async throws {
        let transport = try Self.transport()
        let whole = try await Self.tally(transport, 0..<430, threads: 2)
        #expect(whole.histories == 430 && whole.batches == 9, "the last batch has 30")
        #expect(whole.voxels.contains { $0 > 0 } && whole.squares.contains { $0 > UInt64.max })
        // In another order, on other numbers of threads.
        var sum = try await Self.tally(transport, 250..<430)
        for part in [0..<50, 100..<250, 50..<100] {
            sum.add(try await Self.tally(transport, part, threads: 3))
        }
        #expect(sum == whole)
        let result = VoxelTransportResult(
            request: Self.request(430), phantom: transport.phantom, tally: whole)
        #expect(result.histories == 430 && result.batches == 9)
    }

    @Test func partsThatCutABatchAreRefused() async throws {
        let transport = try Self.transport()
        await #expect(throws: VoxelTransportError.cutsBatch(at: 30, size: 50)) {
            try await Self.tally(transport, 30..<100)
        }
    }

    /// (V3) by hand: batches of 2, 2 and 1 histories with 6, 2 and 5 units in the only voxel.
    @Test func theStandardErrorIsThatOfTheFormula() throws {
        let geometry = VolumeGeometry(
            dimensions: SIMD3(1, 1, 1), origin: Point3(0, 0, 0), spacingMM: SIMD3(10, 10, 10),
            frameOfReferenceUID: "1")
        let phantom = try VoxelPhantom(
            geometry: geometry, materials: [.water], materialIndex: [0], densityGPerCM3: [1])
        var request = VoxelTransportRequest(histories: 5, seed: 1)
        request.historiesPerBatch = 2
        let mega: Int64 = 1_048_576
        // Σ d²·2/n = 36 + 4 + 50.
        let tally = VoxelTally(
            histories: 5, batches: 3, voxels: [13 * mega, 13 * mega, 0],
            squares: [90 * UInt128(mega) * UInt128(mega)], balance: [0, 0, 0, 0, 0, 0])
        let result = VoxelTransportResult(request: request, phantom: phantom, tally: tally)
        let gray = 1.602176634e-13 / 1e-3
        let spread: Double = 90.0 / 2 - 169.0 / 5
        let expected = (spread / 10).squareRoot() * gray
        #expect(abs(Double(result.standardError.values[0]) - expected) < 1e-6 * expected)
        let one = VoxelTally(
            histories: 2, batches: 1, voxels: [mega, mega, 0], squares: [1], balance: [0, 0, 0, 0, 0, 0])
        #expect(
            VoxelTransportResult(request: request, phantom: phantom, tally: one).standardError.values == [
                .infinity
            ], "one batch tells nothing")
    }

    /// Over many voxels, the mean square of the standard errors is the variance of repeated runs.
    @Test func theStandardErrorIsHonest() async throws {
        let phantom = try VoxelTransportTests.slabs([.water], spacing: 10, { _ in 0 }, count: 9)
        let transport = try VoxelTransport(phantom: phantom)
        let runs = 24
        var (sum, squares, variance) = (
            [Double](repeating: 0, count: phantom.geometry.voxelCount),
            [Double](repeating: 0, count: phantom.geometry.voxelCount),
            [Double](repeating: 0, count: phantom.geometry.voxelCount)
        )
        for seed in 1...runs {
            var request = VoxelTransportRequest(histories: 400, seed: UInt64(seed))
            request.historiesPerBatch = 40
            let result = try await transport.run(request, threads: 2) { _, random in
                PrimaryIon(
                    ion: .carbon12, energyMeVPerNucleon: 200,
                    position: Point3(
                        Double.random(in: -40...40, using: &random),
                        Double.random(in: -40...40, using: &random),
                        1e-6),
                    direction: Vector3(0, 0, 1))
            }
            let (dose, error) = (result.doseToWater.values, result.standardError.values)
            for voxel in dose.indices {
                sum[voxel] += Double(dose[voxel])
                squares[voxel] += Double(dose[voxel]) * Double(dose[voxel])
                variance[voxel] += Double(error[voxel]) * Double(error[voxel])
            }
        }
        var (told, seen, count) = (0.0, 0.0, 0)
        let most = sum.max() ?? 0
        for voxel in sum.indices where sum[voxel] > 0.3 * most {
            let mean = sum[voxel] / Double(runs)
            seen +=
                (squares[voxel] / Double(runs) - mean * mean) * Double(runs) / Double(runs - 1)
                / (mean * mean)
            told += variance[voxel] / Double(runs) / (mean * mean)
            count += 1
        }
        #expect(count > 300)
        // Each voxel's variance of 24 runs is known to 29 %; voxels in depth are correlated, 64 columns are not: 3.7 %.
        let ratio = told / seen
        #expect(abs(ratio - 1) < 0.12, "variance told over variance of repeated runs: \(ratio)")
    }
}
