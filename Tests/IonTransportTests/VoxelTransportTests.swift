import Frames
import Glibc
import IonPhysics
import IonTransport
import Quantities
import TestSupport
import Testing
import Volumes

@Suite struct VoxelTransportTests {
    /// A column of slabs along z: 20 × 20 voxels of 10 mm across, `spacing` deep.
    static func slabs(_ materials: [Material], spacing: Double, _ index: (Int) -> Int, count: Int)
        throws -> VoxelPhantom
    {
        let geometry = VolumeGeometry(
            dimensions: SIMD3(20, 20, count), origin: Point3(-95, -95, 0.5 * spacing),
            spacingMM: SIMD3(10, 10, spacing), frameOfReferenceUID: "1")
        let indices = (0..<geometry.voxelCount).map { index(geometry.voxel(at: $0).z) }
        return try VoxelPhantom(
            geometry: geometry, materials: materials, materialIndex: indices.map { UInt8($0) },
            densityGPerCM3: indices.map { Float(materials[$0].densityGPerCM3) })
    }

    static func run(
        _ phantom: VoxelPhantom, energy: Double, ion: Isotope = .carbon12, histories: Int = 3000,
        threads: Int = 2,
        _ change: (inout VoxelTransportRequest) -> Void = { _ in }
    ) async throws -> VoxelTransportResult {
        var request = VoxelTransportRequest(histories: histories, seed: 7)
        change(&request)
        return try await VoxelTransport(phantom: phantom).run(request, threads: threads) { _, _ in
            PrimaryIon(
                ion: ion, energyMeVPerNucleon: energy, position: Point3(0.1, 0.1, 1e-6),
                direction: Vector3(0, 0, 1))
        }
    }

    /// Energy in each plane, MeV per primary, water of 1 g/cm³.
    static func planes(_ volume: Volume<Float>, densityGPerCM3: Double = 1) -> [Double] {
        let g = volume.geometry
        let kg = g.voxelVolumeMM3 * 1e-6 * densityGPerCM3
        return (0..<g.dimensions.z).map { z in
            var sum = 0.0
            for y in 0..<g.dimensions.y { for x in 0..<g.dimensions.x { sum += Double(volume[x, y, z]) } }
            return sum * kg / 1.602176634e-13
        }
    }

    static func distal80(_ dose: [Double], step: Double) -> Double {
        let top = dose.indices.max { dose[$0] < dose[$1] } ?? 0
        for i in top + 1..<dose.count where dose[i] < 0.8 * dose[top] {
            return (Double(i) - 0.5 + (dose[i - 1] - 0.8 * dose[top]) / (dose[i - 1] - dose[i])) * step
        }
        return 0
    }

    @Test func waterAgreesWithTheTransportInWater() async throws {
        let phantom = try Self.slabs([.water], spacing: 2, { _ in 0 }, count: 60)
        let result = try await Self.run(phantom, energy: 200, histories: 6000)
        let here = Self.planes(result.doseToWater)
        let reference = try await WaterTransport().run(
            WaterTransportRequest(
                projectile: .carbon12, energyMeVPerNucleon: 200, histories: 6000, seed: 3, depthStepMM: 2,
                depthMM: 120), threads: 2
        ).energyMeV
        for block in 0..<8 {
            let bins = (5 * block)..<(5 * block + 5)
            expectClose(
                here[bins].reduce(0, +), reference[bins].reduce(0, +), relative: 0.02,
                because: "10 mm of plateau; same physics, own random numbers")
        }
        // The peak is narrower than a plane: compare around it.
        expectClose(
            here[41..<46].reduce(0, +), reference[41..<46].reduce(0, +), relative: 0.02, because: "peak")
        expectClose(
            here[48..<58].reduce(0, +), reference[48..<58].reduce(0, +), relative: 0.08,
            because: "tail; a few hundred fragments")
        let e = result.energy
        expectClose(e.missingMeV / e.inMeV, 0, absolute: 1e-5, because: "rounding to whole units of 1 eV")
        #expect(e.reactions > 0.3)
    }

    /// Steps of scattering pass voxel borders, so the dose must depend neither on them nor on the voxels.
    @Test(arguments: [(2.0, 0.1), (4, 0.2), (8, 0.4)])
    func theDepthDoseDependsOnNoStep(longest: Double, share: Double) async throws {
        let phantom = try Self.slabs([.water], spacing: 2, { _ in 0 }, count: 90)
        let result = try await Self.run(phantom, energy: 290, histories: 4000) {
            $0.nuclearReactions = false
            $0.longestStepMM = longest
            $0.longestRangeShare = share
        }
        let here = Self.planes(result.doseToWater)
        var request = WaterTransportRequest(
            projectile: .carbon12, energyMeVPerNucleon: 290, histories: 4000, seed: 3, depthStepMM: 2,
            depthMM: 180)
        request.nuclearReactions = false
        request.longestStepMM = 0.5
        request.longestRangeShare = 0.05
        let reference = try await WaterTransport().run(request, threads: 2).energyMeV
        for start in stride(from: 0, to: 75, by: 5) {
            expectClose(
                here[start..<start + 5].reduce(0, +), reference[start..<start + 5].reduce(0, +),
                relative: 0.003, because: "depth dose must not depend on the step")
        }
        expectClose(
            here[75..<90].reduce(0, +), reference[75..<90].reduce(0, +), relative: 0.003,
            because: "energy in the peak must not depend on the step")
    }

