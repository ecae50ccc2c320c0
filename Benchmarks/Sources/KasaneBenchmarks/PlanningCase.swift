import BeamData
import CaseFiles
import FacilityModel
import Foundation
import Frames
import PatientModel
import PencilBeam
import PlanModel
import Quantities
import Volumes

/// The problem of the planning benchmarks: a ball of water of 160 mm with a bone shell of 6 mm, a spherical target of
/// 50 mm in its middle, and two opposed fields of the shipped Yamagata gantry with spots 3 mm and layers 3 mm apart.
struct PlanningCase: Sendable {
    static let description = """
        A ball of water of 160 mm with a bone shell of 6 mm, a target of 50 mm in its middle, two opposed fields of the \
        Yamagata gantry with the shipped beam data, spots and layers 3 mm apart, dose grid 2 mm.
        """

    let grid: VolumeGeometry
    let target: StructureMask
    let body: StructureMask
    let engine: PencilBeamEngine
    let fields: [Field]

    var spotCount: Int { fields.reduce(0) { $0 + $1.spotCount } }

    /// The data folder of the checkout that the benchmarks were built from.
    private static let dataFolder = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Data").path

    init(threads: Int) async throws {
        let machine = try MachineFile.read(path: Self.dataFolder + "/machines/yamagata.yaml").machine
        let beam = try BeamDataStore.read(
            path: Self.dataFolder + "/" + BeamDataStore.relativePath(of: machine.ion))
        guard let port = machine.port("gantry") else { throw CocoaError(.fileReadCorruptFile) }
        let nozzle = port.nozzle
        let tables = TableCache { energy in
            try beam.depthTable(
                energyMeVPerNucleon: energy.value, relativeEnergySpread: nozzle.relativeEnergySpread,
                ridgeFilterSigmaMM: nozzle.ridgeFilterSigmaMM, stepMM: 0.25)
        }
        let grid = VolumeGeometry(
            dimensions: SIMD3(84, 84, 84), origin: Point3(SIMD3(-83, -83, -83)), spacingMM: SIMD3(2, 2, 2),
            frameOfReferenceUID: "1")
        func radius(_ index: Int) -> Double {
            let v = grid.voxel(at: index)
            let p = grid.centre(v.x, v.y, v.z).mm
            return (p * p).sum().squareRoot()
        }
        func ball(_ greatest: Double) -> StructureMask {
            let indices = (0..<grid.voxelCount).filter { radius($0) < greatest }.map { Int32($0) }
            return StructureMask(geometry: grid, indices: indices, shares: indices.map { _ in 1 })
        }
        func image(_ bone: Float) -> Volume<Float> {
            Volume(
                geometry: grid,
                values: (0..<grid.voxelCount).map {
                    let r = radius($0)
                    return r > 80 ? 0.001 : r > 74 ? bone : 1
                })
        }
        let images = MaterialImages(
            stoppingPowerRatio: image(1.5), scatteringRatio: image(2.1), nuclearRatio: image(1.35))
        let source: DepthTableSource = { try tables.table($0) }
        self.grid = grid
        target = ball(25)
        body = ball(80)
        engine = try PencilBeamEngine(
            images: images, machine: machine, patientPosition: .headFirstSupine, depthTable: source)
        var settings = SpotPlacementSettings()
        settings.spotSpacingMM = 3
        settings.layerSpacingMM = 3
        let placement = SpotPlacement(
            images: images, machine: machine, patientPosition: .headFirstSupine, settings: settings,
            depthTable: source)
        var fields: [Field] = []
        for angle in [90.0, 270] {
            var field = Field(
                number: fields.count + 1, name: "\(angle)", portID: "gantry",
                gantryAngle: AngleDegrees(angle),
                patientSupportAngle: AngleDegrees(0), isocentre: Point3(0, 0, 0))
            field.layers = try await placement.place(
                field: field, target: target, targetName: "target", threads: threads)
            fields.append(field)
        }
        self.fields = fields
    }
}

/// Depth tables by energy, made once.
private final class TableCache: @unchecked Sendable {
    private let lock = NSLock()
    private var tables: [EnergyPerNucleon: BeamDepthTable] = [:]
    private let make: DepthTableSource

    init(_ make: @escaping DepthTableSource) { self.make = make }

    func table(_ energy: EnergyPerNucleon) throws -> BeamDepthTable {
        try lock.withLock {
            if let known = tables[energy] { return known }
            let table = try make(energy)
            tables[energy] = table
            return table
        }
    }
}
