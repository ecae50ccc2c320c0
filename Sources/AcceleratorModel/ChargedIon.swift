import IonPhysics
import Quantities

/// An ion of one charge state as an accelerator handles it.
///
/// The mass of the electrons that it still has is added to that of the nucleus; their binding (below 1 keV for carbon) is not.
///
/// ## Checked by
/// `ChargedIonTests`: rigidities and frequencies of published rings.
public struct ChargedIon: Hashable, Sendable {
    /// Speed of light, m/s.
    public static let speedOfLightMPerS = 299_792_458.0
    /// Elementary charge, C.
    public static let elementaryChargeC = 1.602176634e-19

    public let isotope: Isotope
    /// Charge, elementary charges.
    public let chargeState: Int
    /// Rest energy, MeV.
    public let restEnergyMeV: Double

    /// - Parameters:
    ///   - isotope: Which nucleus.
    ///   - chargeState: Charge in elementary charges; nil for the bare nucleus.
    /// - Throws: If the mass is not known or the charge is not possible.
    public init(_ isotope: Isotope, chargeState: Int? = nil) throws(AcceleratorError) {
        let charge = chargeState ?? isotope.atomicNumber
        guard (1...max(1, isotope.atomicNumber)).contains(charge) else { throw .chargeState(charge, isotope) }
        let nucleus: Double
        do { nucleus = try Ion(isotope).restEnergyMeV } catch { throw .ion(isotope) }
        self.isotope = isotope
        self.chargeState = charge
        restEnergyMeV =
            nucleus + Double(isotope.atomicNumber - charge) * PhysicalConstants.electronMassMeV
    }

    /// Motion at a kinetic energy, MeV per nucleon.
    ///
    /// - Precondition: not negative.
    public func motion(energyMeVPerNucleon energy: Double) -> IonMotion {
        let kinematics = Kinematics(
            kineticEnergyMeV: energy * Double(isotope.massNumber), restEnergyMeV: restEnergyMeV)
        return IonMotion(ion: self, momentumMeV: kinematics.momentumMeV)
    }

    /// Motion at a magnetic rigidity, T m: p c = Bρ q e c.
    public func motion(rigidityTM rigidity: Double) -> IonMotion {
        IonMotion(ion: self, momentumMeV: rigidity * Double(chargeState) * Self.speedOfLightMPerS * 1e-6)
    }
}

/// One ion in motion.
///
///     Bρ = p/(q e),   f = β c/C
///
/// ## Checked by
/// `ChargedIonTests`.
public struct IonMotion: Hashable, Sendable {
    public let ion: ChargedIon
    /// p c of the whole ion, MeV.
    public let momentumMeV: Double

    /// Total energy, MeV.
    public var totalEnergyMeV: Double {
        (momentumMeV * momentumMeV + ion.restEnergyMeV * ion.restEnergyMeV).squareRoot()
    }
    /// Kinetic energy, MeV per nucleon; p²c²/(E + Mc²) keeps its digits at low energy.
    public var energyMeVPerNucleon: Double {
        momentumMeV * momentumMeV / (totalEnergyMeV + ion.restEnergyMeV) / Double(ion.isotope.massNumber)
    }
    public var beta: Double { momentumMeV / totalEnergyMeV }
    public var gamma: Double { totalEnergyMeV / ion.restEnergyMeV }
    /// Magnetic rigidity Bρ, T m.
    public var rigidityTM: Double {
        momentumMeV * 1e6 / (ChargedIon.speedOfLightMPerS * Double(ion.chargeState))
    }
    /// Speed, m/s.
    public var speedMPerS: Double { beta * ChargedIon.speedOfLightMPerS }

    /// Revolutions per second on an orbit of that length, m.
    public func revolutionFrequencyHz(circumferenceM: Double) -> Double { speedMPerS / circumferenceM }
}
