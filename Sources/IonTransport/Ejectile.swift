/// One nucleus or nucleon that leaves a collision, momentum along the axes of the projectile's direction (z).
@frozen
public struct Ejectile: Sendable, Hashable {
    /// Charge number.
    public var chargeNumber: Int32
    /// Mass number.
    public var massNumber: Int32
    /// From the projectile (true) or from the target.
    public var isProjectileLike: Bool
    /// Rest energy, MeV.
    public var restEnergyMeV: Double
    /// Energy and momentum in the laboratory, MeV.
    public var momentum: FourVector

    /// Kinetic energy of the whole particle, MeV.
    public var kineticEnergyMeV: Double { momentum.energy - restEnergyMeV }
}

/// What a collision did with energy; the sampled ejectiles stand in the scratch buffer.
@frozen
public struct CollisionOutcome: Sendable, Hashable {
    /// Number of ejectiles; 0 if no final state was found and nothing happens.
    public var count: Int
    /// Excitation energy left, which goes away as gammas, MeV.
    public var gammaMeV: Double
    /// Rest energy made minus rest energy destroyed (binding paid), MeV.
    public var bindingMeV: Double
}
