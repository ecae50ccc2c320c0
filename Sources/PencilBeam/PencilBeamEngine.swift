import BeamData
import FacilityModel
import Frames
import PatientModel
import PlanModel
import Quantities
import Volumes

/// Gives the depth table of an energy of the machine, with its energy spread and ridge filter applied; depth 0
/// is the entrance of the nozzle.
public typealias DepthTableSource = @Sendable (EnergyPerNucleon) throws -> BeamDepthTable

/// Dose of scanned ion beams in a patient: three-component pencil beams, split into sub-beams on a lattice of
/// rays for lateral heterogeneity. See `docs/theory/pencil-beam.md`.
///
/// Results are bit-identical for any number of threads.
///
/// ## Source
/// Inaniwa & Kanematsu, Phys. Med. Biol. 60 (2015) 437 (trichrome beam); Kanematsu et al., Phys. Med. Biol. 54
/// (2009) 2015 (splitting into narrow beams); equations in the theory page.
/// ## Checked by
/// `PencilBeamEngineTests`, `InfluenceMatrixTests`; validation case `PencilBeamValidation`.
public struct PencilBeamEngine: Sendable {
    public let images: MaterialImages
    public let machine: Machine
    public let patientPosition: PatientPosition
    public let depthTable: DepthTableSource
    public let settings: PencilBeamSettings

    /// - Throws: `PencilBeamError.invalidSetting`.
    public init(
        images: MaterialImages, machine: Machine, patientPosition: PatientPosition,
        settings: PencilBeamSettings = PencilBeamSettings(), depthTable: @escaping DepthTableSource
    ) throws(PencilBeamError) {
        try settings.validate()
        self.images = images
        self.machine = machine
        self.patientPosition = patientPosition
        self.settings = settings
        self.depthTable = depthTable
    }

    /// Dose of one fraction of a field on a grid of any spacing.
    ///
    /// - Parameters:
    ///   - field: Layers with spots and ions per fraction.
    ///   - grid: Dose grid; voxels outside the image get no dose.
    ///   - threads: Threads to use; the result does not depend on it.
    ///   - progress: Called with the finished share, 0...1.
    /// - Throws: `PencilBeamError`, what `depthTable` throws, or `CancellationError`.
    public func dose(
        of field: Field, grid: VolumeGeometry, threads: Int, progress: (Double) -> Void = { _ in }
    ) async throws -> DoseDistribution {
        try check(grid)
        try check(field)
        var dose = [Float](repeating: 0, count: grid.voxelCount)
        var (doseZStar, doseLET) = (dose, dose)
        let layers = field.layers.filter { !$0.spots.isEmpty }
        if !layers.isEmpty {
            let kernels = try await kernels(of: field, firstSpot: 0, heightCut: 0, threads: threads)
            let particles = layers.map { $0.spots.map(\.particles) }
            let coarse = CoarseGrid(fine: grid, greatestSpacingMM: settings.haloSpacingMM)
            var halo = [Float](repeating: 0, count: coarse.coarse.voxelCount)
            var (haloZStar, haloLET) = (halo, halo)
            try await ForwardPass(
                field: kernels, part: .halo, grid: coarse.coarse, particles: particles,
                mergedRangeMM: settings.mergedRangeMM
            ).add(
                to: &halo, doseZStar: &haloZStar, doseLET: &haloLET, threads: threads,
                progress: { progress(0.4 * $0) })
            coarse.interpolate(halo, to: &dose)
            coarse.interpolate(haloZStar, to: &doseZStar)
            coarse.interpolate(haloLET, to: &doseLET)
            try await ForwardPass(
                field: kernels, part: .core, grid: grid, particles: particles,
                mergedRangeMM: settings.mergedRangeMM
            ).add(
                to: &dose, doseZStar: &doseZStar, doseLET: &doseLET, threads: threads,
                progress: { progress(0.4 + 0.6 * $0) })
        }
        return DoseDistribution(
            dose: Volume(geometry: grid, values: dose),
            doseZStar: Volume(geometry: grid, values: doseZStar),
            doseLET: Volume(geometry: grid, values: doseLET))
    }

    /// Dose of one fraction of several fields together.
    public func dose(
        of fields: [Field], grid: VolumeGeometry, threads: Int, progress: (Double) -> Void = { _ in }
    ) async throws -> DoseDistribution {
        let zero = Volume<Float>(geometry: grid, repeating: 0)
        var total = DoseDistribution(dose: zero, doseZStar: zero, doseLET: zero)
        for (number, field) in fields.enumerated() {
            let part = try await dose(of: field, grid: grid, threads: threads) {
                progress((Double(number) + $0) / Double(fields.count))
            }
            for i in total.dose.values.indices {
                total.dose.values[i] += part.dose.values[i]
                total.doseZStar.values[i] += part.doseZStar.values[i]
                total.doseLET.values[i] += part.doseLET.values[i]
            }
        }
        return total
    }

