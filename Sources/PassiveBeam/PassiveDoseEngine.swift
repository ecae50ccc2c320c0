import BeamData
import FacilityModel
import Frames
import NumericKernels
import PatientModel
import PencilBeam
import PlanModel
import Quantities
import Radiobiology
import Volumes

/// Dose of passive fields in a patient: a broad beam, ray by ray, blurred by what has scattered.
///
///     D(p) = Σ_c 1/m² Σ_ij φ_ij A_ij T_c(d_ij(w)) n_c,ij ∫_ij G(u − u′; σ_c²(p)/m²) du′                   (9)
///
/// The isocentre plane is cut into squares ij around rays; φ is the fluence that wobbler and scatterer make there, A the open
/// share of the collimator, T_c the depth dose behind nozzle and ridge filter at the water-equivalent depth that the ray has at
/// the voxel's depth w, m the widening of the bundle. σ is that of the voxel's own ray: penumbra of the source and of all
/// scattering in the nozzle seen from the collimator, scattering in bolus and patient, spread of fragments.
///
/// Results are bit-identical for any number of threads.
///
/// ## Source
/// Hong et al., Phys. Med. Biol. 41 (1996) 1305 (broad beam by rays); equations in docs/theory/passive.md.
/// ## Checked by
/// `PassiveDoseTests`.
public struct PassiveDoseEngine: Sendable {
    public let images: MaterialImages
    public let nozzle: PassiveNozzle
    public let ion: Isotope
    public let patientPosition: PatientPosition
    /// What the ridge filters are flat in.
    public let filterBiology: BiologicalModel
    public let depthTable: DepthTableSource
    public let settings: PassiveBeamSettings

    public init(
        images: MaterialImages, nozzle: PassiveNozzle, ion: Isotope, patientPosition: PatientPosition,
        filterBiology: BiologicalModel = .clinicalMKM(.nirs2015),
        settings: PassiveBeamSettings = PassiveBeamSettings(), depthTable: @escaping DepthTableSource
    ) {
        self.images = images
        self.nozzle = nozzle
        self.ion = ion
        self.patientPosition = patientPosition
        self.filterBiology = filterBiology
        self.settings = settings
        self.depthTable = depthTable
    }

    /// Dose of one fraction of a field on a grid of any spacing.
    ///
    /// - Parameters:
    ///   - field: A field with a passive delivery.
    ///   - grid: Dose grid; voxels outside the image get no dose.
    ///   - threads: Threads to use; the result does not depend on it.
    ///   - progress: Called with the finished share, 0...1.
    /// - Throws: `PassiveBeamError`, what `depthTable` throws, or `CancellationError`.
    public func dose(
        of field: Field, grid: VolumeGeometry, threads: Int, progress: (Double) -> Void = { _ in }
    ) async throws -> DoseDistribution {
        let (a, b) = (images.geometry.frameOfReferenceUID, grid.frameOfReferenceUID)
        guard a == b else { throw PassiveBeamError.differentFrameOfReference(a, b) }
        guard let delivery = field.passive else { throw PassiveBeamError.notPassive(field: field.number) }
        let beam = try PassiveFieldBeam(
            delivery: delivery, nozzle: nozzle, ion: ion, biology: filterBiology, depthTable: depthTable)
        let geometry = FieldGeometry(
            field: field, patientPosition: patientPosition,
            sourceDistancesMM: SIMD2(repeating: beam.sourceDistanceMM))
        let zero = Volume<Float>(geometry: grid, repeating: 0)
        guard let window = beam.openRectangle else {
            return DoseDistribution(dose: zero, doseZStar: zero, doseLET: zero)
        }
        let margin = 2 * settings.rayPitchMM
        let rays = try await PassiveRays.trace(
            images: images,
            request: PassiveRays.Request(
                geometry: geometry, bolus: delivery.bolus, upstreamWaterMM: beam.upstreamWaterMM,
                residualRangeMM: beam.residualRangeMM, collimatorDistanceMM: nozzle.collimator.distanceMM,
                lowerMM: window.lower - margin, upperMM: window.upper + margin, settings: settings),
            threads: threads)
        progress(0.2)
        let sources = try await beam.sources(on: rays, settings: settings, threads: threads)
        progress(0.4)
        let pass = BroadBeamPass(
            geometry: geometry, rays: rays, beam: beam, sources: sources, grid: grid,
            collimatorDistanceMM: nozzle.collimator.distanceMM, cutSigma: settings.cutSigma)
        let planes = try await ParallelBatches.map(
            count: grid.dimensions.z, threads: threads,
            progress: { progress(0.4 + 0.6 * Double($0) / Double(grid.dimensions.z)) }
        ) { pass.plane($0) }
        return DoseDistribution(
            dose: Volume(geometry: grid, values: planes.flatMap { $0.map { $0[0] } }),
            doseZStar: Volume(geometry: grid, values: planes.flatMap { $0.map { $0[1] } }),
            doseLET: Volume(geometry: grid, values: planes.flatMap { $0.map { $0[2] } }))
    }
}

