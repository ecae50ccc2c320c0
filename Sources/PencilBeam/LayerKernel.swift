import BeamData
import FacilityModel
import PlanModel

#if canImport(Glibc)
    import Glibc
#endif

/// All that the dose passes need of one energy layer of a field.
final class LayerKernel: Sendable {
    /// Which lattice, grid and Gaussians a pass computes: what is narrow, what spreads over some millimetres, or over
    /// centimetres.
    enum Part: Int, Sendable, CaseIterable { case core = 0, halo, wide }

    let tables: LayerTables
    /// The Gaussians of each part that carry dose in any layer of the field, in the order of the kernels' components.
    let terms: [[LateralTerm]]
    private let kernels: [BeamKernel]
    private let lattices: [SpotLattice]
    private let sigmas: [[Float]]
    private let heights: [[Float]]
    /// Greatest dose of one ion's spot in water, Gy: what the influence cut refers to.
    let referenceDoseGy: Float
    /// Number of the layer's first spot in the plan.
    let firstSpot: Int

    func terms(_ part: Part) -> [LateralTerm] { terms[part.rawValue] }
    func kernel(_ part: Part) -> BeamKernel { kernels[part.rawValue] }
    func spots(_ part: Part) -> SpotLattice { lattices[part.rawValue] }
    /// Standard deviation of a part of a whole spot at each spread sample, mm at that depth.
    func spotSigmaMM(_ part: Part) -> [Float] { sigmas[part.rawValue] }
    /// Greatest dose of one ion's spot with these widths, Gy.
    func spotHeight(_ part: Part) -> [Float] { heights[part.rawValue] }

    /// - Parameters:
    ///   - bundles: The rays of each part.
    ///   - subBeamVariance: Variance of the sub-beams at the isocentre plane on each lattice, mm².
    ///   - terms: The Gaussians of each part that carry dose in any layer of the field.
    ///   - heightCut: The core ends where its dose on the axis is below this share of the greatest; 0 for none.
    init(
        layer: EnergyLayer, firstSpot: Int, tables: LayerTables,
        terms: [[LateralTerm]], air: SpotInAir,
        rays: RayTables,
        bundles: [RayBundle], subBeamVariance: [SIMD2<Double>], heightCut: Double,
        settings: PencilBeamSettings
    ) throws(PencilBeamError) {
        self.tables = tables
        self.firstSpot = firstSpot
        self.terms = terms
        let axis = Self.heights(tables: tables, airVariance: air.variance.c0)
        referenceDoseGy = axis.max() ?? 0
        let least = Float(heightCut) * referenceDoseGy
        let last = axis.lastIndex { $0 > least } ?? 0
        let cutEndMM = Float(last + 1) * tables.stepMM

        let spread = try Self.spread(rays: rays, scattering: tables.scattering)
        var kernels: [BeamKernel] = []
        var lattices: [SpotLattice] = []
        var sigmas: [[Float]] = []
        let narrowest = air.narrowest(along: rays)
        for part in Part.allCases {
            let bundle = bundles[part.rawValue]
            let carried = narrowest - subBeamVariance[part.rawValue]
            let own = air.subBeam(carrying: carried)
            let spots = SpotLattice(
                spots: layer.spots, firstSpot: firstSpot, latticeU: bundle.latticeU,
                latticeV: bundle.latticeV, weightVariance: carried)
            var widest = [Float](repeating: 0, count: spread.count)
            let components = terms[part.rawValue].map { term -> ComponentKernel in
                let end =
                    part == .core
                    ? min(tables.endMM[term.rawValue], cutEndMM) : tables.endMM[term.rawValue]
                return Self.component(
                    term, tables: tables, endMM: end, bundle: bundle, rays: rays, spread: spread,
                    own: own, shifterVariance: air.shifterVariance,
                    cutSigma: settings.cutSigma(term.component), widest: &widest)
            }
            kernels.append(
                BeamKernel(
                    components: components, ownVariance: own, usedU: spots.usedU, usedV: spots.usedV))
            lattices.append(spots)
            sigmas.append(
                widest.indices.map { s in
                    let w = rays.startMM + Double(s * RayTables.spreadStride) * rays.stepMM
                    return (Float(air.variance.value(at: w).max()) + widest[s]).squareRoot()
                })
        }
        self.kernels = kernels
        self.lattices = lattices
        self.sigmas = sigmas
        self.heights = Part.allCases.map { part in
            let greatest =
                tables.rows[0].indices.map { i in
                    terms[part.rawValue].reduce(0) { $0 + tables.rows[$1.rawValue][i][0] }
                }.max() ?? 0
            return sigmas[part.rawValue].map { greatest / (2 * .pi * $0 * $0) }
        }
    }

