import IonPhysics
import Quantities

/// The particle that the lattice is made for: ion and kinetic energy.
///
///     Bρ = P₀/(q e),   f_rev = β₀ c/C
///
/// ## Checked by
/// `ReferenceParticleTests`: rigidities and frequencies of published rings.
public struct ReferenceParticle: Hashable, Sendable {
    /// Speed of light, m/s.
    public static let speedOfLightMPerS = 299_792_458.0

    /// Which nucleus.
    public let isotope: Isotope
    /// Charge of the ion, elementary charges; Z if it is bare.
    public let chargeState: Int
    /// Kinetic energy, MeV per nucleon.
    public let energyMeVPerNucleon: Double
    /// Rest energy, MeV.
    public let restEnergyMeV: Double
    public let beta: Double
    public let gamma: Double
    /// P₀ c, MeV.
    public let momentumMeV: Double

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
        let charge = chargeState ?? isotope.atomicNumber
        guard (1...max(1, isotope.atomicNumber)).contains(charge) else {
            throw .chargeState(charge, isotope)
        }
        let ion: Ion
        do { ion = try Ion(isotope) } catch { throw .ion(isotope) }
        self.isotope = isotope
        self.chargeState = charge
        self.energyMeVPerNucleon = energyMeVPerNucleon
        restEnergyMeV =
            ion.restEnergyMeV + Double(isotope.atomicNumber - charge) * PhysicalConstants.electronMassMeV
        let kinematics = Kinematics(
            kineticEnergyMeV: energyMeVPerNucleon * Double(isotope.massNumber), restEnergyMeV: restEnergyMeV)
        beta = kinematics.beta
        gamma = kinematics.gamma
        momentumMeV = kinematics.momentumMeV
    }

    /// The same ion at another energy.
    ///
    /// - Parameter energy: Kinetic energy, MeV per nucleon.
    public func at(energyMeVPerNucleon energy: Double) throws(BeamOpticsError) -> ReferenceParticle {
        try ReferenceParticle(isotope: isotope, chargeState: chargeState, energyMeVPerNucleon: energy)
    }

    /// Total energy, MeV.
    public var totalEnergyMeV: Double { restEnergyMeV * gamma }
    /// Magnetic rigidity Bρ, T m.
    public var rigidityTM: Double {
        momentumMeV * 1e6 / (Self.speedOfLightMPerS * Double(chargeState))
    }
    /// Speed, m/s.
    public var speedMPerS: Double { beta * Self.speedOfLightMPerS }

    /// Revolutions per second on a closed orbit.
    ///
    /// - Parameter circumferenceM: Length of the orbit, m.
    public func revolutionFrequencyHz(circumferenceM: Double) -> Double { speedMPerS / circumferenceM }
}
