/// One nucleus or nucleon that leaves a collision, momentum along the axes of the projectile's direction (z).
@frozen
public struct Ejectile: Sendable, Hashable {
    /// Charge number.
    public var chargeNumber: Int32
    /// Mass number.
    public var massNumber: Int32
    /// From the projectile (true) or from the target.
    public var isProjectileLike: Bool
    /// Emitted in a violent collision; of use while it is sampled.
    var isViolent = false
    /// Rest energy, MeV.
    public var restEnergyMeV: Double
    /// Energy and momentum in the laboratory, MeV.
    public var momentum: FourVector

    /// Kinetic energy of the whole particle, MeV.
    public var kineticEnergyMeV: Double { momentum.energy - restEnergyMeV }
}
