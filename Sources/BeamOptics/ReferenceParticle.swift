import IonPhysics
import Quantities

/// The particle that the lattice is made for: an ion in motion, which is never at rest.
///
/// ## Checked by
/// `ReferenceParticleTests`: rigidities and frequencies of published rings.
public struct ReferenceParticle: Hashable, Sendable {
    /// Ion and motion.
    public let motion: IonMotion

    /// A bare nucleus, or one that still has electrons (their mass is added, their binding is not).
    ///
    /// - Parameters:
    ///   - isotope: Which nucleus.
    ///   - chargeState: Charge in elementary charges; nil for the bare nucleus.
    ///   - energyMeVPerNucleon: Kinetic energy over the mass number, MeV.
    /// - Throws: If the mass of the isotope is not known, or the energy or charge is not possible.
    public init(isotope: Isotope, chargeState: Int? = nil, energyMeVPerNucleon: Double)
        throws(BeamOpticsError)
    {
        guard energyMeVPerNucleon > 0, energyMeVPerNucleon.isFinite else {
            throw .energy(energyMeVPerNucleon)
        }
        do {
            motion = try ChargedIon(isotope, chargeState: chargeState)
                .motion(energyMeVPerNucleon: energyMeVPerNucleon)
        } catch { throw .ion(error) }
    }

    /// The same ion at another energy.
    ///
    /// - Parameter energy: Kinetic energy, MeV per nucleon.
    public func at(energyMeVPerNucleon energy: Double) throws(BeamOpticsError) -> ReferenceParticle {
        try ReferenceParticle(isotope: isotope, chargeState: chargeState, energyMeVPerNucleon: energy)
    }

    /// Which nucleus.
    public var isotope: Isotope { motion.ion.isotope }
    /// Charge of the ion, elementary charges; Z if it is bare.
    public var chargeState: Int { motion.ion.chargeState }
    /// Rest energy, MeV.
    public var restEnergyMeV: Double { motion.ion.restEnergyMeV }
    /// Kinetic energy, MeV per nucleon.
    public var energyMeVPerNucleon: Double { motion.energyMeVPerNucleon }
    public var beta: Double { motion.beta }
    public var gamma: Double { motion.gamma }
    /// P₀ c, MeV.
    public var momentumMeV: Double { motion.momentumMeV }
    /// Total energy, MeV.
    public var totalEnergyMeV: Double { motion.totalEnergyMeV }
    /// Magnetic rigidity Bρ, T m.
    public var rigidityTM: Double { motion.rigidityTM }
    /// Speed, m/s.
    public var speedMPerS: Double { motion.speedMPerS }

    /// Revolutions per second on a closed orbit.
    ///
    /// - Parameter circumferenceM: Length of the orbit, m.
    public func revolutionFrequencyHz(circumferenceM: Double) -> Double {
        motion.revolutionFrequencyHz(circumferenceM: circumferenceM)
    }
}
