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
        let zeros = [Float](repeating: 0, count: grid.voxelCount)
        var sums = DoseSums(dose: zeros, doseZStar: zeros, doseLET: zeros)
        let layers = field.layers.filter { !$0.spots.isEmpty }
        if !layers.isEmpty {
            let kernels = try await kernels(of: field, firstSpot: 0, heightCut: 0, threads: threads)
            let particles = layers.map { $0.spots.map(\.particles) }
            for part in LayerKernel.Part.allCases where !kernels.terms[part.rawValue].isEmpty {
                // The parts take about these shares of the time.
                let (from, share) = part == .core ? (0, 0.6) : part == .halo ? (0.6, 0.3) : (0.9, 0.1)
                let coarse = coarseGrid(part, under: grid)
                let target = coarse?.coarse ?? grid
                var values = [Float](repeating: 0, count: target.voxelCount)
                var (valuesZStar, valuesLET) = (values, values)
                try await ForwardPass(
                    field: kernels, part: part, grid: target, particles: particles,
                    mergedRangeMM: settings.mergedRangeMM
                ).add(
                    to: &values, doseZStar: &valuesZStar, doseLET: &valuesLET, threads: threads,
                    progress: { progress(from + share * $0) })
                for (part, total) in [
                    (values, \DoseSums.dose), (valuesZStar, \.doseZStar), (valuesLET, \.doseLET),
                ] {
                    if let coarse {
                        coarse.interpolate(part, to: &sums[keyPath: total])
                    } else {
                        for i in part.indices { sums[keyPath: total][i] += part[i] }
                    }
                }
            }
        }
        return DoseDistribution(
            dose: Volume(geometry: grid, values: sums.dose),
            doseZStar: Volume(geometry: grid, values: sums.doseZStar),
            doseLET: Volume(geometry: grid, values: sums.doseLET))
    }

    /// The grid that a part is computed on and interpolated from; nil for the dose grid itself.
    private func coarseGrid(_ part: LayerKernel.Part, under grid: VolumeGeometry) -> CoarseGrid? {
        switch part {
        case .core: nil
        case .halo: CoarseGrid(fine: grid, greatestSpacingMM: settings.haloSpacingMM)
        case .wide: CoarseGrid(fine: grid, greatestSpacingMM: settings.wideSpacingMM)
        }
    }

    private struct DoseSums {
        var dose: [Float]
        var doseZStar: [Float]
        var doseLET: [Float]
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
        // Each part on its grid: the voxels that are needed there, by bricks, and the blocks of the fields.
        let grids = LayerKernel.Part.allCases.map { coarseGrid($0, under: grid) }
        let rows = grids.map { $0?.voxelsNeeded(for: voxels) ?? voxels }
        let bricks = zip(grids, rows).map { BrickSet(geometry: $0?.coarse ?? grid, voxels: $1) }
        var blocks = LayerKernel.Part.allCases.map { _ in [[InfluenceBlock]]() }
        var firstSpot = 0
        for (number, field) in fields.enumerated() {
            func share(_ done: Double) { progress((Double(number) + done) / Double(fields.count)) }
            if field.spotCount > 0 {
                let kernels = try await kernels(
                    of: field, firstSpot: firstSpot, heightCut: settings.influenceCut, threads: threads)
                for part in LayerKernel.Part.allCases where !kernels.terms[part.rawValue].isEmpty {
                    let (from, length) = part == .core ? (0, 0.7) : part == .halo ? (0.7, 0.25) : (0.95, 0.05)
                    blocks[part.rawValue].append(
                        try await InfluencePass(
                            field: kernels, part: part, bricks: bricks[part.rawValue], spotCount: spotCount,
                            relativeCut: part == .core ? settings.influenceCut : settings.haloInfluenceCut,
                            haloCutSigma: settings.haloCutSigma
                        ).blocks(threads: threads) { share(from + length * $0) })
                }
            }
            firstSpot += field.spotCount
        }
        let levels = LayerKernel.Part.allCases.map { part in
            InfluenceLevel(
                bricks: bricks[part.rawValue], voxelCount: rows[part.rawValue].count, spotCount: spotCount,
                blocks: (0..<bricks[part.rawValue].groupCount).flatMap { group in
                    blocks[part.rawValue].map { $0[group] }
                })
        }
        return InfluenceMatrix(
            geometry: grid, voxels: voxels, spotCount: spotCount, core: levels[0],
            coarser: zip(grids, zip(rows, levels)).compactMap { coarse, level in
                coarse.map { InfluenceMatrix.CoarseLevel(grid: $0, voxels: level.0, level: level.1) }
            })
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
