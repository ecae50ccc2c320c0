import BeamData
import FacilityModel
import PlanModel

#if canImport(Glibc)
    import Glibc
#endif

/// All that the dose kernels need of one energy layer of a field.
///
/// A class, so that passing it around in the kernels' loops counts one reference and not one for each array.
final class LayerKernel: Sendable {
    /// Which lattice and components a pass computes.
    enum Part: Sendable { case core, halo }

    let tables: LayerTables
    /// Depth beyond which primaries and heavy fragments are left out, mm.
    let coreEndMM: Float
    /// Variance in air at depth w of the spot: c₀ + c₁ w + c₂ w², mm², x and y.
    let airVariance: (SIMD2<Double>, SIMD2<Double>, SIMD2<Double>)
    /// Variance that the lattice weights carry at the isocentre plane, for the two lattices, mm².
    let coreWeightVariance: SIMD2<Double>
    let haloWeightVariance: SIMD2<Double>
    let coreSpots: SpotLattice
    let haloSpots: SpotLattice
    /// V of equation 9 of the primaries per ray and every `spreadStride`-th sample.
    let spread: [Float]
    let spreadCount: Int
    /// Reach of a sub-beam at each of these samples, mm at that depth.
    let coreReachMM: [Float]
    let haloReachMM: [Float]
    /// Standard deviation of a whole spot's core and halo at each of these samples, mm at that depth.
    let coreSpotSigmaMM: [Float]
    let haloSpotSigmaMM: [Float]
    /// Greatest dose of one ion's spot with these widths, Gy.
    let coreSpotHeight: [Float]
    let haloSpotHeight: [Float]
    /// Greatest dose of one ion's spot in water, Gy: what the influence cut refers to.
    let referenceDoseGy: Float
    /// Number of the layer's first spot in the plan.
    let firstSpot: Int

    /// Samples of depth between entries of `spread`.
    static let spreadStride = 4

    /// Variance of the sub-beam's own width in air at depth w.
    func subBeamVariance(_ part: Part, depthMM w: Double, magnification m: SIMD2<Double>) -> SIMD2<Double> {
        let air = airVariance.0 + w * airVariance.1 + w * w * airVariance.2
        return air - (part == .core ? coreWeightVariance : haloWeightVariance) * m * m
    }

    init(
        layer: EnergyLayer, firstSpot: Int, tables: LayerTables, spotSize: Nozzle.SpotSize,
        rays: RayTables, haloStride: Int, heightCut: Double, settings: PencilBeamSettings
    ) throws(PencilBeamError) {
        self.tables = tables
        self.firstSpot = firstSpot
        let air = Self.airVariance(spotSize)
        airVariance = air

        // The narrowest the spot gets, seen from the isocentre plane, sets what the lattice may carry.
        var narrowest = SIMD2<Double>(repeating: .infinity)
        for k in 0..<rays.depthCount {
            let w = rays.startMM + Double(k) * rays.stepMM
            let m = rays.geometry.magnification(depthMM: w)
            narrowest = pointwiseMin(narrowest, (air.0 + w * air.1 + w * w * air.2) / (m * m))
        }
        func carried(_ stride: Double) -> SIMD2<Double> {
            SIMD2(
                narrowest.x
                    - SubBeamLattice.subBeamVariance(
                        spot: narrowest.x, pitchMM: stride * rays.latticeU.pitchMM),
                narrowest.y
                    - SubBeamLattice.subBeamVariance(
                        spot: narrowest.y, pitchMM: stride * rays.latticeV.pitchMM))
        }
        coreWeightVariance = carried(1)
        haloWeightVariance = carried(Double(haloStride))
        coreSpots = SpotLattice(
            spots: layer.spots, firstSpot: firstSpot, latticeU: rays.latticeU, latticeV: rays.latticeV,
            weightVariance: coreWeightVariance)
        haloSpots = SpotLattice(
            spots: layer.spots, firstSpot: firstSpot,
            latticeU: rays.latticeU.coarsened(by: haloStride),
            latticeV: rays.latticeV.coarsened(by: haloStride), weightVariance: haloWeightVariance)

        let heights = Self.heights(tables: tables, airVariance: air.0)
        referenceDoseGy = heights.max() ?? 0
        let least = Float(heightCut) * referenceDoseGy
        let last = heights.lastIndex { $0 > least } ?? 0
        let coreEnd = min(tables.coreEndMM, Float(last + 1) * tables.stepMM)
        coreEndMM = coreEnd

        let spread = try Self.spread(rays: rays, scattering: tables.scattering)
        self.spread = spread.values
        spreadCount = spread.count

        var reach = (core: [Float](), halo: [Float](), coreSpot: [Float](), haloSpot: [Float]())
        for s in 0..<spread.count {
            let k = s * Self.spreadStride
            let w = rays.startMM + Double(k) * rays.stepMM
            let m = rays.geometry.magnification(depthMM: w)
            // The widest sub-beam of those that still have range.
            var added = SIMD3<Float>(0, 0, 0)
            for ray in 0..<rays.rayCount {
                let sample = rays.samples[ray * rays.depthCount + k]
                let coefficients = tables.widthCoefficients(atWaterDepthMM: sample[0])
                if sample[0] < tables.primaryEndMM {
                    added.x = max(added.x, coefficients.x * spread.values[ray * spread.count + s])
                }
                if sample[0] < coreEnd { added.y = max(added.y, coefficients.y * sample[3]) }
                if sample[0] < tables.haloEndMM { added.z = max(added.z, coefficients.z * sample[3]) }
            }
            let airVariance = (air.0 + w * air.1 + w * w * air.2).max()
            let coreOwn = airVariance - (coreWeightVariance * m * m).min()
            let haloOwn = airVariance - (haloWeightVariance * m * m).min()
            let primary = (coreOwn + Double(added.x)).squareRoot()
            let heavy = (coreOwn + Double(added.y)).squareRoot()
            let light = (haloOwn + Double(added.z)).squareRoot()
            reach.core.append(Float(max(settings.coreCutSigma * primary, 3 * heavy)))
            reach.halo.append(Float(settings.haloCutSigma * light))
            reach.coreSpot.append(Float((airVariance + Double(max(added.x, added.y))).squareRoot()))
            reach.haloSpot.append(Float((airVariance + Double(added.z)).squareRoot()))
        }
        coreReachMM = reach.core
        haloReachMM = reach.halo
        coreSpotSigmaMM = reach.coreSpot
        haloSpotSigmaMM = reach.haloSpot
        let greatestCore = tables.core.map { $0[0] + $0[4] }.max() ?? 0
        let greatestHalo = tables.halo.map { $0[0] }.max() ?? 0
        coreSpotHeight = coreSpotSigmaMM.map { greatestCore / (2 * .pi * $0 * $0) }
        haloSpotHeight = haloSpotSigmaMM.map { greatestHalo / (2 * .pi * $0 * $0) }
    }

