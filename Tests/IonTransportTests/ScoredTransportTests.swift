import Frames
import IonPhysics
import IonTransport
import Quantities
import TestSupport
import Testing
import Volumes

@Suite struct ScoredTransportTests {
    static let axes = ScoreAxes(origin: Point3(0, 0, 0), direction: Vector3(0, 0, 1))

    static func depth(
        _ step: Double, _ count: Int, radius: Double? = nil, averages: [TransportScore.Average] = []
    )
        -> TransportScore
    {
        TransportScore(
            name: "depth", bins: .depth(fromMM: 0, stepMM: step, count: count, radiusMM: radius),
            content: .sums(byIon: radius == nil, averages: averages))
    }

    static func water(depthMM: Double, solids: [SolidPhantom.Solid] = []) throws -> TransportPhantom {
        .solids(
            try SolidPhantom(
                lower: Point3(-200, -200, 0), upper: Point3(200, 200, depthMM), worldMaterial: .water,
                solids: solids))
    }

    static func run(
        _ phantom: TransportPhantom, _ scores: TransportScores, ion: Isotope = .carbon12, energy: Double,
        histories: Int, seed: UInt64 = 7, threads: Int = 2, nuclear: Bool = true, x: Double = 0
    ) async throws -> TransportScoreResult {
        var stepping = TransportStepping()
        stepping.nuclearReactions = nuclear
        let engine = try ScoredTransport(
            phantom: phantom, scores: scores, beamChargeNumber: ion.atomicNumber, stepping: stepping)
        var result = engine.empty
        let workspace = try engine.workspace(threads: threads)
        for batch in 0..<10 {
            try await engine.run(
                batch * histories / 10..<(batch + 1) * histories / 10, seed: seed, in: workspace,
                into: &result
            ) { _ in
                PrimaryIon(
                    ion: ion, energyMeVPerNucleon: energy, position: Point3(x, 0, -1),
                    direction: Vector3(0, 0, 1))
            }
        }
        return result
    }

    static func energies(_ result: TransportScoreResult, score: Int = 0) -> [Double] {
        (0..<result.request.scores[score].bins.count).map { result.energyMeV(score: score, bin: $0).value }
    }

    /// Depth where the dose falls to 80 % of its maximum, mm.
    static func distal80(_ dose: [Double], step: Double) -> Double {
        let top = dose.indices.max { dose[$0] < dose[$1] } ?? 0
        for i in top + 1..<dose.count where dose[i] < 0.8 * dose[top] {
            return (Double(i) - 0.5 + (dose[i - 1] - 0.8 * dose[top]) / (dose[i - 1] - dose[i])) * step
        }
        return 0
    }

    @Test func depthDoseYieldsAndSpectraAreThoseOfTheTransportInWater() async throws {
        var scores = TransportScores(axes: Self.axes, scores: [Self.depth(2, 60)])
        scores.planes = [60, 100].map {
            TransportPlane(depthMM: $0, angleEdgesDegrees: [10, 90], stepMeVPerNucleon: 4, energyCount: 150)
        }
        let here = try await Self.run(
            Self.water(depthMM: 120), scores, energy: 200, histories: 8000)
        var request = WaterTransportRequest(
            projectile: .carbon12, energyMeVPerNucleon: 200, histories: 8000, seed: 3, depthStepMM: 2,
            depthMM: 120)
        request.planesMM = [60, 100]
        request.angleCutsDegrees = [180, 10]
        let reference = try await WaterTransport().run(request, threads: 2)
        let (a, b) = (Self.energies(here), reference.energyMeV)
        for block in 0..<8 {
            let bins = (5 * block)..<(5 * block + 5)
            expectClose(
                a[bins].reduce(0, +), b[bins].reduce(0, +), relative: 0.015, because: "10 mm of plateau")
        }
        expectClose(a[41..<46].reduce(0, +), b[41..<46].reduce(0, +), relative: 0.015, because: "peak")
        expectClose(a[48..<58].reduce(0, +), b[48..<58].reduce(0, +), relative: 0.08, because: "tail")
        // By ion: primaries are component 0, and all kinds add up to the whole.
        let byIon = (0..<60).map { here.energyByIonMeV(score: 0, bin: $0) }
        expectClose(
            byIon.reduce(0) { $0 + $1[0] }, reference.components[0].energyMeV.reduce(0, +), relative: 0.01,
            because: "energy of the primaries")
        expectClose(
            byIon.reduce(0) { $0 + $1.reduce(0, +) }, a.reduce(0, +), relative: 1e-6, because: "rounding")
        expectClose(
            byIon.reduce(0) { $0 + $1[11] },
            reference.components.reduce(0) { $0 + $1.recoilMeV.reduce(0, +) }, relative: 0.1,
            because: "recoils that stop where they are made")

        let kinds = here.countedKinds(projectile: .carbon12)
        for plane in 0..<2 {
            for (cut, angles) in [(0, 0...1), (1, 0...0)] {
                for charge in [1, 2, 5, 6] {
                    var (value, square) = (0.0, 0.0)
                    for (number, kind) in kinds.enumerated() where kind.isotope.atomicNumber == charge {
                        for angle in angles {
                            let yield = here.yield(plane: plane, kind: number, angle: angle)
                            value += yield.value
                            square += yield.error * yield.error
                            let counts = here.counts(plane: plane, kind: number, angle: angle)
                            expectClose(
                                counts.reduce(0, +), yield.value, relative: 1e-12,
                                because: "a spectrum integrates to its yield")
                        }
                    }
                    let wanted = TransportedSpecies.all.indices.reduce(0.0) {
                        $0
                            + (TransportedSpecies.all[$1].atomicNumber == charge
                                ? reference.planes[plane].yields[cut][$1] : 0)
                    }
                    // Forward hemisphere against everything that crosses forward: the same.
                    expectClose(
                        value, wanted, absolute: 5 * (2 * square).squareRoot() + 0.002,
                        because: "two runs of the same physics, Z = \(charge)")
                }
            }
            let primaries = here.counts(plane: plane, kind: kinds.count - 1, angle: 0)
            #expect(primaries.contains { $0 > 0 } == (plane == 0))
        }
    }

