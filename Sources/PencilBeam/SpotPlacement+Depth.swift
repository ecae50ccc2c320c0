import BeamData
import FacilityModel
import Frames
import PatientModel
import PlanModel
import Quantities
import Volumes

extension SpotPlacement {
    /// A target voxel in the beam's eye view.
    struct TargetVoxel: Sendable {
        var uv: SIMD2<Double>
        /// Water-equivalent depth in the patient, and half of the voxel's own, mm.
        var waterMM: Double
        var halfWaterMM: Double
        /// Half of the voxel's extent across the beam, mm.
        var halfWidthMM: Double
    }

    /// An energy and the depth of its peak in the patient, mm of water.
    struct PlacedEnergy: Sendable {
        var energy: EnergyPerNucleon
        var peakMM: Double
    }

    /// The target's voxels with their depth.
    func targetVoxels(
        _ target: StructureMask, name: String, geometry: FieldGeometry, port: Port, threads: Int
    ) async throws -> [TargetVoxel] {
        let grid = target.geometry
        // A structure thinner than a voxel still is a target: take what there is.
        let hasCore = target.shares.contains { $0 >= settings.leastShare }
        let least = hasCore ? settings.leastShare : 0
        var points: [(uv: SIMD2<Double>, depth: Double)] = []
        let (low, high) = (images.geometry.lowerCorner.mm, images.geometry.upperCorner.mm)
        for (index, share) in zip(target.indices, target.shares) where share > 0 && share >= least {
            let v = grid.voxel(at: Int(index))
            let p = grid.centre(v.x, v.y, v.z)
            guard (0..<3).allSatisfy({ p.mm[$0] >= low[$0] && p.mm[$0] <= high[$0] }) else {
                throw PencilBeamError.targetOutsideImage(name: name)
            }
            let (uv, w) = geometry.ray(through: p)
            points.append((uv, w))
        }
        guard !points.isEmpty else { throw PencilBeamError.emptyTarget(name: name) }
        func lattice(_ values: [Double]) -> SubBeamLattice {
            let (a, b) = (values.min() ?? 0, values.max() ?? 0)
            let pitch = engineSettings.rayPitchMM
            return SubBeamLattice(
                pitchMM: pitch, startMM: a - pitch, count: Int(((b - a) / pitch).rounded(.up)) + 3)
        }
        let rays = try await RayTables.trace(
            images: images, geometry: geometry, latticeU: lattice(points.map(\.uv.x)),
            latticeV: lattice(points.map(\.uv.y)), nozzleWaterMM: 0, shifter: nil,
            settings: engineSettings, threads: threads)
        // Extents of a voxel along and across the beam.
        let axis = geometry.direction(uv: SIMD2(0, 0)).normalized.mm
        let along = 0.5 * (grid.spacingMM * SIMD3(abs(axis.x), abs(axis.y), abs(axis.z))).sum()
        let across = 0.5 * grid.spacingMM.max()
        return try points.map { point in
            guard
                let here = rays.patientWaterMM(uv: point.uv, depthMM: point.depth),
                let before = rays.patientWaterMM(
                    uv: point.uv, depthMM: max(rays.startMM, point.depth - along)),
                let behind = rays.patientWaterMM(
                    uv: point.uv, depthMM: min(rays.endMM, point.depth + along))
            else { throw PencilBeamError.targetOutsideImage(name: name) }
            return TargetVoxel(
                uv: point.uv, waterMM: here, halfWaterMM: max(here - before, behind - here),
                halfWidthMM: across)
        }
    }

    /// The machine's energies whose peaks cover the target and its margins at the layer spacing, highest first.
    func layerEnergies(
        voxels: [TargetVoxel], upstreamMM: Double, port: Port
    ) throws -> [PlacedEnergy] {
        let energies = machine.energies.filter { port.nozzle.spotSize(at: $0) != nil }.sorted(by: >)
        guard let highest = energies.first, let lowest = energies.last else {
            throw PencilBeamError.energyNotAvailable(machine.energies.first ?? EnergyPerNucleon(0))
        }
        func peak(_ energy: EnergyPerNucleon) throws -> Double {
            guard let depth = LayerTables.peakDepthMM(of: try depthTable(energy)) else {
                throw PencilBeamError.unusableDepthTable(energy)
            }
            return depth - upstreamMM
        }
        let shallowest = voxels.map(\.waterMM).min() ?? 0
        let deepest = voxels.map(\.waterMM).max() ?? 0
        let greatest = try peak(highest)
        guard deepest <= greatest else {
            throw PencilBeamError.targetBeyondRange(deepestMM: deepest, greatestPeakDepthMM: greatest)
        }
        let top = min(deepest + settings.distalMarginMM, greatest)
        let bottom = shallowest - settings.proximalMarginMM

        // The lowest energy that still reaches `top`: peaks fall with the index, so search by halving.
        var (low, high) = (0, energies.count - 1)
        while low < high {
            let middle = (low + high + 1) / 2
            if try peak(energies[middle]) >= top { low = middle } else { high = middle - 1 }
        }
        let spacing: Double
        if let given = settings.layerSpacingMM {
            spacing = given
        } else {
            guard let width = LayerTables.peakWidthMM(of: try depthTable(energies[low])) else {
                throw PencilBeamError.unusableDepthTable(energies[low])
            }
            spacing = settings.layerSpacingInPeakWidth * width
        }
        let least = try peak(lowest)
        guard least <= shallowest + spacing else {
            let useful = port.nozzle.rangeShifters.filter {
                least - $0.waterEquivalentThicknessMM <= shallowest
                    && greatest - $0.waterEquivalentThicknessMM >= deepest
            }
            throw PencilBeamError.targetTooShallow(
                shallowestMM: shallowest, leastPeakDepthMM: least, usefulRangeShifters: useful.map(\.id))
        }

        var placed = [PlacedEnergy(energy: energies[low], peakMM: try peak(energies[low]))]
        var index = low
        while let last = placed.last, last.peakMM > bottom, index + 1 < energies.count {
            // The lowest energy that is not farther than the spacing, at least the next one.
            var next = PlacedEnergy(
                energy: energies[index + 1], peakMM: try peak(energies[index + 1]))
            index += 1
            while index + 1 < energies.count {
                let candidate = try peak(energies[index + 1])
                if last.peakMM - candidate > spacing * (1 + 1e-9) { break }
                index += 1
                next = PlacedEnergy(energy: energies[index], peakMM: candidate)
            }
            placed.append(next)
        }
        return placed
    }
}
