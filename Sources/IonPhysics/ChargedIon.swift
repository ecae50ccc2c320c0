import Quantities

/// An ion of one charge state, as accelerators and beam lines handle it.
///
/// The mass of the electrons that it still has is added to that of the nucleus; their binding (below 1 keV for carbon) is not.
///
/// ## Checked by
/// `ChargedIonTests`: rigidities and frequencies of published rings.
public struct ChargedIon: Hashable, Sendable {
    public let isotope: Isotope
    /// Charge, elementary charges.
    public let chargeState: Int
    /// Rest energy, MeV.
    public let restEnergyMeV: Double

    /// - Parameters:
    ///   - isotope: Which nucleus.
    ///   - chargeState: Charge in elementary charges, 1 to Z; nil for the bare nucleus.
    /// - Throws: If the mass is not known or the charge is not possible.
    public init(_ isotope: Isotope, chargeState: Int? = nil) throws(IonPhysicsError) {
        let charge = chargeState ?? isotope.atomicNumber
        guard (1...max(1, isotope.atomicNumber)).contains(charge) else {
            throw .impossibleCharge(charge, isotope)
        }
        self.isotope = isotope
        self.chargeState = charge
        restEnergyMeV =
            try Ion(isotope).restEnergyMeV
            + Double(isotope.atomicNumber - charge) * PhysicalConstants.electronMassMeV
    }

    /// Motion at a kinetic energy, MeV per nucleon.
    ///
    /// - Precondition: not negative.
    public func motion(energyMeVPerNucleon energy: Double) -> IonMotion {
        precondition(energy >= 0)
        return IonMotion(ion: self, energyMeVPerNucleon: energy)
    }

    /// Motion at a magnetic rigidity, T m: p c = Bρ q e c.
    public func motion(rigidityTM rigidity: Double) -> IonMotion {
        IonMotion(
            ion: self,
            momentumMeV: rigidity * Double(chargeState) * PhysicalConstants.speedOfLightMPerS * 1e-6)
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
    /// Kinetic energy, MeV per nucleon.
    public let energyMeVPerNucleon: Double
    /// p c of the whole ion, MeV.
    public let momentumMeV: Double
    public let beta: Double
    public let gamma: Double

    init(ion: ChargedIon, energyMeVPerNucleon energy: Double) {
        let kinematics = Kinematics(
            kineticEnergyMeV: energy * Double(ion.isotope.massNumber), restEnergyMeV: ion.restEnergyMeV)
        self.ion = ion
        energyMeVPerNucleon = energy
        momentumMeV = kinematics.momentumMeV
        beta = kinematics.beta
        gamma = kinematics.gamma
    }

    /// p²c²/(E + Mc²) for the kinetic energy keeps its digits where that is low.
    init(ion: ChargedIon, momentumMeV momentum: Double) {
        let rest = ion.restEnergyMeV
        let total = (momentum * momentum + rest * rest).squareRoot()
        self.ion = ion
        energyMeVPerNucleon = momentum * momentum / (total + rest) / Double(ion.isotope.massNumber)
        momentumMeV = momentum
        beta = momentum / total
        gamma = total / rest
    }

    /// Total energy, MeV.
    public var totalEnergyMeV: Double { ion.restEnergyMeV * gamma }
    /// Magnetic rigidity Bρ, T m.
    public var rigidityTM: Double {
        momentumMeV * 1e6 / (PhysicalConstants.speedOfLightMPerS * Double(ion.chargeState))
    }
    /// Speed, m/s.
    public var speedMPerS: Double { beta * PhysicalConstants.speedOfLightMPerS }

    /// Revolutions per second on an orbit of that length, m.
    public func revolutionFrequencyHz(circumferenceM: Double) -> Double { speedMPerS / circumferenceM }
}