    @Test func energyIsConservedAndNothingDependsOnThreads() async throws {
        let phantom = try Self.water(
            depthMM: 130,
            solids: [
                .init(
                    name: "bone", shape: .slab(normal: Vector3(0, 0, 1), fromMM: 20, toMM: 35),
                    material: .corticalBone),
                .init(name: "air", shape: .sphere(centre: Point3(0, 0, 50), radiusMM: 8), material: .air),
            ])
        var scores = TransportScores(
            axes: Self.axes,
            scores: [
                Self.depth(1, 130, averages: [.trackLET(.all), .dose(response: 0, .all)]),
                TransportScore(
                    name: "mesh",
                    bins: .mesh(
                        VolumeGeometry(
                            dimensions: SIMD3(10, 10, 25), origin: Point3(-18, -18, 2),
                            spacingMM: SIMD3(4, 4, 4), frameOfReferenceUID: "")),
                    content: .sums(byIon: false, averages: [])),
                TransportScore(
                    name: "spectrum", bins: .place(1),
                    content: .spectrum(stepMeVPerNucleon: 5, count: 100)),
            ],
            planes: [
                TransportPlane(
                    depthMM: 60, angleEdgesDegrees: [5, 90], stepMeVPerNucleon: 10, energyCount: 60)
            ], responses: [Self.letTable()])
        let one = try await Self.run(phantom, scores, energy: 220, histories: 600, threads: 1)
        let two = try await Self.run(phantom, scores, energy: 220, histories: 600, threads: 2)
        #expect(one.isBitIdentical(to: two))
        #expect(Self.energies(one).contains { $0 > 0 })
        let e = one.energy
        expectClose(e.missingMeV / e.inMeV, 0, absolute: 1e-6, because: "rounding to 1 eV")
        #expect(e.reactions > 0.3 && e.depositedMeV > 0.8 * e.inMeV && e.neutronsMeV > 0)
        expectClose(
            Self.energies(one).reduce(0, +), e.depositedMeV, relative: 1e-6,
            because: "the depth bins cover the whole world")
        // Another seed gives another result.
        scores.planes = []
        let other = try await Self.run(phantom, scores, energy: 220, histories: 600, seed: 8)
        #expect(!one.isBitIdentical(to: other))
    }

    static func letTable() -> ResponseTable {
        ResponseTable(name: "LET keV/um") { isotope, energy in
            do { return try StoppingPower(isotope).letKeVPerUM(energyMeVPerNucleon: energy) } catch {
                return 0
            }
        }
    }

    @Test(arguments: [
        Material.corticalBone, .lung, .titanium, .lead, .pmma, .air,
    ])
    func aSlabShiftsTheRangeByItsStoppingPowerRatio(material: Material) async throws {
        let thickness = material == .lead ? 4.0 : 15
        let phantom = try Self.water(
            depthMM: 140,
            solids: [
                .init(
                    name: "slab",
                    shape: .slab(normal: Vector3(0, 0, 1), fromMM: 20, toMM: 20 + thickness),
                    material: material)
            ])
        let result = try await Self.run(
            phantom, TransportScores(axes: Self.axes, scores: [Self.depth(0.5, 280)]), energy: 200,
            histories: 400, nuclear: false)
        let range = try RangeTable(.carbon12).rangeMM(energyMeVPerNucleon: 200)
        let ratio = MaterialProperties.stoppingPowerRatio(of: material, energyMeVPerNucleon: 175)
        expectClose(
            Self.distal80(Self.energies(result), step: 0.5), range + thickness * (1 - ratio), absolute: 0.3,
            because: "water-equivalent thickness at the energy in the slab; bins of 0.5 mm; straggling")
    }

