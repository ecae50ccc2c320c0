import Frames
import IonTransport
import MonteCarloDose
import PatientModel
import PlanModel
import TestSupport
import Testing
import Volumes

/// Two fields on a box of water, of which the second has twice the ions.
@Suite struct MonteCarloRunTests {
    private static func engine() throws -> MonteCarloDoseEngine {
        let grid = MonteCarloDoseEngineTests.geometry(SIMD3(24, 24, 24), 6)
        return try MonteCarloDoseEngine(
            images: MonteCarloDoseEngineTests.images(grid), grid: grid, machine: FieldSourceTests.machine(),
            patientPosition: .headFirstSupine)
    }

    private static func fields() -> [Field] {
        [(0.0, 1e6), (90, 2e6)].enumerated().map { number, value in
            var field = FieldSourceTests.field(
                gantry: value.0,
                spots: (0..<9).map {
                    Spot(
                        positionMM: SIMD2(Double($0 % 3) * 6 - 6, Double($0 / 3) * 6 - 6),
                        particles: value.1)
                })
            field.number = number + 1
            return field
        }
    }

    @Test func aRunInRoundsIsTheRunAtOnce() async throws {
        let engine = try Self.engine()
        var once = try MonteCarloRun(engine: engine, fields: Self.fields(), seed: 3)
        try await once.advance(to: 9300, threads: 2)
        var rounds = try MonteCarloRun(engine: engine, fields: Self.fields(), seed: 3)
        var told: [Int] = []
        for total in [4000, 5000, 9000, 9300] {
            try await rounds.advance(to: total, threads: 1) { told.append($0) }
        }
        #expect(once.tallies == rounds.tallies && once.histories == 9300)
        #expect(told == told.sorted() && told.last == 9300)
        // The same from tallies made elsewhere.
        var parts = try MonteCarloRun(engine: engine, fields: Self.fields(), seed: 3)
        for (number, histories) in parts.schedule.histories(ofTotal: 9300).enumerated().reversed() {
            for part in [1000..<histories, 0..<1000] {
                parts.add(try await parts.tally(beam: number, histories: part, threads: 1), beam: number)
            }
        }
        #expect(parts.tallies == once.tallies)
        #expect(parts.planDose().standardError == once.planDose().standardError)
    }

    @Test func theUncertaintyIsThatOfThePlansDose() async throws {
        let engine = try Self.engine()
        var run = try MonteCarloRun(engine: engine, fields: Self.fields(), seed: 1)
        #expect(run.uncertainty(in: .highDose) == nil, "nothing is known yet")
        try await run.advance(to: 20_000, threads: 2)
        let (dose, error) = run.planDose()
        let outcomes = [run.outcome(beam: 0), run.outcome(beam: 1)]
        for voxel in dose.values.indices {
            let sum = outcomes.reduce(0.0) { $0 + Double($1.distribution.dose.values[voxel]) }
            let variance = outcomes.reduce(0.0) {
                $0 + Double($1.standardError.values[voxel]) * Double($1.standardError.values[voxel])
            }
            expectClose(Double(dose.values[voxel]), sum, relative: 1e-5, absolute: 1e-12, because: "32 bits")
            expectClose(
                Double(error.values[voxel]), variance.squareRoot(), relative: 1e-5, absolute: 1e-12,
                because: "fields are independent")
        }
        let high = try #require(run.uncertainty(in: .highDose))
        // A structure of exactly the voxels of high dose: a mean of ratios against a ratio of means.
        let half = 0.5 * (dose.values.max() ?? 0)
        let indices = dose.values.indices.filter { dose.values[$0] > half }
        let mask = StructureMask(
            geometry: dose.geometry, indices: indices.map { Int32($0) }, shares: indices.map { _ in 1 })
        let within = try #require(run.uncertainty(in: .structure(mask)))
        #expect(within < 1.05 * high && within > 0.7 * high)
        let nowhere = StructureMask(geometry: dose.geometry, indices: [0], shares: [1])
        #expect(dose.values[0] > 0 || run.uncertainty(in: .structure(nowhere)) == .infinity)

        try await run.advance(to: 80_000, threads: 2)
        expectClose(
            try #require(run.uncertainty(in: .highDose)), high / 2, relative: 0.15,
            because: "four times the ions; the first from ten batches of each field")
    }

