import IonPhysics
import Quantities

/// What an ion needs of a ring at an energy.
///
///     Bρ = p/(q e),   f = β c/C,   f_RF = h f
///
/// The ion may still have electrons: their mass is added to that of the nucleus, their binding is not.
///
/// ## Checked by
/// `RingKinematicsTests`: published rigidities and frequencies of HIMAC and of the 63 m ring.
public struct RingKinematics: Hashable, Sendable {
    /// Speed of light, m/s.
    public static let speedOfLightMPerS = 299_792_458.0

    public let isotope: Isotope
    /// Charge of the ion, elementary charges.
    public let chargeState: Int
    public let circumferenceM: Double
    private let restEnergyMeV: Double

    /// An ion in a ring.
    ///
    /// - Parameters:
    ///   - isotope: Which nucleus.
    ///   - chargeState: Charge in elementary charges, 1 to Z; nil for the bare nucleus.
    ///   - circumferenceM: Length of the orbit, m.
    /// - Throws: If the mass of the isotope is not known.
    /// - Precondition: charge 1 to Z.
    public init(isotope: Isotope, chargeState: Int? = nil, circumferenceM: Double) throws(IonPhysicsError) {
        let charge = chargeState ?? isotope.atomicNumber
        precondition((1...isotope.atomicNumber).contains(charge))
        self.isotope = isotope
        self.chargeState = charge
        self.circumferenceM = circumferenceM
        restEnergyMeV =
            try Ion(isotope).restEnergyMeV
            + Double(isotope.atomicNumber - charge) * PhysicalConstants.electronMassMeV
    }

    private func kinematics(_ energyMeVPerNucleon: Double) -> Kinematics {
        Kinematics(
            kineticEnergyMeV: energyMeVPerNucleon * Double(isotope.massNumber), restEnergyMeV: restEnergyMeV)
    }

    /// Speed over that of light.
    public func beta(energyMeVPerNucleon energy: Double) -> Double { kinematics(energy).beta }

    /// Magnetic rigidity, T m.
    public func rigidityTM(energyMeVPerNucleon energy: Double) -> Double {
        kinematics(energy).momentumMeV * 1e6 / (Self.speedOfLightMPerS * Double(chargeState))
    }

    /// Revolutions per second, MHz.
    public func revolutionMHz(energyMeVPerNucleon energy: Double) -> Double {
        kinematics(energy).beta * Self.speedOfLightMPerS / circumferenceM * 1e-6
    }
}
