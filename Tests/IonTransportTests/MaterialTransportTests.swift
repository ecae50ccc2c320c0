import Frames
import Glibc
import IonPhysics
import IonTransport
import Quantities
import TestSupport
import Testing
import Volumes

@Suite struct MaterialTransportTests {
    /// Carbon stops where the stopping power of the material says (checked against tables by `ElementStoppingTests`).
    @Test(arguments: [Material.aluminium, .titanium, .lead, .tungsten])
    func carbonStopsInMetals(material: Material) async throws {
        let stopping = try StoppingPower(.carbon12)
        var expected = 0.0
        let cells = 4000
        for i in 0..<cells {
            let energy = 400 * (Double(i) + 0.5) / Double(cells)
            expected +=
                12 * 400 / Double(cells)
                / (stopping.letKeVPerUM(energyMeVPerNucleon: energy)
                    * MaterialProperties.stoppingPowerRatio(
                        of: material, energyMeVPerNucleon: max(energy, 2)))
        }
        let step = expected / 100
        let phantom = try VoxelTransportTests.slabs([material], spacing: step, { _ in 0 }, count: 105)
        let result = try await VoxelTransportTests.run(phantom, energy: 400, histories: 400) {
            $0.nuclearReactions = false
        }
        let planes = VoxelTransportTests.planes(
            result.doseToMedium, densityGPerCM3: material.densityGPerCM3)
        // Straggling puts the 80 % point on the mean range; the detour by scattering takes up to 0.4 % off it.
        expectClose(
            VoxelTransportTests.distal80(planes, step: step), expected, relative: 0.006,
            because: "range; planes of 1 % of it")
    }

    /// Width behind 5 mm of lead and 100 mm of air: Highland's formula in the form of Gottschalk.
    @Test func leadScattersProtonsAsByHighland() async throws {
        let lead = 5
        let geometry = VolumeGeometry(
            dimensions: SIMD3(80, 80, 105), origin: Point3(-39.5, -39.5, 0.5), spacingMM: SIMD3(1, 1, 1),
            frameOfReferenceUID: "1")
        let count = geometry.voxelCount
        let isLead = (0..<count).map { geometry.voxel(at: $0).z < lead }
        let phantom = try VoxelPhantom(
            geometry: geometry, materials: [.lead, .air], materialIndex: isLead.map { $0 ? 0 : 1 },
            densityGPerCM3: isLead.map {
                Float($0 ? Material.lead.densityGPerCM3 : Material.air.densityGPerCM3)
            })
        let result = try await VoxelTransportTests.run(
            phantom, energy: 158.6, ion: .proton, histories: 20_000
        ) { $0.nuclearReactions = false }
        let volume = result.doseToMedium
        var (sum, square) = (0.0, 0.0)
        for z in 95..<105 {
            for y in 0..<80 {
                for x in 0..<80 {
                    let dose = Double(volume[x, y, z])
                    let way = Double(z - lead) + 0.5 + Double(lead) / 2
                    let offset = (Double(x) - 39.5) / way
                    sum += dose
                    square += dose * offset * offset
                }
            }
        }
        func momentumVelocity(_ energy: Double) -> Double {
            energy * (energy + 2 * 938.272) / (energy + 938.272)
        }
        let mass = 0.1 * Double(lead) * Material.lead.densityGPerCM3
        let x = mass / 6.37
        // 15.1 MeV are lost on the way.
        let highland =
            14.1 / (momentumVelocity(158.6) * momentumVelocity(143.5)).squareRoot() * x.squareRoot()
            * (1 + log10(x) / 9)
        expectClose(
            (square / sum).squareRoot(), highland, relative: 0.12,
            because: "the scattering power has no thin-target logarithm: 9 % too much in a sixth of the range"
        )
    }
}