    /// Protons through a millimetre of lead, whole and as ten foils, then half a metre of next to nothing: the width is that of
    /// the scattering power, and no foil scatters more or less than its thickness says.
    @Test(arguments: [1, 10])
    func thinSolidsScatterByTheirThickness(foils: Int) async throws {
        let thin = try Material.air.withDensity(gPerCM3: 1e-6)
        let solids = (0..<foils).map { i in
            SolidPhantom.Solid(
                name: "foil \(i)",
                shape: .slab(
                    normal: Vector3(0, 0, 1), fromMM: 2 * Double(i), toMM: 2 * Double(i) + 1 / Double(foils)),
                material: .lead)
        }
        let phantom = TransportPhantom.solids(
            try SolidPhantom(
                lower: Point3(-500, -500, 0), upper: Point3(500, 500, 600), worldMaterial: thin,
                solids: solids))
        let profile = TransportScore(
            name: "profile",
            bins: .lateral(depthMM: 520, thicknessMM: 2, binMM: 1, count: 200, alongY: false),
            content: .sums(byIon: true, averages: []))
        let result = try await Self.run(
            phantom, TransportScores(axes: Self.axes, scores: [profile]), ion: .proton, energy: 150,
            histories: 20_000, nuclear: false)
        var (sum, square) = (0.0, 0.0)
        for (bin, energy) in Self.energies(result).enumerated() {
            let x = Double(bin) - 99.5
            sum += energy
            square += energy * x * x
        }
        let ion = try Ion(.proton)
        let stopping = try StoppingPower(.proton)
        let properties = MaterialProperties(.lead)
        // T by the energy that is left, in thin slices of lead; each slice has its own way to the plane.
        let loss = stopping.letKeVPerUM(energyMeVPerNucleon: 150) * properties.stoppingPowerRatio
        let slices = 1000
        let expected = (0..<slices).reduce(0.0) { sum, slice in
            let lead = (Double(slice) + 0.5) / Double(slices)
            let power =
                properties.scatteringRatio
                * ScatteringPower.differentialMoliere.rad2PerMM(
                    ion: ion, energyMeVPerNucleon: 150 - lead * loss, pathMM: lead,
                    initialEnergyMeVPerNucleon: 150)
            let foil = (lead * Double(foils)).rounded(.down)
            let way = 520 - 2 * foil - (lead - foil / Double(foils))
            return sum + power / Double(slices) * way * way
        }
        expectClose(
            (square / sum).squareRoot(), expected.squareRoot(), relative: 0.02,
            because: "20 000 protons: 0.5 %; energy loss within the lead")
        // Kurtosis of a Gaussian: not a few strongly scattered protons that make up for many unscattered ones.
        let fourth = Self.energies(result).enumerated().reduce(0.0) {
            let x = Double($1.offset) - 99.5
            return $0 + $1.element * x * x * x * x
        }
        expectClose(
            fourth / sum / (square / sum * square / sum), 3, relative: 0.06,
            because: "a Gaussian, 0.5 % more by where the first hinge stands; statistics")
    }

    @Test func aCylinderIsWhatItsVoxelsAre() async throws {
        let insert = SolidPhantom.Solid(
            name: "insert",
            shape: .cylinder(
                centre: Point3(0, 0, 30), axis: Vector3(0, 1, 0), radiusMM: 10, lengthMM: 400),
            material: .corticalBone)
        let solids = try Self.water(depthMM: 120, solids: [insert])
        // Half a millimetre across the cylinder, one voxel along it.
        let grid = VolumeGeometry(
            dimensions: SIMD3(160, 1, 240), origin: Point3(-39.75, 0, 0.25), spacingMM: SIMD3(0.5, 400, 0.5),
            frameOfReferenceUID: "")
        let index = (0..<grid.voxelCount).map { voxel -> UInt8 in
            let v = grid.voxel(at: voxel)
            let (x, z) = (-39.75 + 0.5 * Double(v.x), 0.25 + 0.5 * Double(v.z) - 30)
            return x * x + z * z <= 100 ? 1 : 0
        }
        let materials: [Material] = [.water, .corticalBone]
        let voxels = TransportPhantom.voxels(
            try VoxelPhantom(
                geometry: grid, materials: materials, materialIndex: index,
                densityGPerCM3: index.map { Float(materials[Int($0)].densityGPerCM3) }))
        let scores = TransportScores(axes: Self.axes, scores: [Self.depth(0.5, 240)])
        for x in [0.1, 6.1, 9.1] {
            let a = try await Self.run(
                solids, scores, energy: 200, histories: 300, nuclear: false, x: x)
            let b = try await Self.run(
                voxels, scores, energy: 200, histories: 300, nuclear: false, x: x)
            let chord = 2 * (100 - x * x).squareRoot()
            expectClose(
                Self.distal80(Self.energies(a), step: 0.5), Self.distal80(Self.energies(b), step: 0.5),
                absolute: 0.35, because: "half a voxel of bone on the chord of \(chord) mm, bins of 0.5 mm")
            expectClose(
                Self.energies(a)[20..<80].reduce(0, +), Self.energies(b)[20..<80].reduce(0, +),
                relative: 0.01,
                because: "energy around the insert")
        }
    }