    /// One Gaussian on a lattice; `widest` takes the greatest variance that any adds.
    private static func component(
        _ term: LateralTerm, tables: LayerTables, endMM: Float, bundle: RayBundle, rays: RayTables,
        spread: (values: [Float], count: Int), own: VariancePolynomial,
        shifterVariance: VariancePolynomial, cutSigma: Double,
        widest: inout [Float]
    ) -> ComponentKernel {
        let (n, count) = (spread.count, bundle.rayCount)
        var greatest = [Float](repeating: 0, count: n)
        func depth(_ s: Int) -> Double {
            rays.startMM + Double(s * RayTables.spreadStride) * rays.stepMM
        }
        // What lies in air, or where hardly anything is left of the component, does not decide how far to look.
        let rows = tables.rows[term.rawValue]
        let share: Float = term == .primary ? 1e-3 : 0.02
        let least = share * (rows.map { $0[0] }.max() ?? 0)
        let densest = Float(0.05 * rays.stepMM)
        let added = FixedBuffer<Float>(repeating: 0, count: n * count) { added in
            for (ray, source) in bundle.traced.enumerated() {
                for s in 0..<n {
                    // Both axes have the same.
                    let counted = Float(shifterVariance.value(at: depth(s)).x)
                    let at = source * rays.depthCount + s * RayTables.spreadStride
                    let sample = rays.samples[at]
                    let isAir = s > 0 && sample[0] - rays.samples[at - 1][0] < densest
                    let row = tables.row(term, atWaterDepthMM: sample[0])
                    let value =
                        max(
                            0,
                            row[3] * (term == .primary ? spread.values[source * n + s] : sample[3])
                                - counted)
                    added[s * count + ray] = value
                    if sample[0] < endMM && row[0] >= least && !isAir {
                        greatest[s] = max(greatest[s], value)
                    }
                }
            }
        }
        let reach = greatest.indices.map { s -> Float in
            let w = rays.startMM + Double(s * RayTables.spreadStride) * rays.stepMM
            return Float(cutSigma) * (Float(own.value(at: w).max()) + greatest[s]).squareRoot()
        }
        for s in greatest.indices { widest[s] = max(widest[s], greatest[s]) }
        let table = FixedBuffer<SIMD4<Float>>(repeating: .zero, count: rows.count) { table in
            for (i, row) in rows.enumerated() { table[i] = SIMD4(row[0], row[1], row[2], 0) }
        }
        return ComponentKernel(
            table: table, rowsPerRay: 0, rowCount: rows.count, stepMM: tables.stepMM, endMM: endMM,
            added: added, cutSigma: Float(cutSigma), reachMM: reach)
    }

    /// V of equation 9 along each ray, `[ray][s]`, at every `RayTables.spreadStride`-th sample.
    private static func spread(
        rays: RayTables, scattering: PrimaryScattering
    ) throws(PencilBeamError) -> (values: [Float], count: Int) {
        let stride = RayTables.spreadStride
        let count = (rays.depthCount - 1) / stride + 1
        var start = FermiEygesMoments()
        if let shifter = rays.shifter {
            start = try FermiEygesMoments(
                behind: shifter, nozzleWaterMM: rays.upstreamWaterMM - shifter.waterEquivalentThicknessMM,
                scattering: scattering)
            start.pass(power: 0, lengthMM: rays.startMM + shifter.isocentreDistanceMM)
        }
        var values: [Float] = []
        values.reserveCapacity(rays.rayCount * count)
        let n = rays.depthCount
        for ray in 0..<rays.rayCount {
            var moments = start
            values.append(Float(moments.variance))
            for k in 0..<(n - 1) {
                let ratio = Double(rays.scattering[ray * (n - 1) + k])
                let d = 0.5 * Double(rays.samples[ray * n + k][0] + rays.samples[ray * n + k + 1][0])
                moments.pass(
                    power: ratio * scattering.power(atWaterDepthMM: d), lengthMM: rays.stepMM)
                if (k + 1) % stride == 0 { values.append(Float(moments.variance)) }
            }
        }
        return (values, count)
    }

    /// Dose on the axis of one ion's spot of the size at the isocentre plane in water, for each row of the table.
    private static func heights(tables: LayerTables, airVariance: SIMD2<Double>) -> [Float] {
        tables.rows[0].indices.map { i in
            let d = Double(i) * Double(tables.stepMM)
            func row(_ term: LateralTerm) -> SIMD4<Float> { tables.rows[term.rawValue][i] }
            func height(_ row: SIMD4<Float>, _ model: Double) -> Double {
                let v = airVariance + Double(row[3]) * model
                return Double(row[0]) / (2 * .pi * (v.x * v.y).squareRoot())
            }
            return Float(
                height(row(.primary), tables.scattering.varianceInWater(depthMM: d))
                    + height(row(.heavyNarrow), d * d / 3))
        }
    }
}
