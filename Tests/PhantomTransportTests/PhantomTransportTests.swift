import Frames
import IonPhysics
import IonTransport
import PhantomTransport
import Quantities
import Radiobiology
import TestSupport
import Testing
import Volumes

@Suite struct PhantomTransportTests {
    static let beam = BeamDescription(
        ion: .carbon12, energies: [.init(meanMeVPerNucleon: 150)], position: Point3(0, 0, -20),
        direction: Vector3(0, 0, 1))

    static func tank() throws -> TransportPhantom {
        .solids(
            try SolidPhantom(
                lower: Point3(-50, -50, 0), upper: Point3(50, 50, 80), worldMaterial: .water,
                solids: [
                    .init(
                        name: "plate", shape: .slab(normal: Vector3(0, 0, 1), fromMM: 10, toMM: 12),
                        material: .pmma)
                ]))
    }

    static let depthDose = ScoreDescription(
        name: "depth", kind: .depthDose(fromMM: 0, toMM: 80, stepMM: 1, coreRadiusMM: 5),
        averages: [
            AverageDescription(.doseLET, .all), AverageDescription(.trackLET, .primaries),
            AverageDescription(
                .response(
                    BiologicalResponse(kind: .alpha, model: BiologicalModelDescription.builtIn[0])), .all),
            AverageDescription(
                .response(
                    BiologicalResponse(kind: .sqrtBeta, model: BiologicalModelDescription.builtIn[0])), .all),
            AverageDescription(
                .response(
                    BiologicalResponse(kind: .zStar, model: BiologicalModelDescription.builtIn[0])), .all),
        ])

    static func everything() -> [ScoreDescription] {
        let grid = ScoreDescription.Grid.box(
            VolumeGeometry(
                dimensions: SIMD3(2, 2, 8), origin: Point3(-5, -5, 5), spacingMM: SIMD3(10, 10, 10),
                frameOfReferenceUID: ""))
        return [
            depthDose,
            ScoreDescription(
                name: "lateral",
                kind: .lateral(depthsMM: [5, 40], thicknessMM: 4, halfWidthMM: 20, binMM: 2)),
            ScoreDescription(
                name: "radial", kind: .radial(depthsMM: [5, 40], thicknessMM: 4, radiusMM: 30, ringMM: 3)),
            ScoreDescription(
                name: "mesh", kind: .mesh(grid, quantities: [.doseToWater, .doseToMedium]),
                averages: [AverageDescription(.doseLET, .all)]),
            ScoreDescription(name: "plate", kind: .region(solid: "plate")),
            ScoreDescription(
                name: "in-plate",
                kind: .regionSpectrum(solid: "plate", stepMeVPerNucleon: 5, toMeVPerNucleon: 200)),
            ScoreDescription(
                name: "fluence", kind: .meshSpectrum(grid, stepMeVPerNucleon: 5, toMeVPerNucleon: 200)),
            ScoreDescription(
                name: "planes",
                kind: .planes(
                    depthsMM: [11, 40], radiusMM: nil, angleEdgesDegrees: [5, 90], stepMeVPerNucleon: 5,
                    toMeVPerNucleon: 200)),
        ]
    }

    static func run(
        _ scores: [ScoreDescription], _ change: (inout RunSettings) -> Void = { _ in }
    ) async throws -> (PhantomTransport, PhantomTransport.Outcome) {
        var settings = RunSettings(histories: 800, seed: 2)
        change(&settings)
        let run = try PhantomTransport(beam: beam, phantom: tank(), scores: scores, settings: settings)
        return (run, try await run.run(threads: 2))
    }

    /// Numbers of a column, by its name.
    static func column(_ name: String, _ table: ScoreTable) throws -> [Double] {
        let index = try #require(table.columns.firstIndex { $0.name == name }, "\(name)")
        return table.rows.map { if case .number(let value) = $0[index] { value } else { .nan } }
    }

