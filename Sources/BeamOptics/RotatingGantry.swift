#if canImport(Glibc)
    import Glibc
#endif

/// A gantry behind a fixed line: what reaches the isocentre at every angle.
///
/// The beam comes to the coupling point with the moments of the fixed line; the gantry, turned by θ, sees them turned by −θ. A slowly extracted beam is not round (its
/// horizontal emittance is what the septum cuts), so three schemes are known:
/// - `direct`: nothing is done; the spot changes with the angle;
/// - `scatterer`: a thin foil where β_y/β_x is right makes both emittances equal, and the line makes the functions equal: a round beam looks the same from every side;
/// - `rotator`: a line of phase advances 2π and π, turned by θ/2, maps the fixed line's planes onto those of the gantry.
///
/// ## Source
/// Furukawa & Noda, Nucl. Instrum. Methods A 565 (2006) 430 (scatterer); Benedikt & Carli, ibid. 430 (1999) 523 (rotator).
/// ## Checked by
/// `RotatingGantryTests`.
public struct RotatingGantry: Sendable {
    /// How the beam is made independent of the angle.
    public enum Matching: String, Sendable, Hashable, CaseIterable {
        case direct
        case scatterer
        case rotator
    }

    /// Transfer matrix from the coupling point to the isocentre, gantry frame.
    public let matrix: TransferMatrix

    /// - Parameter map: The gantry's line.
    public init(_ map: BeamLineMap) {
        var axis = BeamCoordinates(reference: map.reference)
        matrix = map.transferMatrix(about: &axis)
    }

    /// Moments at the isocentre, in the gantry's frame.
    ///
    /// - Parameters:
    ///   - beam: Moments at the coupling point in the fixed frame, behind the scatterer if there is one.
    ///   - angleRad: Angle of the gantry.
    ///   - matching: Scheme; `scatterer` only says that `beam` is round.
    public func atIsocentre(_ beam: BeamMatrix, angleRad: Double, matching: Matching) -> BeamMatrix {
        switch matching {
        case .direct, .scatterer: return beam.rotated(by: angleRad).behind(matrix)
        case .rotator:
            // In its own frame, half way between the two, the rotator is diag(1, −1).
            var rotator = TransferMatrix.identity
            rotator[2, 2] = -1
            rotator[3, 3] = -1
            let behind = beam.rotated(by: 0.5 * angleRad).behind(rotator)
            return behind.rotated(by: 0.5 * angleRad).behind(matrix)
        }
    }

    /// Greatest change of σ over the whole turn: largest over smallest less one, over both planes.
    ///
    /// - Parameters:
    ///   - beam: Moments at the coupling point.
    ///   - matching: Scheme.
    ///   - steps: Number of angles.
    public func variation(_ beam: BeamMatrix, matching: Matching, steps: Int = 72) -> Double {
        var (low, high) = (Double.infinity, 0.0)
        for step in 0..<steps {
            let sigma = atIsocentre(
                beam, angleRad: 2 * .pi * Double(step) / Double(steps), matching: matching
            ).sigmaM
            low = min(low, sigma.x, sigma.y)
            high = max(high, sigma.x, sigma.y)
        }
        return high / low - 1
    }

    /// Angle that a thin scatterer must add so that both emittances become equal.
    ///
    ///     ε′² = ε² + ε β Θ²   in each plane, so   Θ² = (ε_x² − ε_y²)/(ε_y β_y − ε_x β_x)
    ///
    /// - Parameters:
    ///   - emittanceMRad: RMS emittances in front of it, m rad.
    ///   - betaM: β at the scatterer, m.
    /// - Returns: RMS angle, rad, and the common emittance, m rad.
    /// - Throws: If no scatterer there makes them equal: the plane of the smaller emittance needs the larger ε β.
    public static func scatterer(
        emittanceMRad: SIMD2<Double>, betaM: SIMD2<Double>
    ) throws(BeamOpticsError) -> (angleRad: Double, emittanceMRad: Double) {
        let squares = emittanceMRad * emittanceMRad
        let products = emittanceMRad * betaM
        let angleSquared = (squares.x - squares.y) / (products.y - products.x)
        guard angleSquared.isFinite, angleSquared >= 0 else {
            throw .matching(
                "no scatterer at β \(betaM.x), \(betaM.y) m makes emittances \(emittanceMRad.x), \(emittanceMRad.y) m rad equal; put it where ε β is larger in the plane of the smaller emittance"
            )
        }
        return (angleSquared.squareRoot(), (squares.x + products.x * angleSquared).squareRoot())
    }
}
