#if canImport(Glibc)
    import Glibc
#endif

/// The stable triangle of a ring near a third-integer tune, by Kobayashi's Hamiltonian of one virtual sextupole.
///
///     S e^{3iφ} = Σ ½ β_x^{3/2} k₂l e^{3iψ},   ε = 6π (Q − Q_res)
///     area = 48√3 π² (δQ/S)²,   distance of its sides from the centre h = 4π |δQ|/S
///
/// in normalised coordinates X = x/√β, X′ = (α x + β x′)/√β, so h is in m^½ and the area in m rad (that of the emittance times π).
///
/// ## Source
/// Kobayashi, Nucl. Instrum. Methods 83 (1970) 77; PIMMS, CERN/PS 1999-010 DI, section 3.
/// ## Checked by
/// `SeparatrixTests`: against tracking, to 1 % in the limit of small distance from the resonance.
public struct Separatrix: Sendable {
    /// Amount of the virtual sextupole, m^{-1/2}.
    public var strength: Double
    /// Phase of the virtual sextupole from the start of the lattice, rad, within 0...2π/3.
    public var phaseRad: Double
    /// Q − Q_res.
    public var tuneDistance: Double

    /// - Parameters:
    ///   - strength: Amount of the virtual sextupole, m^{-1/2}.
    ///   - phaseRad: Its phase from the start, rad.
    ///   - tuneDistance: Q − Q_res.
    public init(strength: Double, phaseRad: Double = 0, tuneDistance: Double) {
        self.strength = strength
        self.phaseRad = phaseRad
        self.tuneDistance = tuneDistance
    }

    /// The triangle of a ring at a momentum.
    ///
    /// - Parameters:
    ///   - lattice: Ring with its sextupoles.
    ///   - optics: Its optics (at the momentum of interest).
    ///   - resonance: Resonant tune, for example 5/3.
    /// - Throws: If the lattice has no sextupole that drives the resonance.
    public init(_ lattice: Lattice, optics: LinearOptics, resonance: Double) throws(BeamOpticsError) {
        var (real, imaginary) = (0.0, 0.0)
        for (index, element) in lattice.elements.enumerated() {
            let integrated: Double
            switch element.kind {
            case .sextupole(let k2): integrated = k2 * element.lengthM
            case .multipole(_, let k2l): integrated = k2l
            default: continue
            }
            // Functions in the middle: β of the ends' mean is good to the square of the short length.
            let (before, behind) = (optics.points[index], optics.points[index + 1])
            let beta = 0.5 * (before.betaM.x + behind.betaM.x)
            let psi = 3 * .pi * (before.phase.x + behind.phase.x)
            let amount = 0.5 * beta * beta.squareRoot() * integrated
            real += amount * cos(psi)
            imaginary += amount * sin(psi)
        }
        let total = (real * real + imaginary * imaginary).squareRoot()
        guard total > 0 else { throw .matching("no sextupole drives the resonance \(resonance)") }
        strength = total
        phaseRad = atan2(imaginary, real) / 3
        tuneDistance = optics.tunes.x - resonance
    }

    /// Distance of the sides from the centre, normalised, m^½.
    public var sideDistance: Double { 4 * .pi * abs(tuneDistance) / strength }
    /// Area of the stable triangle, normalised, m rad.
    public var area: Double { 3 * 3.0.squareRoot() * sideDistance * sideDistance }
    /// Emittance (area over π) of the triangle, m rad.
    public var emittance: Double { area / .pi }
    /// Gain in normalised position over three turns along the outgoing arm (spiral step), m^½.
    ///
    /// - Parameter amplitude: Normalised distance along the arm from the corner's side, m^½.
    public func spiralStep(amplitude: Double) -> Double {
        0.75 * strength * amplitude * amplitude + 3 * 3.0.squareRoot() * .pi * abs(tuneDistance) * amplitude
    }
}
