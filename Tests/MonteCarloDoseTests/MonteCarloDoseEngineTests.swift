import FacilityModel
import Frames
import IonPhysics
import IonTransport
import MonteCarloDose
import PatientModel
import PlanModel
import Quantities
import TestSupport
import Testing
import Volumes

@Suite struct MonteCarloDoseEngineTests {
    static func geometry(_ n: SIMD3<Int>, _ spacing: Double) -> VolumeGeometry {
        VolumeGeometry(
            dimensions: n,
            origin: Point3(-0.5 * spacing * SIMD3(Double(n.x - 1), Double(n.y - 1), Double(n.z - 1))),
            spacingMM: SIMD3(spacing, spacing, spacing), frameOfReferenceUID: "1")
    }

    static func images(_ geometry: VolumeGeometry, _ ratio: (SIMD3<Double>) -> Float = { _ in 1 })
        -> MaterialImages
    {
        let volume = Volume(
            geometry: geometry,
            values: (0..<geometry.voxelCount).map {
                let v = geometry.voxel(at: $0)
                return ratio(geometry.centre(v.x, v.y, v.z).mm)
            })
        return MaterialImages(stoppingPowerRatio: volume, scatteringRatio: volume, nuclearRatio: volume)
    }

    /// Depth (patient y) where the dose has fallen to 80 % of its maximum behind it, from sums over planes.
    static func distal80(_ dose: Volume<Float>) -> Double {
        let g = dose.geometry
        let planes = (0..<g.dimensions.y).map { y in
            var sum = 0.0
            for z in 0..<g.dimensions.z { for x in 0..<g.dimensions.x { sum += Double(dose[x, y, z]) } }
            return sum
        }
        let top = planes.indices.max { planes[$0] < planes[$1] } ?? 0
        for i in top + 1..<planes.count where planes[i] < 0.8 * planes[top] {
            let f = (planes[i - 1] - 0.8 * planes[top]) / (planes[i - 1] - planes[i])
            return g.centre(0, i - 1, 0).y + f * g.spacingMM.y
        }
        return 0
    }

    @Test(arguments: [(false, 0.0), (true, 0.0), (false, 90)])
    func theRangeIsThatOfTheEnergyLessNozzleAndShifter(shifter: Bool, gantry: Double) async throws {
        let grid = Self.geometry(SIMD3(70, 70, 70), 2)
        let engine = try MonteCarloDoseEngine(
            images: Self.images(grid), grid: grid, machine: FieldSourceTests.machine(shifter: shifter),
            patientPosition: .headFirstSupine)
        let field = FieldSourceTests.field(
            gantry: gantry, spots: [Spot(positionMM: SIMD2(0, 0), particles: 1e6)],
            shifter: shifter ? "RS30" : nil)
        let outcome = try await engine.dose(of: field, histories: 1500, seed: 1, threads: 2)
        let range = try RangeTable(.carbon12).rangeMM(energyMeVPerNucleon: 200)
        if gantry == 0 {
            // The ridge filter's millimetre moves the 80 % point by about half a millimetre.
            expectClose(
                Self.distal80(outcome.distribution.dose), -70 + range - 2.5 - (shifter ? 30 : 0), absolute: 1,
                because: "water from −70 mm; planes of 2 mm")
        }
        let e = outcome.energy
        expectClose(e.missingMeV / e.inMeV, 0, absolute: 1e-5, because: "whole units of 1 eV")
        #expect(outcome.meanUncertainty > 0.002 && outcome.meanUncertainty < 0.5)
        let sums = outcome.distribution.dose.values.reduce(0.0) { $0 + Double($1) } * 8e-6
        // 2400 MeV per ion at most, less what leaves: at least two thirds stays here.
        let most = 2400 * 1.602176634e-13 * 1e6
        #expect(sums < most && sums > (shifter ? 0.5 : 0.66) * most)
    }

    @Test func thePhantomKeepsTheImagesStoppingPower() throws {
        let fine = Self.geometry(SIMD3(20, 20, 20), 1)
        let grid = Self.geometry(SIMD3(10, 10, 10), 2)
        let phantom = try VoxelPhantom(images: Self.images(fine) { $0.x < 0 ? 1.2 : 0.001 }, grid: grid)
        for voxel in 0..<grid.voxelCount {
            let material = phantom.materials[Int(phantom.materialIndex[voxel])]
            let own = try material.withDensity(gPerCM3: Double(phantom.densityGPerCM3[voxel]))
            let ratio = MaterialProperties(own).stoppingPowerRatio
            let x = grid.centre(grid.voxel(at: voxel).x, 0, 0).x
            if x < 0 {
                expectClose(ratio, 1.2, relative: 1e-4, because: "density follows the ratio")
            } else {
                expectClose(ratio, 0.00106, absolute: 2e-4, because: "air")
            }
        }
    }

    /// Pencil beam and transport scatter every tissue alike: what the images say of a CT number is what the material in the
    /// phantom does at its density.
    @Test(arguments: SchneiderTissues.sections.dropFirst().map(\.fromHounsfield))
    func everyTissueKeepsTheImagesScatteringPower(hounsfield: Int) throws {
        let tissue = RelativeProperties(SchneiderTissues.material(hounsfield: hounsfield))
        let grid = Self.geometry(SIMD3(2, 2, 2), 2)
        func volume(_ value: Double) -> Volume<Float> {
            Volume(geometry: grid, values: [Float](repeating: Float(value), count: grid.voxelCount))
        }
        let phantom = try VoxelPhantom(
            images: MaterialImages(
                stoppingPowerRatio: volume(tissue.stopping), scatteringRatio: volume(tissue.scattering),
                nuclearRatio: volume(tissue.nuclear)),
            grid: grid)
        let own = try phantom.materials[Int(phantom.materialIndex[0])]
            .withDensity(gPerCM3: Double(phantom.densityGPerCM3[0]))
        let properties = MaterialProperties(own)
        expectClose(
            properties.stoppingPowerRatio, tissue.stopping, relative: 1e-4, because: "density follows")
        expectClose(
            properties.scatteringRatio, tissue.scattering, relative: 1e-4, because: "the tissue itself")
    }

    @Test func errorsSayWhatToDo() async throws {
        let grid = Self.geometry(SIMD3(8, 8, 8), 5)
        let engine = try MonteCarloDoseEngine(
            images: Self.images(grid), grid: grid, machine: FieldSourceTests.machine(),
            patientPosition: .headFirstSupine)
        await #expect(throws: MonteCarloDoseError.noIons(field: 1)) {
            try await engine.dose(of: FieldSourceTests.field(spots: []), histories: 10, seed: 1, threads: 1)
        }
        let spot = [Spot(positionMM: SIMD2(0, 0), particles: 1)]
        await #expect(throws: MonteCarloDoseError.unknownRangeShifter(id: "X", known: [])) {
            try await engine.dose(
                of: FieldSourceTests.field(spots: spot, shifter: "X"), histories: 10, seed: 1, threads: 1)
        }
        await #expect(throws: MonteCarloDoseError.energyNotAvailable(EnergyPerNucleon(500), field: 1)) {
            try await engine.dose(
                of: FieldSourceTests.field(spots: spot, energy: 500), histories: 10, seed: 1, threads: 1)
        }
    }
}