/// The beam of one field in numbers: a table and a fluence for each slice.
struct PassiveFieldBeam: Sendable {
    struct Slice: Sendable {
        var table: BroadBeamTable
        var fluence: WobbledFluence
        var opening: LeafOpening
        var particles: Double
    }
    let slices: [Slice]
    let sourceDistanceMM: Double
    /// σ_θ² at the collimator, mean over the slices by ions, rad².
    let angleVariance: Double
    let upstreamWaterMM: Double
    let residualRangeMM: Double

    init(
        delivery: PassiveDelivery, nozzle: PassiveNozzle, ion: Isotope, biology: BiologicalModel,
        depthTable: DepthTableSource
    ) throws {
        let line = try PassiveBeamLine(
            nozzle: nozzle, ion: ion,
            setting: PassiveBeamLine.setting(of: delivery, nozzle: nozzle), biology: biology,
            depthTable: depthTable)
        let filter = try line.ridgeFilter(widthMM: delivery.ridgeFilterWidthMM)
        var slices: [Slice] = []
        var (angle, total) = (0.0, 0.0)
        let thinnest = delivery.slices.map(\.rangeShifterMM).min() ?? 0
        let first = try line.passage(rangeShifterMM: thinnest, filter: filter)
        let residual = line.beam.rangeMM - first.waterMM
        for slice in delivery.slices where slice.particles > 0 {
            let passage = try line.passage(rangeShifterMM: slice.rangeShifterMM, filter: filter)
            slices.append(
                Slice(
                    table: try line.table(behind: passage, filter: filter, widthRangeMM: residual),
                    fluence: line.fluence(behind: passage), opening: slice.opening,
                    particles: slice.particles))
            angle += slice.particles * passage.angleAtCollimatorRad * passage.angleAtCollimatorRad
            total += slice.particles
        }
        self.slices = slices
        // One bundle of rays for all slices: that of the nozzle without range shifter, as in planning.
        sourceDistanceMM = line.open.sourceDistanceMM
        angleVariance = total > 0 ? angle / total : 0
        upstreamWaterMM = first.waterMM
        residualRangeMM = residual
    }

    /// The least rectangle at the isocentre plane around all openings; nil if everything is closed.
    var openRectangle: (lower: SIMD2<Double>, upper: SIMD2<Double>)? {
        var lower = SIMD2<Double>(repeating: .infinity)
        var upper = SIMD2<Double>(repeating: -.infinity)
        for slice in slices {
            for (pair, ends) in slice.opening.pairsMM.enumerated() where ends.y > ends.x {
                lower = pointwiseMin(lower, SIMD2(ends.x, slice.opening.boundariesMM[pair]))
                upper = pointwiseMax(upper, SIMD2(ends.y, slice.opening.boundariesMM[pair + 1]))
            }
        }
        return lower.x < upper.x ? (lower, upper) : nil
    }

    /// Width coefficient of a Gaussian at a depth, mean over the slices by dose.
    func widthCoefficient(_ term: LateralTerm, atWaterMM depth: Float) -> Float {
        var (sum, dose): (Float, Float) = (0, 0)
        for slice in slices {
            let row = slice.table.row(term, atWaterMM: depth)
            let weight = row[0] * Float(slice.particles / slices[0].particles)
            sum += weight * row[3]
            dose += weight
        }
        return dose > 0 ? sum / dose : slices[0].table.row(term, atWaterMM: depth)[3]
    }

