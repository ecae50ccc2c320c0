import Quantities

/// A fully stripped ion with its rest energy: the thing whose kinematics is asked for.
public struct Ion: Hashable, Sendable {
    /// Which nucleus.
    public let isotope: Isotope
    /// Rest energy M c² of the bare nucleus, MeV.
    public let restEnergyMeV: Double

    /// The ion of `isotope`, refused if its mass is not in the table.
    public init(_ isotope: Isotope) throws(IonPhysicsError) {
        self.isotope = isotope
        restEnergyMeV = try NuclearMass.restEnergyMeV(of: isotope)
    }

    init(isotope: Isotope, restEnergyMeV: Double) {
        self.isotope = isotope
        self.restEnergyMeV = restEnergyMeV
    }

    /// Charge number Z.
    public var chargeNumber: Int { isotope.atomicNumber }
    /// Mass number A.
    public var massNumber: Int { isotope.massNumber }

    /// Kinematics at a kinetic energy per nucleon (total kinetic energy over the integer A).
    public func kinematics(energyMeVPerNucleon: Double) -> Kinematics {
        Kinematics(
            kineticEnergyMeV: energyMeVPerNucleon * Double(massNumber), restEnergyMeV: restEnergyMeV)
    }
}

/// Relativistic kinematics of one particle.
///
///     γ = 1 + T/Mc²,  (βγ)² = τ(τ + 2) with τ = T/Mc²,  pc = Mc² βγ,  p v = T (τ + 2)/(τ + 1)
///
/// ## Checked by
/// `KinematicsTests`.
@frozen
public struct Kinematics: Hashable, Sendable {
    /// Kinetic energy of the whole particle, MeV.
    public let kineticEnergyMeV: Double
    /// Rest energy, MeV.
    public let restEnergyMeV: Double

    /// - Precondition: kinetic energy ≥ 0, rest energy > 0.
    @inlinable public init(kineticEnergyMeV: Double, restEnergyMeV: Double) {
        self.kineticEnergyMeV = kineticEnergyMeV
        self.restEnergyMeV = restEnergyMeV
    }

    /// Lorentz factor γ.
    @inlinable public var gamma: Double { 1 + kineticEnergyMeV / restEnergyMeV }
    /// (βγ)², exact also at low energy.
    @inlinable public var betaGammaSquared: Double {
        let tau = kineticEnergyMeV / restEnergyMeV
        return tau * (tau + 2)
    }
    /// β² = v²/c².
    @inlinable public var betaSquared: Double {
        let gamma = gamma
        return betaGammaSquared / (gamma * gamma)
    }
    /// β = v/c.
    @inlinable public var beta: Double { betaSquared.squareRoot() }
    /// Momentum times c of the whole particle, MeV.
    @inlinable public var momentumMeV: Double { restEnergyMeV * betaGammaSquared.squareRoot() }
    /// Momentum times velocity p v of the whole particle, MeV.
    @inlinable public var momentumVelocityMeV: Double {
        let tau = kineticEnergyMeV / restEnergyMeV
        return kineticEnergyMeV * (tau + 2) / (tau + 1)
    }
}
