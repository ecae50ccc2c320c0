#if canImport(Glibc)
    import Glibc
#endif

/// Courant-Snyder functions and dispersion at one place.
public struct OpticsPoint: Hashable, Sendable {
    /// Along the orbit, m.
    public var positionM: Double
    /// β, m, horizontal and vertical.
    public var betaM: SIMD2<Double>
    /// α = −β′/2.
    public var alpha: SIMD2<Double>
    /// Phase advance from the start, in units of 2π.
    public var phase: SIMD2<Double>
    /// Dispersion dx/dδ, dy/dδ, m.
    public var dispersionM: SIMD2<Double>
    /// dpx/dδ, dpy/dδ.
    public var dispersionSlope: SIMD2<Double>
    /// Orbit about which all this is, x and y, m.
    public var orbitM: SIMD2<Double>

    /// - Parameters:
    ///   - positionM: Along the orbit, m.
    ///   - betaM: β, m.
    ///   - alpha: α.
    ///   - phase: Phase advance from the start over 2π.
    ///   - dispersionM: D, m.
    ///   - dispersionSlope: D′.
    ///   - orbitM: Orbit, m.
    public init(
        positionM: Double = 0, betaM: SIMD2<Double>, alpha: SIMD2<Double>, phase: SIMD2<Double> = .zero,
        dispersionM: SIMD2<Double> = .zero, dispersionSlope: SIMD2<Double> = .zero,
        orbitM: SIMD2<Double> = .zero
    ) {
        self.positionM = positionM
        self.betaM = betaM
        self.alpha = alpha
        self.phase = phase
        self.dispersionM = dispersionM
        self.dispersionSlope = dispersionSlope
        self.orbitM = orbitM
    }

    /// γ = (1 + α²)/β, 1/m.
    public var gamma: SIMD2<Double> { (alpha * alpha + 1) / betaM }

    /// RMS width of a beam, m: σ² = ε β + (D σ_δ)².
    ///
    /// - Parameters:
    ///   - emittance: RMS emittances, horizontal and vertical, m rad.
    ///   - momentumSpread: RMS of δ.
    public func sigmaM(emittance: SIMD2<Double>, momentumSpread: Double) -> SIMD2<Double> {
        let chromatic = dispersionM * momentumSpread
        return (emittance * betaM + chromatic * chromatic).squareRoot()
    }
}

/// Linear optics of a ring or beam line, uncoupled.
///
/// One-turn matrix from the derivatives of the exact map; with M of a plane and cos μ = (M₁₁ + M₂₂)/2
///
///     β = M₁₂/sin μ,  α = (M₁₁ − M₂₂)/(2 sin μ),  (1 − M) D = M₁₆
///
/// and through the elements β₂ = (M₁₁β₁ − M₁₂α₁)² /β₁ + M₁₂²/β₁, tan Δμ = M₁₂/(M₁₁β₁ − M₁₂α₁).
///
/// ## Source
/// Courant & Snyder, Ann. Phys. 3 (1958) 1.
/// ## Checked by
/// `PIMMSOpticsTests`: the ring of PIMMS against MAD-X and Xsuite.
public struct LinearOptics: Sendable {
    /// At the start and behind each element.
    public var points: [OpticsPoint]
    /// One turn of a ring about its closed orbit, or the whole line.
    public var matrix: TransferMatrix
    /// Tunes with their integers; of a line the phase advances over 2π.
    public var tunes: SIMD2<Double> { points[points.count - 1].phase }
    /// Momentum compaction α_c = (dC/C)/dδ; nil for a line.
    public var momentumCompaction: Double?
    /// Energy over rest energy at which revolution does not depend on momentum; nil if α_c ≤ 0 or for a line.
    public var transitionGamma: Double? {
        guard let momentumCompaction, momentumCompaction > 0 else { return nil }
        return 1 / momentumCompaction.squareRoot()
    }
    /// Greatest β along the lattice, at the ends of elements, m.
    public var greatestBetaM: SIMD2<Double> {
        points.reduce(SIMD2(repeating: 0)) { SIMD2(max($0.x, $1.betaM.x), max($0.y, $1.betaM.y)) }
    }
    /// Greatest |D|, m.
    public var greatestDispersionM: SIMD2<Double> {
        points.reduce(SIMD2(repeating: 0)) {
            SIMD2(max($0.x, abs($1.dispersionM.x)), max($0.y, abs($1.dispersionM.y)))
        }
    }