    @Test func responsesDependOnNoStep() async throws {
        let phantom = try Self.slabs([.water], spacing: 2, { _ in 0 }, count: 90)
        let stopping = try StoppingPower(.carbon12)
        let table = ResponseTable(name: "LET keV/um") { isotope, energy in
            isotope == .carbon12 ? stopping.letKeVPerUM(energyMeVPerNucleon: energy) : 0
        }
        // Energy times its LET over the whole range is the integral of the stopping power over the energy.
        let cells = 20_000
        var expected = 0.0
        for i in 0..<cells {
            expected +=
                12 * 290 / Double(cells)
                * stopping.letKeVPerUM(energyMeVPerNucleon: 290 * (Double(i) + 0.5) / Double(cells))
        }
        for (longest, share) in [(2.0, 0.1), (4, 0.2), (8, 0.4)] {
            let result = try await Self.run(phantom, energy: 290, histories: 300) {
                $0.nuclearReactions = false
                $0.longestStepMM = longest
                $0.longestRangeShare = share
                $0.responses = [table]
            }
            expectClose(
                Self.planes(result.doseTimesResponse(0)).reduce(0, +), expected, relative: 0.001,
                because: "the response of a step is that of its mean energy")
        }
    }

    @Test(arguments: [Material.pmma, .water])
    func rangeFollowsTheStoppingPowerRatio(material: Material) async throws {
        let phantom = try Self.slabs([material], spacing: 1, { _ in 0 }, count: 110)
        let result = try await Self.run(phantom, energy: 200, histories: 600) { $0.nuclearReactions = false }
        let range = try RangeTable(.carbon12).rangeMM(energyMeVPerNucleon: 200)
        let ratio = MaterialProperties(material).stoppingPowerRatio
        expectClose(
            Self.distal80(Self.planes(result.doseToMedium), step: 1), range / ratio, absolute: 0.5,
            because: "CSDA range over the ratio; planes of 1 mm")
    }

    @Test func aSlabOfBoneAndAirShiftsThePeak() async throws {
        let bone = try Material(
            name: "bone", densityGPerCM3: 1.85,
            massFractions: [1: 0.034, 6: 0.155, 7: 0.042, 8: 0.442, 15: 0.103, 20: 0.224])
        let phantom = try Self.slabs(
            [.water, bone, .air], spacing: 1, { $0 >= 20 && $0 < 30 ? 1 : $0 >= 40 && $0 < 60 ? 2 : 0 },
            count: 120)
        let result = try await Self.run(phantom, energy: 200, histories: 600) { $0.nuclearReactions = false }
        let range = try RangeTable(.carbon12).rangeMM(energyMeVPerNucleon: 200)
        let expected = range + 20 - 10 * (MaterialProperties(bone).stoppingPowerRatio - 1)
        expectClose(
            Self.distal80(Self.planes(result.doseToWater), step: 1), expected, absolute: 0.6,
            because: "water-equivalent thickness; air counts 0.02 mm, the bone's ratio is that of 200 MeV/u")
    }

    @Test func resultsDoNotDependOnThreads() async throws {
        let phantom = try Self.slabs([.water, .pmma], spacing: 3, { $0 % 2 }, count: 40)
        let one = try await Self.run(phantom, energy: 220, histories: 400, threads: 1)
        let two = try await Self.run(phantom, energy: 220, histories: 400, threads: 2)
        #expect(one.doseToWater == two.doseToWater && one.standardError == two.standardError)
        #expect(one.doseToWater.values.contains { $0 > 0 })
    }

    @Test func theStandardErrorIsThatOfRepeatedRuns() async throws {
        let phantom = try Self.slabs([.water], spacing: 10, { _ in 0 }, count: 10)
        var (values, errors) = ([Double](), [Double]())
        for seed in 1...12 {
            let result = try await Self.run(phantom, energy: 200, histories: 400) {
                $0.seed = UInt64(seed)
                $0.historiesPerBatch = 20
            }
            let voxel = phantom.geometry.index(10, 10, 4)
            values.append(Double(result.doseToWater.values[voxel]))
            errors.append(Double(result.standardError.values[voxel]))
        }
        let mean = values.reduce(0, +) / 12
        let spread = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 11).squareRoot()
        expectClose(
            errors.reduce(0, +) / 12, spread, relative: 0.6,
            because: "spread of twelve runs is known to 21 %, three of it")
    }

    @Test func badPhantomsAreRefused() throws {
        let geometry = VolumeGeometry(
            dimensions: SIMD3(2, 1, 1), origin: Point3(0, 0, 0), spacingMM: SIMD3(1, 1, 1),
            frameOfReferenceUID: "1")
        #expect(throws: VoxelTransportError.wrongVoxelCount(expected: 2, found: 1)) {
            try VoxelPhantom(
                geometry: geometry, materials: [.water], materialIndex: [0], densityGPerCM3: [1, 1])
        }
        #expect(throws: VoxelTransportError.unknownMaterial(index: 1, voxel: 1, count: 1)) {
            try VoxelPhantom(
                geometry: geometry, materials: [.water], materialIndex: [0, 1], densityGPerCM3: [1, 1])
        }
        #expect(throws: VoxelTransportError.badDensity(0, voxel: 0)) {
            try VoxelPhantom(
                geometry: geometry, materials: [.water], materialIndex: [0, 0], densityGPerCM3: [0, 1])
        }
    }
}