    @Test func oneVoxelOfAirDoesNotDecideWhereTheDoseIsHigh() {
        // 2 mm: the hottest 0.1 cm³ has 12 voxels.
        let geometry = MonteCarloDoseEngineTests.geometry(SIMD3(10, 10, 2), 2)
        var (dose, error) = (
            Volume<Float>(geometry: geometry, repeating: 0), Volume<Float>(geometry: geometry, repeating: 0)
        )
        for voxel in 0..<60 { (dose.values[voxel], error.values[voxel]) = (1, 0.02) }
        for voxel in 60..<90 { (dose.values[voxel], error.values[voxel]) = (0.4, 0.2) }
        for voxel in 100..<111 { (dose.values[voxel], error.values[voxel]) = (50, 25) }
        expectClose(
            UncertaintyRegion.highDose.uncertainty(dose: dose, error: error), (60 * 0.02 + 11 * 0.5) / 71,
            relative: 1e-6, because: "the twelfth voxel has 1 Gy; those of 0.4 Gy are below half of it")
        let nothing = Volume<Float>(geometry: geometry, repeating: 0)
        #expect(UncertaintyRegion.highDose.uncertainty(dose: nothing, error: nothing) == .infinity)
    }

    /// What is told of the plan's uncertainty against repeated runs of it.
    @Test func theUncertaintyIsHonest() async throws {
        let engine = try Self.engine()
        let runs = 12
        var doses: [[Float]] = []
        var told = 0.0
        for seed in 1...runs {
            var run = try MonteCarloRun(engine: engine, fields: Self.fields(), seed: UInt64(seed))
            try await run.advance(to: 20_000, threads: 2)
            doses.append(run.planDose().dose.values)
            told += try #require(run.uncertainty(in: .highDose)) / Double(runs)
        }
        let means = doses[0].indices.map { voxel in
            doses.reduce(0.0) { $0 + Double($1[voxel]) } / Double(runs)
        }
        let half = 0.5 * (means.max() ?? 0)
        var (seen, count) = (0.0, 0)
        for voxel in means.indices where means[voxel] > half {
            let variance = doses.reduce(0.0) {
                $0 + (Double($1[voxel]) - means[voxel]) * (Double($1[voxel]) - means[voxel])
            }
            seen += (variance / Double(runs - 1)).squareRoot() / means[voxel]
            count += 1
        }
        seen /= Double(count)
        #expect(count > 20)
        // Roots of variances from 10 batches and from 12 runs are low by 2.7 and 2.3 % on average.
        expectClose(
            told, seen, relative: 0.15,
            because: "\(count) voxels, correlated along the beam, each known to 21 % from 12 runs")
    }

    @Test func fieldsAndSeedsShareNoRandomNumbers() async throws {
        let engine = try Self.engine()
        var twins = Self.fields()
        twins[1] = twins[0]
        twins[1].number = 2
        var one = try MonteCarloRun(engine: engine, fields: twins, seed: 1)
        try await one.advance(to: 4000, threads: 2)
        #expect(one.tallies[0] != one.tallies[1])
        var two = try MonteCarloRun(engine: engine, fields: twins, seed: 2)
        try await two.advance(to: 4000, threads: 2)
        #expect(two.tallies[0] != one.tallies[1] && two.tallies[1] != one.tallies[0])
    }

    @Test func aPlanWithoutFieldsIsRefused() throws {
        #expect(throws: MonteCarloDoseError.noFields) {
            try MonteCarloRun(engine: Self.engine(), fields: [], seed: 1)
        }
    }
}