    @Test func tablesAgreeWithEachOther() async throws {
        let (run, outcome) = try await Self.run(Self.everything())
        let scores = ScoreTables(outcome, of: run)
        let tables = Dictionary(uniqueKeysWithValues: scores.tables.map { ($0.name, $0) })
        #expect(
            Set(tables.keys) == [
                "depth", "lateral", "radial", "plate", "in-plate", "fluence", "planes-yields",
                "planes-spectra",
            ])
        for table in scores.tables {
            #expect(table.rows.allSatisfy { $0.count == table.columns.count } && !table.rows.isEmpty)
        }
        let depth = try #require(tables["depth"])
        let energy = try Self.column("energy", depth)
        expectClose(
            energy.reduce(0, +), outcome.result.energy.depositedMeV, relative: 1e-6,
            because: "the whole world")
        // A slab 4 mm thick holds what the depth bins in it hold, however it is cut across the beam.
        let (lateral, radial) = (try #require(tables["lateral"]), try #require(tables["radial"]))
        let inSlab = energy[3..<7].reduce(0, +)
        let profile = try Self.column("energy", lateral)
        for axis in 0..<2 {
            expectClose(
                profile[20 * axis..<20 * axis + 20].reduce(0, +), inSlab, relative: 0.02,
                because: "within 20 mm of the axis is nearly all")
        }
        let rings = try Self.column("energy", radial)
        expectClose(rings[0..<10].reduce(0, +), inSlab, relative: 0.01, because: "within 30 mm")
        expectClose(
            rings[0] / (.pi * 9 * 4) * 1.602176634e-7, try Self.column("dose-to-water", radial)[0],
            relative: 1e-4, because: "mean dose of the innermost ring")
        // The solid holds the two depth bins that it fills.
        let plate = try #require(tables["plate"])
        expectClose(
            try Self.column("energy", plate)[0], energy[10..<12].reduce(0, +), relative: 1e-5, because: "2 mm"
        )
        expectClose(try Self.column("volume", plate)[0], 20_000, relative: 1e-9, because: "100 × 100 × 2 mm")

        // Averages: alpha follows from z*, √β is one number.
        let parameters = MKMParameters.hsgInaniwa2010
        let zStar = try Self.column("z-star-mkm-hsg-all", depth)
        let alpha = try Self.column("alpha-mkm-hsg-all", depth)
        let sqrtBeta = try Self.column("sqrt-beta-mkm-hsg-all", depth)
        for bin in 0..<50 {
            expectClose(
                alpha[bin], parameters.alpha0 + parameters.beta * zStar[bin], relative: 2e-4,
                because: "α = α₀ + β z*, rounding of small deposits")
            expectClose(
                sqrtBeta[bin], parameters.beta.squareRoot(), relative: 2e-4, because: "one β for all")
        }
    }

    @Test func spectraIntegrateToYieldsAndToTheFluenceOfPrimaries() async throws {
        let (run, outcome) = try await Self.run(Self.everything())
        let scores = ScoreTables(outcome, of: run)
        let tables = Dictionary(uniqueKeysWithValues: scores.tables.map { ($0.name, $0) })
        let (yields, spectra) = (
            try #require(tables["planes-yields"]), try #require(tables["planes-spectra"])
        )
        func sums(_ table: ScoreTable) throws -> [[ScoreTable.Cell]: Double] {
            var result: [[ScoreTable.Cell]: Double] = [:]
            let count = try Self.column("count", table)
            for (row, value) in zip(table.rows, count) { result[Array(row[0..<7]), default: 0] += value }
            return result
        }
        let (a, b) = (try sums(yields), try sums(spectra))
        #expect(a.count == b.count && a.count > 10)
        for (key, value) in a { expectClose(b[key] ?? -1, value, relative: 1e-9, because: "\(key)") }
        // Primaries go straight: their track length in the plate is its thickness times their number in its middle.
        let inPlate = try #require(tables["in-plate"])
        let (primary, fluence) = (
            try Self.column("primary", inPlate), try Self.column("fluence", inPlate)
        )
        let length = zip(primary, fluence).reduce(0) { $0 + ($1.0 == 1 ? $1.1 : 0) } * 20_000
        let (isPrimary, counts) = (try Self.column("primary", yields), try Self.column("count", yields))
        var crossing = 0.0
        for (row, cells) in yields.rows.enumerated() where isPrimary[row] == 1 && cells[0] == .number(11) {
            crossing += counts[row]
        }
        expectClose(length, 2 * crossing, relative: 0.005, because: "2 mm; some react on the way")
    }

