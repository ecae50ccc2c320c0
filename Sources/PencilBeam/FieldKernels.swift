import FacilityModel
import Frames
import NumericKernels
import PatientModel
import PlanModel
import Quantities
import Volumes

/// All tables of one field: the rays through the patient and the kernels of its layers.
struct FieldKernels: Sendable {
    let rays: RayTables
    let layers: [LayerKernel]
    /// The Gaussians of each part that carry dose in any layer.
    let terms: [[LateralTerm]]
    /// The rays of each part: all for what is narrow, every n-th of both axes for what is wide.
    private let bundles: [RayBundle]

    func bundle(_ part: LayerKernel.Part) -> RayBundle { bundles[part.rawValue] }

    /// Traces the rays and prepares the layers.
    ///
    /// - Parameters:
    ///   - firstSpot: Number of the field's first spot in the plan.
    ///   - heightCut: The core ends where its dose on the axis is below this share of the greatest; 0 for none.
    static func build(
        field: Field, firstSpot: Int, images: MaterialImages, nozzle: Nozzle,
        patientPosition: PatientPosition, depthTable: DepthTableSource, settings: PencilBeamSettings,
        heightCut: Double, threads: Int
    ) async throws -> FieldKernels {
        let geometry = FieldGeometry(
            field: field, patientPosition: patientPosition,
            sourceDistancesMM: nozzle.virtualSourceDistancesMM)
        let shifter = try nozzle.shifter(of: field)
        let layers = field.layers.enumerated().filter { !$0.element.spots.isEmpty }
        var sizes: [Nozzle.SpotSize] = []
        var tables: [LayerTables] = []
        for (_, layer) in layers {
            guard let size = nozzle.spotSize(at: layer.energy) else {
                throw PencilBeamError.energyNotAvailable(layer.energy)
            }
            guard let table = LayerTables(try depthTable(layer.energy), tailCut: settings.tailCut) else {
                throw PencilBeamError.unusableDepthTable(layer.energy)
            }
            sizes.append(size)
            tables.append(table)
        }

        // One lattice for all layers: fine enough for the narrowest spot, wide enough for the widest.
        let air = try zip(sizes, tables).map {
            try SpotInAir(
                $0, shifter: shifter, nozzleWaterMM: nozzle.waterEquivalentThicknessMM, tables: $1,
                sourceDistancesMM: nozzle.virtualSourceDistancesMM)
        }
        let sigmas = air.map { SIMD2($0.variance.c0.x.squareRoot(), $0.variance.c0.y.squareRoot()) }
        let widest = sigmas.reduce(SIMD2(repeating: 0), pointwiseMax)
        let finest = sigmas.reduce(SIMD2(repeating: .infinity), pointwiseMin).min()
        // Half of what light fragments may be spaced by is always fine enough for the core.
        let pitch = min(settings.rayPitchMM, 0.5 * SubBeamLattice.haloPitchInSigma * finest)
        let stride = max(1, Int(SubBeamLattice.haloPitchInSigma * finest / pitch + 1e-9))
        func lattice(_ values: [Double], _ sigma: Double) -> SubBeamLattice {
            let step = pitch * Double(2 * stride)
            let margin = 4 * sigma + step
            let low = (((values.min() ?? 0) - margin) / step).rounded(.down) * step
            let high = ((values.max() ?? 0) + margin)
            return SubBeamLattice(
                pitchMM: pitch, startMM: low, count: Int(((high - low) / pitch).rounded(.up)) + 1)
        }
        let positions = layers.flatMap { $0.element.spots.map(\.positionMM) }
        let rays = try await RayTables.trace(
            images: images, geometry: geometry, latticeU: lattice(positions.map(\.x), widest.x),
            latticeV: lattice(positions.map(\.y), widest.y),
            nozzleWaterMM: nozzle.waterEquivalentThicknessMM, shifter: shifter, settings: settings,
            threads: threads)

        var firstSpots: [Int] = []
        var next = firstSpot
        for (_, layer) in layers {
            firstSpots.append(next)
            next += layer.spots.count
        }
        let bundles = [1, stride, 2 * stride].map { RayBundle(rays: rays, stride: $0) }
        // All layers share the variance that the narrowest spot needs, so that the sub-beams of all are alike.
        let least = air.map { $0.narrowest(along: rays) }.reduce(SIMD2(repeating: .infinity), pointwiseMin)
        func subBeam(_ bundle: RayBundle) -> SIMD2<Double> {
            SIMD2(
                SubBeamLattice.subBeamVariance(spot: least.x, pitchMM: bundle.latticeU.pitchMM),
                SubBeamLattice.subBeamVariance(spot: least.y, pitchMM: bundle.latticeV.pitchMM))
        }
        let variance = bundles.map(subBeam)
        let terms = Self.terms(
            tables: tables, rays: rays, narrowest: least.min(), settings: settings)
        let inputs = zip(zip(layers.map(\.element), firstSpots), zip(tables, air)).map {
            (layer: $0.0, firstSpot: $0.1, tables: $1.0, air: $1.1)
        }
        let kernels = try await ParallelBatches.map(count: inputs.count, threads: threads) { i in
            try LayerKernel(
                layer: inputs[i].layer, firstSpot: inputs[i].firstSpot, tables: inputs[i].tables,
                terms: terms,
                air: inputs[i].air, rays: rays, bundles: bundles, subBeamVariance: variance,
                heightCut: heightCut, settings: settings)
        }
        return FieldKernels(rays: rays, layers: kernels, terms: terms, bundles: bundles)
    }
}

