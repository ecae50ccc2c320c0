import BeamData
import FacilityModel
import Frames
import PatientModel
import PlanModel
import Quantities
import Volumes

#if canImport(Glibc)
    import Glibc
#endif

/// How spots and layers are put on a target.
public struct SpotPlacementSettings: Hashable, Sendable {
    /// Arrangement of the spots in the isocentre plane.
    public enum Grid: String, Hashable, Sendable, CaseIterable { case square, hexagonal }
    public var grid: Grid = .square
    /// Distance of neighbouring spots at the isocentre, mm; nil for `spacingInSigma` of the narrowest spot used.
    public var spotSpacingMM: Double?
    /// Default spacing in standard deviations: the ripple of a flat layer stays below 10⁻⁴.
    public var spacingInSigma = 1.3
    /// Distance of layers as depth of their peaks, mm of water; nil for `layerSpacingInPeakWidth` of the deepest peak.
    public var layerSpacingMM: Double?
    /// Default layer distance in widths of the deepest peak at 80 % of its height.
    public var layerSpacingInPeakWidth = 0.8
    /// Spots are placed up to this far outside the target across the beam, mm; nil for one spot spacing.
    public var lateralMarginMM: Double?
    /// Peaks are placed up to this far before the target, mm of water.
    public var proximalMarginMM = 2.0
    /// Peaks are placed up to this far behind the target, mm of water.
    public var distalMarginMM = 2.0
    /// Ions given to each spot, before optimisation.
    public var initialParticles = 1.0
    /// Voxels with at least this share inside the target count as target.
    public var leastShare: Float = 0.5

    public init() {}
}

/// Places energy layers and spots of a field on a target.
///
/// A spot of energy E stands at ray (u, v) if some target voxel lies within the lateral margin of the ray and
/// the depth of E's peak, nozzle and range shifter taken off, lies in the voxel's water-equivalent depth widened
/// by the margins.
///
/// ## Checked by
/// `SpotPlacementTests`.
public struct SpotPlacement: Sendable {
    public let images: MaterialImages
    public let machine: Machine
    public let patientPosition: PatientPosition
    public let depthTable: DepthTableSource
    public let settings: SpotPlacementSettings
    public let engineSettings: PencilBeamSettings

    public init(
        images: MaterialImages, machine: Machine, patientPosition: PatientPosition,
        settings: SpotPlacementSettings = SpotPlacementSettings(),
        engineSettings: PencilBeamSettings = PencilBeamSettings(),
        depthTable: @escaping DepthTableSource
    ) {
        self.images = images
        self.machine = machine
        self.patientPosition = patientPosition
        self.settings = settings
        self.engineSettings = engineSettings
        self.depthTable = depthTable
    }

    /// Middle of a target by volume: the default isocentre.
    ///
    /// - Throws: `PencilBeamError.emptyTarget`.
    public static func centroid(
        of target: StructureMask, name: String
    ) throws(PencilBeamError) -> Point3<DICOMPatient> {
        var sum = SIMD3<Double>(0, 0, 0)
        var total = 0.0
        for (index, share) in zip(target.indices, target.shares) {
            let v = target.geometry.voxel(at: Int(index))
            sum += Double(share) * target.geometry.centre(v.x, v.y, v.z).mm
            total += Double(share)
        }
        guard total > 0 else { throw .emptyTarget(name: name) }
        return Point3(sum / total)
    }

    /// The layers of `field` (its own are ignored) for a target, from the highest energy down.
    ///
    /// - Throws: `PencilBeamError` for a target that is empty, outside the image, too deep, too shallow or too
    ///   wide, and for angles, ports and shifters that the machine does not have; what `depthTable` throws.
    public func place(
        field: Field, target: StructureMask, targetName: String, threads: Int
    ) async throws -> [EnergyLayer] {
        try engineSettings.validate()
        try validateSettings()
        let port = try checkedPort(of: field)
        let shifter = try port.nozzle.shifter(of: field)
        let (a, b) = (images.geometry.frameOfReferenceUID, target.geometry.frameOfReferenceUID)
        guard a == b else { throw PencilBeamError.differentFrameOfReference(a, b) }
        let geometry = FieldGeometry(
            field: field, patientPosition: patientPosition,
            sourceDistancesMM: port.nozzle.virtualSourceDistancesMM)
        let voxels = try await targetVoxels(
            target, name: targetName, geometry: geometry, port: port, threads: threads)

        let upstream =
            port.nozzle.waterEquivalentThicknessMM + (shifter?.waterEquivalentThicknessMM ?? 0)
        let energies = try layerEnergies(voxels: voxels, upstreamMM: upstream, port: port)
        let spacing = try spotSpacing(energies: energies.map(\.energy), nozzle: port.nozzle)
        let layers = spots(on: voxels, energies: energies, spacingMM: spacing)
        let needed = layers.flatMap { $0.spots.map(\.positionMM) }.reduce(SIMD2<Double>(0, 0)) {
            pointwiseMax($0, SIMD2(abs($1.x), abs($1.y)))
        }
        let available = port.nozzle.fieldHalfWidthMM
        guard needed.x <= available.x, needed.y <= available.y else {
            throw PencilBeamError.scanFieldExceeded(
                neededHalfWidthMM: needed, availableHalfWidthMM: available)
        }
        return layers
    }