    /// Dose that the squares around the rays send out, at each sample, by Gaussian.
    func sources(
        on rays: PassiveRays, settings: PassiveBeamSettings, threads: Int
    ) async throws -> [RaySources] {
        let pitch = rays.pitchMM
        // Ions per mm² that pass each ray, by slice.
        let weights = slices.map { slice in
            (0..<rays.rayCount).map { i -> Float in
                let uv = rays.ray(column: i % rays.columnCount, row: i / rays.columnCount)
                let open = slice.opening.openShare(centre: uv, size: SIMD2(repeating: pitch))
                guard open > 0 else { return 0 }
                return Float(
                    slice.particles * open * slice.fluence.perMM2(atMM: (uv * uv).sum().squareRoot()))
            }
        }
        let slices = self.slices
        return try await ParallelBatches.map(count: LateralTerm.allCases.count, threads: threads) { number in
            let term = LateralTerm.allCases[number]
            let stride = self.stride(of: term, on: rays, settings: settings)
            var sources = RaySources(rays: rays, term: term, stride: stride)
            for k in 0..<rays.depthCount {
                for i in 0..<rays.rayCount {
                    let sample = rays.samples[k * rays.rayCount + i]
                    var sum = SIMD4<Float>.zero
                    for (s, slice) in slices.enumerated() where weights[s][i] > 0 {
                        sum += weights[s][i] * slice.table.row(term, atWaterMM: sample[0])
                    }
                    if sum[0] > 0 {
                        sources.add(sum * (term == .primary ? sample[1] : sample[2]), ray: i, k: k)
                    }
                }
            }
            return sources
        }
    }

    /// How many rays may be joined for a Gaussian, from its least width in the patient.
    private func stride(of term: LateralTerm, on rays: PassiveRays, settings: PassiveBeamSettings) -> Int {
        guard term != .primary else { return 1 }
        var least = Float.infinity
        for k in Swift.stride(from: 0, to: rays.depthCount, by: 4) {
            for i in Swift.stride(from: 0, to: rays.rayCount, by: 7) {
                let sample = rays.samples[k * rays.rayCount + i]
                guard slices.contains(where: { $0.table.row(term, atWaterMM: sample[0])[0] > 0 }) else {
                    continue
                }
                least = min(least, widthCoefficient(term, atWaterMM: sample[0]) * sample[3])
            }
        }
        guard least.isFinite else { return 1 }
        return max(1, Int(settings.joinedPitchInSigma * Double(least).squareRoot() / rays.pitchMM))
    }
}

/// Dose per square of rays and sample, for one Gaussian: `[k][row][column]` of D, D z*, D LET, 0.
struct RaySources: Sendable {
    let term: LateralTerm
    let stride: Int
    let pitchMM: Double
    /// Lower edge of the first square, mm.
    let edgeMM: SIMD2<Double>
    let columnCount: Int
    let rowCount: Int
    private let rayColumns: Int
    private(set) var values: [SIMD4<Float>]
    private let share: Float

    init(rays: PassiveRays, term: LateralTerm, stride: Int) {
        self.term = term
        self.stride = stride
        pitchMM = rays.pitchMM * Double(stride)
        edgeMM = rays.firstMM - 0.5 * rays.pitchMM
        columnCount = (rays.columnCount + stride - 1) / stride
        rowCount = (rays.rowCount + stride - 1) / stride
        rayColumns = rays.columnCount
        share = 1 / Float(stride * stride)
        values = [SIMD4<Float>](repeating: .zero, count: columnCount * rowCount * rays.depthCount)
    }

    mutating func add(_ value: SIMD4<Float>, ray: Int, k: Int) {
        let (row, column) = ray.quotientAndRemainder(dividingBy: rayColumns)
        var value = value * share
        value[3] = 0
        values[(k * rowCount + row / stride) * columnCount + column / stride] += value
    }
}
