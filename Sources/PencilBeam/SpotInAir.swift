import FacilityModel

/// The width of a layer's spots in air along the beam, and what of it the lattice of sub-beams may carry.
struct SpotInAir: Sendable {
    /// σ² − 2 ρ σ θ z + θ² z² with z = −w, as a polynomial in the depth w.
    let variance: VariancePolynomial
    /// Least variance along the rays as seen from the isocentre plane, σ²(w)/(1 + w/S)², mm².
    let narrowest: SIMD2<Double>
    private let sourceDistancesMM: SIMD2<Double>

    init(_ size: Nozzle.SpotSize, rays: RayTables) {
        let theta = size.divergenceMrad * 1e-3
        variance = VariancePolynomial(
            c0: size.sigmaMM * size.sigmaMM, c1: 2 * size.correlation * size.sigmaMM * theta,
            c2: theta * theta)
        sourceDistancesMM = rays.geometry.sourceDistancesMM
        var narrowest = SIMD2<Double>(repeating: .infinity)
        for k in 0..<rays.depthCount {
            let w = rays.startMM + Double(k) * rays.stepMM
            let m = rays.geometry.magnification(depthMM: w)
            narrowest = pointwiseMin(narrowest, variance.value(at: w) / (m * m))
        }
        self.narrowest = narrowest
    }

    /// Variance in air of sub-beams when the lattice weights carry `carried` at the isocentre plane.
    func subBeam(carrying carried: SIMD2<Double>) -> VariancePolynomial {
        let s = sourceDistancesMM
        return variance
            + (-1) * VariancePolynomial(c0: carried, c1: 2 * carried / s, c2: carried / (s * s))
    }
}