    /// LET is that of the piece in the bin, not of the step: steps of any length give the same.
    @Test func averagesDoNotDependOnTheStep() async throws {
        let averages: [TransportScore.Average] = [.dose(response: 0, .primaries), .trackLET(.primaries)]
        let scores = TransportScores(
            axes: Self.axes, scores: [Self.depth(1, 100, averages: averages)], responses: [Self.letTable()])
        var results: [TransportScoreResult] = []
        for (longest, share) in [(0.5, 0.05), (8.0, 0.4)] {
            var stepping = TransportStepping()
            stepping.nuclearReactions = false
            (stepping.longestStepMM, stepping.longestRangeShare) = (longest, share)
            let engine = try ScoredTransport(
                phantom: Self.water(depthMM: 100), scores: scores, beamChargeNumber: 6, stepping: stepping)
            var result = engine.empty
            try await engine.run(
                0..<1000, seed: 5, in: try engine.workspace(threads: 2), into: &result
            ) { _ in
                PrimaryIon(
                    ion: .carbon12, energyMeVPerNucleon: 200, position: Point3(0, 0, 0),
                    direction: Vector3(0, 0, 1))
            }
            results.append(result)
        }
        for bin in 0..<85 {
            for average in averages {
                expectClose(
                    results[1].average(average, score: 0, bin: bin),
                    results[0].average(average, score: 0, bin: bin), relative: bin < 80 ? 0.005 : 0.02,
                    because: "1000 ions; range straggling near the peak, bin \(bin)")
            }
            expectClose(
                results[1].energyMeV(score: 0, bin: bin).value,
                results[0].energyMeV(score: 0, bin: bin).value,
                relative: bin < 80 ? 0.01 : 0.03, because: "depth dose, bin \(bin)")
        }
    }

    @Test func voxelsOfWaterAreTheSolidWorld() async throws {
        let grid = VolumeGeometry(
            dimensions: SIMD3(40, 40, 60), origin: Point3(-78, -78, 1), spacingMM: SIMD3(4, 4, 2),
            frameOfReferenceUID: "")
        let voxels = TransportPhantom.voxels(
            try VoxelPhantom(
                geometry: grid, materials: [.water],
                materialIndex: [UInt8](repeating: 0, count: grid.voxelCount),
                densityGPerCM3: [Float](repeating: 1, count: grid.voxelCount)))
        let scores = TransportScores(
            axes: Self.axes,
            scores: [
                Self.depth(4, 30),
                TransportScore(
                    name: "mesh", bins: .mesh(grid), content: .sums(byIon: false, averages: [])),
            ])
        let a = try await Self.run(voxels, scores, energy: 200, histories: 3000)
        let b = try await Self.run(Self.water(depthMM: 120), scores, energy: 200, histories: 3000)
        for (x, y) in zip(Self.energies(a), Self.energies(b)).dropLast(9) {
            expectClose(x, y, relative: 0.03, because: "two runs of 3000 histories")
        }
        // The mesh holds what the depth bins hold: the whole grid.
        expectClose(
            Self.energies(a, score: 1).reduce(0, +), Self.energies(a).reduce(0, +), relative: 1e-6,
            because: "rounding")
        // Dose to medium and to water are the same in water.
        let voxel = grid.index(20, 20, 10)
        let dose = a.doseToWaterGyMM3(score: 1, bin: voxel)
        expectClose(
            dose.value, a.energyMeV(score: 1, bin: voxel).value * 1.602176634e-7, relative: 1e-6,
            because: "1 g/cm3")
        expectClose(
            a.doseToMediumGyMM3(score: 1, bin: voxel).value, dose.value, relative: 1e-6, because: "water")
        #expect(dose.error > 0 && dose.error < 0.2 * dose.value)
    }
}
