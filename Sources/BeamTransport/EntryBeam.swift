import BeamOptics

/// The beam where a line begins: behind the extraction septum.
///
/// Emittances are stated at one energy. Those that acceleration damps go as 1/(βγ); those that the extraction sets at every energy alike are constant:
///
///     ε(E) = ε(E₀) (βγ)₀/(βγ)   or   ε(E) = ε(E₀)
///
/// ## Checked by
/// `EntryBeamTests`.
public struct EntryBeam: Hashable, Sendable {
    /// How an emittance goes with energy.
    public enum Scaling: String, CaseIterable, Hashable, Sendable {
        /// As 1/(βγ).
        case damped
        case constant
    }

    /// Ion, and the energy at which the emittances are stated.
    public var reference: ReferenceParticle
    /// Functions and dispersion at the start, the same at every energy.
    public var optics: OpticsPoint
    /// RMS emittances at the energy of `reference`, horizontal and vertical, m rad.
    public var emittanceMRad: SIMD2<Double>
    /// Horizontal and vertical.
    public var scaling: [Scaling]
    /// RMS of δ.
    public var momentumSpread: Double

    /// - Parameters:
    ///   - reference: Ion, and the energy at which the emittances are stated.
    ///   - optics: Functions and dispersion at the start.
    ///   - emittanceMRad: RMS emittances, m rad.
    ///   - scaling: How each goes with energy: horizontal, vertical.
    ///   - momentumSpread: RMS of δ.
    /// - Throws: If a figure is not possible.
    public init(
        reference: ReferenceParticle, optics: OpticsPoint, emittanceMRad: SIMD2<Double>, scaling: [Scaling],
        momentumSpread: Double
    ) throws(BeamTransportError) {
        guard emittanceMRad.x > 0, emittanceMRad.y > 0, optics.betaM.x > 0, optics.betaM.y > 0,
            momentumSpread >= 0, scaling.count == 2
        else {
            throw .line("emittances and functions at the start are positive, each emittance has a scaling")
        }
        self.reference = reference
        self.optics = optics
        self.emittanceMRad = emittanceMRad
        self.scaling = scaling
        self.momentumSpread = momentumSpread
    }

    /// RMS emittances at an energy, m rad.
    ///
    /// - Parameter energy: Kinetic energy, MeV per nucleon.
    public func emittanceMRad(energyMeVPerNucleon energy: Double) throws(BeamTransportError) -> SIMD2<Double>
    {
        let there: ReferenceParticle
        do { there = try reference.at(energyMeVPerNucleon: energy) } catch { throw .optics(error) }
        let damping = reference.beta * reference.gamma / (there.beta * there.gamma)
        return emittanceMRad
            * SIMD2(scaling[0] == .damped ? damping : 1, scaling[1] == .damped ? damping : 1)
    }
}
