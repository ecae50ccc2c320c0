import FacilityModel
import IonPhysics

/// The width of a layer's spots along the beam before the patient widens them, and what of it the lattice of sub-beams may
/// carry.
struct SpotInAir: Sendable {
    /// σ² − 2 ρ σ θ z + θ² z² with z = −w, and the range shifter's scattering, as a polynomial in the depth w.
    let variance: VariancePolynomial
    /// The part of it that the shifter's scattering makes; 0 without one.
    let shifterVariance: VariancePolynomial
    private let sourceDistancesMM: SIMD2<Double>

    init(
        _ size: Nozzle.SpotSize, shifter: RangeShifter?, nozzleWaterMM: Double, tables: LayerTables,
        sourceDistancesMM: SIMD2<Double>
    ) throws(PencilBeamError) {
        let theta = size.divergenceMrad * 1e-3
        let shifterVariance =
            if let shifter {
                try Self.variance(behind: shifter, nozzleWaterMM: nozzleWaterMM, tables: tables)
            } else { VariancePolynomial() }
        self.shifterVariance = shifterVariance
        self.sourceDistancesMM = sourceDistancesMM
        variance =
            VariancePolynomial(
                c0: size.sigmaMM * size.sigmaMM, c1: 2 * size.correlation * size.sigmaMM * theta,
                c2: theta * theta) + shifterVariance
    }

    /// Scattering of the primaries in a range shifter, seen at depth w: Fermi-Eyges moments that drift, times the least
    /// width coefficient σ²_table/V_w behind it. What the coefficient is more than that at a depth is added on the rays.
    private static func variance(
        behind shifter: RangeShifter, nozzleWaterMM: Double, tables: LayerTables
    ) throws(PencilBeamError) -> VariancePolynomial {
        let moments = try FermiEygesMoments(
            behind: shifter, nozzleWaterMM: nozzleWaterMM, scattering: tables.scattering)
        let rows = tables.rows[LateralTerm.primary.rawValue]
        let upstream = nozzleWaterMM + shifter.waterEquivalentThicknessMM
        let first = min(Int(upstream / Double(tables.stepMM)), rows.count - 1)
        let coefficient = Double(rows[first...].map { $0[3] }.min() ?? 0)
        // variance + 2 covariance (w − w₀) + angle (w − w₀)² in powers of w, w₀ the shifter's downstream face.
        let w0 = -shifter.isocentreDistanceMM
        return coefficient
            * VariancePolynomial(
                c0: SIMD2(
                    repeating: moments.variance - 2 * w0 * moments.covariance + w0 * w0 * moments.angle),
                c1: SIMD2(repeating: 2 * (moments.covariance - w0 * moments.angle)),
                c2: SIMD2(repeating: moments.angle))
    }

    /// Least variance along the rays as seen from the isocentre plane, σ²(w)/(1 + w/S)², mm².
    func narrowest(along rays: RayTables) -> SIMD2<Double> {
        var narrowest = SIMD2<Double>(repeating: .infinity)
        for k in 0..<rays.depthCount {
            let w = rays.startMM + Double(k) * rays.stepMM
            let m = rays.geometry.magnification(depthMM: w)
            narrowest = pointwiseMin(narrowest, variance.value(at: w) / (m * m))
        }
        return narrowest
    }

    /// Variance in air of sub-beams when the lattice weights carry `carried` at the isocentre plane.
    func subBeam(carrying carried: SIMD2<Double>) -> VariancePolynomial {
        let s = sourceDistancesMM
        return variance
            + (-1) * VariancePolynomial(c0: carried, c1: 2 * carried / s, c2: carried / (s * s))
    }
}

extension FermiEygesMoments {
    /// The moments at the downstream face of a range shifter.
    init(
        behind shifter: RangeShifter, nozzleWaterMM: Double, scattering: PrimaryScattering
    ) throws(PencilBeamError) {
        self.init()
        let plate = try ShifterPlate(shifter)
        let slices = max(1, Int(shifter.waterEquivalentThicknessMM.rounded(.up)))
        let water = shifter.waterEquivalentThicknessMM / Double(slices)
        for slice in 0..<slices {
            let d = nozzleWaterMM + (Double(slice) + 0.5) * water
            pass(
                power: plate.properties.scatteringRatio * scattering.power(atWaterDepthMM: d),
                lengthMM: plate.thicknessMM / Double(slices))
        }
    }
}