    private func validateSettings() throws(PencilBeamError) {
        let positive = [
            ("spotSpacingMM", settings.spotSpacingMM ?? 1), ("spacingInSigma", settings.spacingInSigma),
            ("layerSpacingMM", settings.layerSpacingMM ?? 1),
            ("layerSpacingInPeakWidth", settings.layerSpacingInPeakWidth),
        ]
        for (name, value) in positive where !(value > 0 && value.isFinite) {
            throw .invalidSetting(name: name, value: value)
        }
        let margins = [
            ("lateralMarginMM", settings.lateralMarginMM ?? 0),
            ("proximalMarginMM", settings.proximalMarginMM),
            ("distalMarginMM", settings.distalMarginMM),
            ("initialParticles", settings.initialParticles),
        ]
        for (name, value) in margins where !(value >= 0 && value.isFinite) {
            throw .invalidSetting(name: name, value: value)
        }
    }

    /// The field's port, if it exists and can give the field's angles.
    private func checkedPort(of field: Field) throws(PencilBeamError) -> Port {
        guard let port = machine.port(field.portID) else {
            throw .unknownPort(id: field.portID, known: machine.ports.map(\.id))
        }
        let allowed =
            switch port.direction {
            case .fixed(let angle): angle...angle
            case .rotating(let range): range
            }
        func reachable(_ angle: AngleDegrees, _ range: ClosedRange<AngleDegrees>) -> Bool {
            [-360.0, 0, 360].contains {
                angle.value + $0 >= range.lowerBound.value - 1e-6
                    && angle.value + $0 <= range.upperBound.value + 1e-6
            }
        }
        guard reachable(field.gantryAngle, allowed) else {
            throw .gantryAngleNotPossible(angle: field.gantryAngle, port: port.id, allowed: allowed)
        }
        guard reachable(field.patientSupportAngle, port.patientSupportAngles) else {
            throw .patientSupportAngleNotPossible(
                angle: field.patientSupportAngle, port: port.id, allowed: port.patientSupportAngles)
        }
        return port
    }

    private func spotSpacing(
        energies: [EnergyPerNucleon], nozzle: Nozzle
    ) throws(PencilBeamError) -> Double {
        if let spacing = settings.spotSpacingMM { return spacing }
        var narrowest = Double.infinity
        for energy in energies {
            guard let size = nozzle.spotSize(at: energy) else { throw .energyNotAvailable(energy) }
            narrowest = min(narrowest, size.sigmaMM.min())
        }
        return settings.spacingInSigma * narrowest
    }

    /// Spots of each layer on the grid, in serpentine order; layers without spots are left out.
    private func spots(
        on voxels: [TargetVoxel], energies: [PlacedEnergy], spacingMM: Double
    ) -> [EnergyLayer] {
        let margin = settings.lateralMarginMM ?? spacingMM
        let rowDistance = settings.grid == .square ? spacingMM : spacingMM * 0.75.squareRoot()
        func offset(_ row: Int) -> Double {
            settings.grid == .hexagonal && row & 1 == 1 ? 0.5 * spacingMM : 0
        }
        // Rows and columns of the grid that can be needed.
        let u = voxels.map(\.uv.x)
        let v = voxels.map(\.uv.y)
        let reach = margin + (voxels.map(\.halfWidthMM).max() ?? 0)
        let firstColumn = Int((((u.min() ?? 0) - reach) / spacingMM).rounded(.down)) - 1
        let lastColumn = Int((((u.max() ?? 0) + reach) / spacingMM).rounded(.up)) + 1
        let firstRow = Int((((v.min() ?? 0) - reach) / rowDistance).rounded(.down))
        let lastRow = Int((((v.max() ?? 0) + reach) / rowDistance).rounded(.up))
        let columns = lastColumn - firstColumn + 1
        let rows = lastRow - firstRow + 1
        var used = [Bool](repeating: false, count: energies.count * rows * columns)

        for voxel in voxels {
            let shallow = voxel.waterMM - voxel.halfWaterMM - settings.proximalMarginMM
            let deep = voxel.waterMM + voxel.halfWaterMM + settings.distalMarginMM
            let layers = energies.indices.filter {
                energies[$0].peakMM >= shallow && energies[$0].peakMM <= deep
            }
            if layers.isEmpty { continue }
            let r = margin + voxel.halfWidthMM
            let lowRow = Int(((voxel.uv.y - r) / rowDistance).rounded(.up))
            let highRow = Int(((voxel.uv.y + r) / rowDistance).rounded(.down))
            guard lowRow <= highRow else { continue }
            for row in lowRow...highRow {
                let dy = Double(row) * rowDistance - voxel.uv.y
                let half = (r * r - dy * dy).squareRoot()
                let low = Int(((voxel.uv.x - half - offset(row)) / spacingMM).rounded(.up))
                let high = Int(((voxel.uv.x + half - offset(row)) / spacingMM).rounded(.down))
                guard low <= high else { continue }
                for column in low...high {
                    for layer in layers {
                        used[(layer * rows + row - firstRow) * columns + column - firstColumn] = true
                    }
                }
            }
        }
        return energies.indices.compactMap { layer in
            var spots: [Spot] = []
            for row in firstRow...lastRow {
                let order = (row - firstRow) & 1 == 0 ? Array(0..<columns) : (0..<columns).reversed()
                for column in order where used[(layer * rows + row - firstRow) * columns + column] {
                    let x = Double(column + firstColumn) * spacingMM + offset(row)
                    spots.append(
                        Spot(
                            positionMM: SIMD2(x, Double(row) * rowDistance),
                            particles: settings.initialParticles))
                }
            }
            return spots.isEmpty ? nil : EnergyLayer(energy: energies[layer].energy, spots: spots)
        }
    }
}