    @Test func volumesAreThoseOfTheDepthDose() async throws {
        let (run, outcome) = try await Self.run(Self.everything())
        let volumes = ScoreTables(outcome, of: run).volumes
        #expect(
            volumes.map(\.name) == [
                "mesh-dose-to-water", "mesh-dose-to-water-error", "mesh-dose-to-medium",
                "mesh-dose-to-medium-error", "mesh-let-d-all",
            ])
        #expect(volumes.map(\.unit) == ["Gy", "Gy", "Gy", "Gy", "keV/um"])
        let (water, error, medium) = (volumes[0].volume, volumes[1].volume, volumes[2].volume)
        #expect(zip(water.values, error.values).allSatisfy { $0 == 0 || ($1 > 0 && $1 < $0) })
        // The second layer holds the plate, where medium and water differ; the third does not.
        #expect(water[0, 0, 1] != medium[0, 0, 1])
        expectClose(
            Double(water[0, 0, 2]), Double(medium[0, 0, 2]), relative: 1e-5, because: "water")
    }

    @Test func batchesFollowTheSettings() {
        var settings = RunSettings(histories: 1003, seed: 1)
        var (done, batches, sizes) = (0, 0, [Int]())
        while let batch = settings.nextBatch(done: done, batches: batches) {
            #expect(batch.lowerBound == done)
            (done, batches) = (batch.upperBound, batches + 1)
            sizes.append(batch.count)
        }
        #expect(done == 1003 && batches == 20 && (sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
        settings.timeS = 5
        settings.histories = 1_000_000
        (done, batches) = (0, 0)
        while let batch = settings.nextBatch(done: done, batches: batches) {
            #expect(batch.lowerBound == done && batch.count >= 1 && batch.count <= max(1000, done / 10))
            (done, batches) = (batch.upperBound, batches + 1)
        }
        #expect(done == 1_000_000 && batches < 200)
        settings = RunSettings(histories: 3, seed: 1)
        #expect(settings.nextBatch(done: 0, batches: 0) == 0..<1)
    }

    @Test func aRunEndsWhenTheDoseIsKnown() async throws {
        let (_, outcome) = try await Self.run([Self.depthDose]) {
            $0.histories = 200_000
            $0.uncertainty = .init(score: "depth", below: 0.02)
        }
        #expect(outcome.ending == .uncertainty && outcome.result.histories < 200_000)
        #expect(outcome.result.batches >= 10)
        let reached = try #require(outcome.uncertainty)
        #expect(reached <= 0.02 && reached > 0.002)
        // Time: the clock is the caller's.
        var settings = RunSettings(histories: 100_000, timeS: 10, seed: 1)
        let run = try PhantomTransport(
            beam: Self.beam, phantom: Self.tank(), scores: [Self.depthDose], settings: settings)
        let timed = try await run.run(threads: 2, elapsedS: { 11 })
        #expect(timed.ending == .time && timed.result.histories == 1000 && timed.uncertainty == nil)
        settings.timeS = nil
        settings.histories = 40
        let short = try await PhantomTransport(
            beam: Self.beam, phantom: Self.tank(), scores: [Self.depthDose], settings: settings
        ).run(threads: 2)
        #expect(short.ending == .histories && short.result.histories == 40)
    }

    @Test func depthIsMeasuredAlongTheBeam() async throws {
        // The same tank from the side and from behind: the peak is where the range is.
        let range = try RangeTable(.carbon12).rangeMM(energyMeVPerNucleon: 150)
        for direction in [Vector3<DICOMPatient>(1, 0, 0), Vector3(0, 0, -1)] {
            var beam = Self.beam
            beam.direction = direction
            beam.position = Point3(Point3<DICOMPatient>(0, 0, 50).mm - 200 * direction.mm)
            let run = try PhantomTransport(
                beam: beam, phantom: Self.tank(),
                scores: [
                    ScoreDescription(
                        name: "depth",
                        kind: .depthDose(fromMM: 0, toMM: 80, stepMM: 0.5, coreRadiusMM: nil))
                ], settings: RunSettings(histories: 200, seed: 3))
            let outcome = try await run.run(threads: 2)
            let energies = (0..<160).map { outcome.result.energyMeV(score: 0, bin: $0).value }
            let top = try #require(energies.indices.max { energies[$0] < energies[$1] })
            expectClose(0.5 * Double(top) + 0.25, range, absolute: 0.6, because: "peak bin of 0.5 mm")
        }
    }

    @Test func whatCannotBeRunIsRefused() throws {
        func make(
            _ scores: [ScoreDescription],
            _ change: (inout BeamDescription, inout RunSettings) -> Void = { _, _ in }
        ) throws {
            var (beam, settings) = (Self.beam, RunSettings(histories: 10, seed: 1))
            change(&beam, &settings)
            _ = try PhantomTransport(beam: beam, phantom: Self.tank(), scores: scores, settings: settings)
        }
        let reaches = 0.0...80.0
        #expect(
            throws: PhantomTransportError.beamMissesPhantom(position: [0, 0, -20], direction: [0, 0, -1])
        ) { try make([Self.depthDose]) { beam, _ in beam.direction = Vector3(0, 0, -1) } }
        let ion = Isotope(atomicNumber: 18, massNumber: 40)
        #expect(throws: PhantomTransportError.ionNotTransported(ion)) {
            try make([Self.depthDose]) { beam, _ in beam.ion = ion }
        }
        #expect(
            throws: PhantomTransportError.noSuchSolid("plait", score: "r", known: ["plate"])
        ) { try make([ScoreDescription(name: "r", kind: .region(solid: "plait"))]) }
        #expect(throws: PhantomTransportError.noVoxelGrid(score: "m")) {
            try make([ScoreDescription(name: "m", kind: .mesh(.phantom, quantities: [.doseToWater]))])
        }
        #expect(
            throws: PhantomTransportError.scoreOutside(
                score: "d", key: "to", value: 90, reaches: reaches)
        ) {
            try make([
                ScoreDescription(
                    name: "d", kind: .depthDose(fromMM: 0, toMM: 90, stepMM: 1, coreRadiusMM: nil))
            ])
        }
        #expect(throws: PhantomTransportError.noSuchScore("dose", known: ["depth"])) {
            try make([Self.depthDose]) { _, settings in
                settings.uncertainty = .init(score: "dose", below: 0.01)
            }
        }
    }
}