    /// σ² − 2 ρ σ θ z + θ² z² with z = −w as a polynomial in w.
    private static func airVariance(
        _ size: Nozzle.SpotSize
    ) -> (SIMD2<Double>, SIMD2<Double>, SIMD2<Double>) {
        let theta = size.divergenceMrad * 1e-3
        return (
            size.sigmaMM * size.sigmaMM, 2 * size.correlation * size.sigmaMM * theta, theta * theta
        )
    }

    /// V of equation 9 along each ray, at every `spreadStride`-th sample.
    private static func spread(
        rays: RayTables, scattering: PrimaryScattering
    ) throws(PencilBeamError) -> (values: [Float], count: Int) {
        let count = (rays.depthCount - 1) / spreadStride + 1
        var start = FermiEygesMoments()
        if let shifter = rays.shifter {
            let material = try ShifterMaterial.named(shifter.material)
            let nozzle = rays.upstreamWaterMM - shifter.waterEquivalentThicknessMM
            let slices = max(1, Int(shifter.waterEquivalentThicknessMM.rounded(.up)))
            let water = shifter.waterEquivalentThicknessMM / Double(slices)
            for slice in 0..<slices {
                let d = nozzle + (Double(slice) + 0.5) * water
                start.pass(
                    power: material.scatteringRatio * scattering.power(atWaterDepthMM: d),
                    lengthMM: water / material.stoppingPowerRatio)
            }
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
                if (k + 1) % spreadStride == 0 { values.append(Float(moments.variance)) }
            }
        }
        return (values, count)
    }

    /// Dose on the axis of one ion's spot of the size at the isocentre plane in water, for each row of the table.
    private static func heights(tables: LayerTables, airVariance: SIMD2<Double>) -> [Float] {
        tables.core.enumerated().map { i, row in
            let d = Double(i) * Double(tables.stepMM)
            let primary = Double(row[3]) * tables.scattering.varianceInWater(depthMM: d)
            let heavy = Double(row[7]) * d * d / 3
            func height(_ dose: Float, _ variance: Double) -> Double {
                let v = airVariance + variance
                return Double(dose) / (2 * .pi * (v.x * v.y).squareRoot())
            }
            return Float(height(row[0], primary) + height(row[4], heavy))
        }
    }
}

extension SubBeamLattice {
    /// Every `stride`-th point.
    func coarsened(by stride: Int) -> SubBeamLattice {
        SubBeamLattice(
            pitchMM: pitchMM * Double(stride), startMM: startMM, count: (count - 1) / stride + 1)
    }
}
