#if canImport(Glibc)
    import Glibc
#endif

/// Second moments of a beam in the transverse plane: 4 by 4, order x, px, y, py, m and rad.
///
///     Σ′ = M Σ Mᵀ;   thin scatterer: Σ₂₂ and Σ₄₄ += Θ²;   rotation of the frame by θ: Σ′ = R Σ Rᵀ
///
/// ## Checked by
/// `BeamMatrixTests`, `RotatingGantryTests`.
public struct BeamMatrix: Hashable, Sendable {
    /// Row by row.
    public var rows: [SIMD4<Double>]

    /// - Parameter rows: Rows of the matrix.
    init(rows: [SIMD4<Double>]) { self.rows = rows }

    /// An uncoupled beam, dispersion included: Σ_xx = ε β + (D σ_δ)² and so on.
    ///
    /// - Parameters:
    ///   - optics: Functions at the place.
    ///   - emittanceMRad: RMS emittances, m rad.
    ///   - momentumSpread: RMS of δ.
    public init(optics: OpticsPoint, emittanceMRad: SIMD2<Double>, momentumSpread: Double = 0) {
        rows = (0..<4).map { _ in SIMD4<Double>.zero }
        let spread = momentumSpread * momentumSpread
        for plane in 0..<2 {
            let i = 2 * plane
            let (d, slope) = (optics.dispersionM[plane], optics.dispersionSlope[plane])
            rows[i][i] = emittanceMRad[plane] * optics.betaM[plane] + d * d * spread
            rows[i][i + 1] = -emittanceMRad[plane] * optics.alpha[plane] + d * slope * spread
            rows[i + 1][i] = rows[i][i + 1]
            rows[i + 1][i + 1] = emittanceMRad[plane] * optics.gamma[plane] + slope * slope * spread
        }
    }

    /// σ of the beam, horizontal and vertical, m.
    public var sigmaM: SIMD2<Double> { SIMD2(rows[0][0].squareRoot(), rows[2][2].squareRoot()) }
    /// RMS angles, rad.
    public var divergenceRad: SIMD2<Double> { SIMD2(rows[1][1].squareRoot(), rows[3][3].squareRoot()) }
    /// Correlation of position and angle in each plane.
    public var correlation: SIMD2<Double> {
        SIMD2(
            rows[0][1] / (rows[0][0] * rows[1][1]).squareRoot(),
            rows[2][3] / (rows[2][2] * rows[3][3]).squareRoot())
    }
    /// RMS emittances of the planes seen alone, m rad.
    public var projectedEmittanceMRad: SIMD2<Double> {
        func area(_ i: Int) -> Double {
            max(0, rows[i][i] * rows[i + 1][i + 1] - rows[i][i + 1] * rows[i][i + 1]).squareRoot()
        }
        return SIMD2(area(0), area(2))
    }

    /// Behind a piece of lattice.
    ///
    /// - Parameter matrix: Its transfer matrix; coupling is kept.
    public func behind(_ matrix: TransferMatrix) -> BeamMatrix {
        transformed((0..<4).map { i in SIMD4(matrix[i, 0], matrix[i, 1], matrix[i, 2], matrix[i, 3]) })
    }

    /// Seen in a frame turned by an angle about the beam.
    ///
    /// - Parameter angleRad: Angle from x towards y.
    public func rotated(by angleRad: Double) -> BeamMatrix {
        let (c, s) = (cos(angleRad), sin(angleRad))
        return transformed([[c, 0, s, 0], [0, c, 0, s], [-s, 0, c, 0], [0, -s, 0, c]])
    }

    /// Behind a thin scatterer.
    ///
    /// - Parameter angleRad: RMS angle that it adds in each plane, rad.
    public func scattered(by angleRad: Double) -> BeamMatrix {
        var copy = self
        copy.rows[1][1] += angleRad * angleRad
        copy.rows[3][3] += angleRad * angleRad
        return copy
    }

    /// With the part that a momentum spread adds: Σ + σ_δ² D Dᵀ.
    ///
    /// - Parameters:
    ///   - dispersion: D_x, D_x′, D_y, D_y′, m and rad per δ.
    ///   - spread: RMS of δ.
    public func adding(dispersion: SIMD4<Double>, spread: Double) -> BeamMatrix {
        BeamMatrix(rows: (0..<4).map { rows[$0] + spread * spread * dispersion[$0] * dispersion })
    }

    /// The mean of the moments of several beams.
    ///
    /// - Parameter beams: At least one.
    public static func mean(_ beams: [BeamMatrix]) -> BeamMatrix {
        BeamMatrix(
            rows: (0..<4).map { i in
                beams.reduce(SIMD4<Double>.zero) { $0 + $1.rows[i] } / Double(max(1, beams.count))
            })
    }

    private func transformed(_ m: [SIMD4<Double>]) -> BeamMatrix {
        func dot(_ a: SIMD4<Double>, _ b: SIMD4<Double>) -> Double { (a * b).sum() }
        // Σ is symmetric: its rows are its columns.
        let left = m.map { row in
            SIMD4(dot(row, rows[0]), dot(row, rows[1]), dot(row, rows[2]), dot(row, rows[3]))
        }
        return BeamMatrix(
            rows: left.map { row in SIMD4(dot(row, m[0]), dot(row, m[1]), dot(row, m[2]), dot(row, m[3])) })
    }
}