    /// Dose per ion of every spot of the fields in the listed voxels.
    ///
    /// - Parameters:
    ///   - fields: Their spots in order are the columns; the ions they carry do not matter.
    ///   - grid: Dose grid.
    ///   - voxels: Ascending storage indices of `grid`: the rows.
    public func influence(
        of fields: [Field], grid: VolumeGeometry, voxels: [Int32], threads: Int,
        progress: (Double) -> Void = { _ in }
    ) async throws -> InfluenceMatrix {
        try check(grid)
        var last: Int32 = -1
        for voxel in voxels {
            guard voxel > last, Int(voxel) < grid.voxelCount else { throw PencilBeamError.invalidVoxelList }
            last = voxel
        }
        for field in fields { try check(field) }
        let spotCount = fields.reduce(0) { $0 + $1.spotCount }
        let coarse = CoarseGrid(fine: grid, greatestSpacingMM: settings.haloSpacingMM)
        let coarseVoxels = coarse.voxelsNeeded(for: voxels)
        let coreBricks = BrickSet(geometry: grid, voxels: voxels)
        let haloBricks = BrickSet(geometry: coarse.coarse, voxels: coarseVoxels)
        var core: [[InfluenceBlock]] = []
        var halo: [[InfluenceBlock]] = []
        var firstSpot = 0
        for (number, field) in fields.enumerated() {
            func share(_ done: Double) { progress((Double(number) + done) / Double(fields.count)) }
            if field.spotCount > 0 {
                let kernels = try await kernels(
                    of: field, firstSpot: firstSpot, heightCut: settings.influenceCut, threads: threads)
                core.append(
                    try await InfluencePass(
                        field: kernels, part: .core, bricks: coreBricks, spotCount: spotCount,
                        relativeCut: settings.influenceCut, haloCutSigma: settings.haloCutSigma
                    ).blocks(threads: threads) { share(0.7 * $0) })
                halo.append(
                    try await InfluencePass(
                        field: kernels, part: .halo, bricks: haloBricks, spotCount: spotCount,
                        relativeCut: settings.haloInfluenceCut, haloCutSigma: settings.haloCutSigma
                    ).blocks(threads: threads) { share(0.7 + 0.3 * $0) })
            }
            firstSpot += field.spotCount
        }
        func level(_ bricks: BrickSet, _ voxels: [Int32], _ blocks: [[InfluenceBlock]]) -> InfluenceLevel {
            InfluenceLevel(
                bricks: bricks, voxelCount: voxels.count, spotCount: spotCount,
                blocks: (0..<bricks.groupCount).flatMap { group in blocks.map { $0[group] } })
        }
        return InfluenceMatrix(
            geometry: grid, voxels: voxels, spotCount: spotCount,
            core: level(coreBricks, voxels, core), halo: level(haloBricks, coarseVoxels, halo),
            coarse: coarse, haloVoxels: coarseVoxels)
    }

    private func kernels(
        of field: Field, firstSpot: Int, heightCut: Double, threads: Int
    ) async throws -> FieldKernels {
        guard let port = machine.port(field.portID) else {
            throw PencilBeamError.unknownPort(id: field.portID, known: machine.ports.map(\.id))
        }
        return try await FieldKernels.build(
            field: field, firstSpot: firstSpot, images: images, nozzle: port.nozzle,
            patientPosition: patientPosition, depthTable: depthTable, settings: settings,
            heightCut: heightCut, threads: threads)
    }

    private func check(_ grid: VolumeGeometry) throws(PencilBeamError) {
        let (a, b) = (images.geometry.frameOfReferenceUID, grid.frameOfReferenceUID)
        guard a == b else { throw .differentFrameOfReference(a, b) }
    }

    private func check(_ field: Field) throws(PencilBeamError) {
        for (l, layer) in field.layers.enumerated() {
            for (s, spot) in layer.spots.enumerated() {
                guard spot.positionMM.x.isFinite, spot.positionMM.y.isFinite, spot.particles.isFinite,
                    spot.particles >= 0
                else { throw .invalidSpot(field: field.number, layer: l, spot: s) }
            }
        }
    }
}