    /// Optics of a ring on its closed orbit.
    ///
    /// - Parameters:
    ///   - map: The ring.
    ///   - delta: Momentum deviation at which it is seen.
    /// - Throws: If there is no closed orbit, motion is unstable, or the planes are coupled.
    public static func ring(_ map: BeamLineMap, delta: Double = 0) throws(BeamOpticsError) -> LinearOptics {
        let orbit = try map.closedOrbit(delta: delta)
        var end = orbit
        let turn = map.transferMatrix(about: &end)
        let coupling = [
            turn[0, 2], turn[0, 3], turn[1, 2], turn[1, 3], turn[2, 0], turn[2, 1], turn[3, 0], turn[3, 1],
        ]
        .reduce(0) { max($0, abs($1)) }
        guard coupling < 1e-8 else { throw .coupled(coupling) }
        var (beta, alpha) = (SIMD2<Double>.zero, SIMD2<Double>.zero)
        var (dispersion, slope) = (SIMD2<Double>.zero, SIMD2<Double>.zero)
        for plane in 0..<2 {
            let i = 2 * plane
            let half = 0.5 * (turn[i, i] + turn[i + 1, i + 1])
            guard abs(half) < 1 else { throw .unstable(plane: plane == 0 ? "x" : "y", halfTrace: half) }
            let sine = (1 - half * half).squareRoot() * (turn[i, i + 1] < 0 ? -1 : 1)
            beta[plane] = turn[i, i + 1] / sine
            alpha[plane] = (turn[i, i] - turn[i + 1, i + 1]) / (2 * sine)
            guard
                let d = SmallLinearSystem.solve(
                    [[1 - turn[i, i], -turn[i, i + 1]], [-turn[i + 1, i], 1 - turn[i + 1, i + 1]]],
                    [turn[i, 5], turn[i + 1, 5]])
            else { throw .unstable(plane: plane == 0 ? "x" : "y", halfTrace: half) }
            (dispersion[plane], slope[plane]) = (d[0], d[1])
        }
        let start = OpticsPoint(
            positionM: 0, betaM: beta, alpha: alpha, phase: .zero, dispersionM: dispersion,
            dispersionSlope: slope,
            orbitM: SIMD2(orbit.x, orbit.y))
        var optics = line(map, from: start, orbit: orbit)
        // ζ of a particle on the dispersion orbit after one turn is C − path β₀/β: −C η.
        let slip =
            turn[4, 5] + turn[4, 0] * dispersion.x + turn[4, 1] * slope.x + turn[4, 2] * dispersion.y
            + turn[4, 3] * slope.y
        let gamma = map.reference.gamma
        optics.momentumCompaction = -slip / map.lengthM + 1 / (gamma * gamma)
        return optics
    }

    /// Optics of a beam line from given functions at its start.
    ///
    /// - Parameters:
    ///   - map: The line.
    ///   - start: Functions at the start.
    ///   - orbit: Trajectory at the start; nil for the axis.
    public static func line(
        _ map: BeamLineMap, from start: OpticsPoint, orbit: BeamCoordinates<Double>? = nil
    ) -> LinearOptics {
        var point = orbit ?? BeamCoordinates(reference: map.reference)
        var points = [start]
        var whole = TransferMatrix.identity
        var here = start
        var position = start.positionM
        for element in 0..<(map.firstStep.count - 1) {
            let matrix = map.transferMatrix(about: &point, elements: element..<(element + 1))
            whole = matrix.after(whole)
            position += map.elementLengthsM[element]
            here = here.behind(matrix, positionM: position, orbitM: SIMD2(point.x, point.y))
            points.append(here)
        }
        return LinearOptics(points: points, matrix: whole, momentumCompaction: nil)
    }

    /// The functions at a place: those behind the element before it.
    ///
    /// - Parameter element: Index of the element that begins there.
    public func before(element: Int) -> OpticsPoint { points[element] }
}

extension OpticsPoint {
    /// The functions behind a piece of lattice.
    func behind(_ matrix: TransferMatrix, positionM: Double, orbitM: SIMD2<Double>) -> OpticsPoint {
        var next = self
        next.positionM = positionM
        next.orbitM = orbitM
        for plane in 0..<2 {
            let i = 2 * plane
            let (m11, m12, m21, m22) = (
                matrix[i, i], matrix[i, i + 1], matrix[i + 1, i], matrix[i + 1, i + 1]
            )
            let (beta, alpha, gamma) = (betaM[plane], self.alpha[plane], gamma[plane])
            let reduced = m11 * beta - m12 * alpha
            next.betaM[plane] = (reduced * reduced + m12 * m12) / beta
            next.alpha[plane] = -m11 * m21 * beta + (m11 * m22 + m12 * m21) * alpha - m12 * m22 * gamma
            var advance = atan2(m12, reduced) / (2 * .pi)
            if advance < -1e-9 { advance += 1 }
            next.phase[plane] += max(0, advance)
            next.dispersionM[plane] = m11 * dispersionM[plane] + m12 * dispersionSlope[plane] + matrix[i, 5]
            next.dispersionSlope[plane] =
                m21 * dispersionM[plane] + m22 * dispersionSlope[plane] + matrix[i + 1, 5]
        }
        return next
    }
}