extension FieldKernels {
    /// The Gaussians of each part that carry dose in any layer.
    ///
    /// Where all of a Gaussian's particles were born far upstream (in a range shifter), it is wide already when it
    /// enters the patient, and a coarser lattice and grid are fine enough: the halo's for heavy fragments spread by half of
    /// the spot's variance, that of the wide part for whatever is spread by the spacing of its grid.
    private static func terms(
        tables: [LayerTables], rays: RayTables, narrowest: Double, settings: PencilBeamSettings
    ) -> [[LateralTerm]] {
        let atEntry = { (term: LateralTerm) -> Double in
            var least = Double.infinity
            let densest = Float(0.05 * rays.stepMM)
            for ray in 0..<rays.rayCount {
                let samples = rays.samples[ray * rays.depthCount..<(ray + 1) * rays.depthCount]
                guard
                    let entry = zip(samples, samples.dropFirst()).first(where: {
                        $1[0] - $0[0] > densest
                    })?.0
                else { continue }
                for table in tables {
                    let coefficient = table.row(term, atWaterDepthMM: entry[0])[3]
                    least = min(least, Double(coefficient * entry[3]))
                }
            }
            return least.isFinite ? least : 0
        }
        let wide = settings.wideSpacingMM * settings.wideSpacingMM
        func part(_ term: LateralTerm) -> LayerKernel.Part {
            switch term {
            case .primary: return .core
            case .heavyWide, .lightWide: return .wide
            case .lightNarrow: return atEntry(term) > wide ? .wide : .halo
            case .heavyNarrow:
                let spread = atEntry(term)
                return spread > wide ? .wide : spread > 0.5 * narrowest ? .halo : .core
            }
        }
        var terms = LayerKernel.Part.allCases.map { _ in [LateralTerm]() }
        for term in LateralTerm.allCases where tables.contains(where: { $0.endMM[term.rawValue] > 0 }) {
            terms[part(term).rawValue].append(term)
        }
        return terms
    }
}

extension Nozzle {
    /// The range shifter that a field names; nil if it names none.
    func shifter(of field: Field) throws(PencilBeamError) -> RangeShifter? {
        guard let id = field.rangeShifterID else { return nil }
        guard let shifter = rangeShifters.first(where: { $0.id == id }) else {
            throw .unknownRangeShifter(id: id, known: rangeShifters.map(\.id))
        }
        return shifter
    }
}
