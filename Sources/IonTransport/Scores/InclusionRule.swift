/// Where a particle that deposits energy comes from.
public enum ParticleOrigin: Int32, Sendable, CaseIterable {
    /// An ion of the beam that has not reacted.
    case primary = 0
    /// What a reaction makes of the moving nucleus, and all that comes from it.
    case projectileFragment = 1
    /// What a reaction makes of the struck nucleus, and all that comes from it.
    case targetFragment = 2
}

/// Which particles an average such as LETd counts; it must be stated with every value.
public enum InclusionRule: String, Sendable, CaseIterable {
    /// All charged particles that are followed; heavy recoils that stop where they are made are left out.
    case all
    /// All charged particles and the heavy recoils, these with the mean over their slowing down.
    case allWithRecoils = "all-with-recoils"
    /// Ions of the beam that have not reacted.
    case primaries
    /// Primaries and all fragments of the beam's charge number (for protons: all hydrogen).
    case beamCharge = "beam-charge"
    /// Primaries and fragments of the moving nuclei: nothing that was struck out of the target.
    case noTargetFragments = "no-target-fragments"
    /// Nuclei with Z ≥ 2.
    case heavierThanHydrogen = "heavier-than-hydrogen"

    /// Whether a particle counts.
    ///
    /// - Parameters:
    ///   - isRecoil: It is a recoil that stops where it is made.
    public func includes(
        origin: ParticleOrigin, chargeNumber: Int, isRecoil: Bool, beamChargeNumber: Int
    ) -> Bool {
        guard !isRecoil else { return self == .allWithRecoils }
        return switch self {
        case .all, .allWithRecoils: true
        case .primaries: origin == .primary
        case .beamCharge: chargeNumber == beamChargeNumber
        case .noTargetFragments: origin != .targetFragment
        case .heavierThanHydrogen: chargeNumber >= 2
        }
    }

    /// What a header of a file says about it.
    public var explanation: String {
        switch self {
        case .all:
            "all charged particles that are followed, without heavy recoils that stop where they are made"
        case .allWithRecoils:
            "all charged particles and the heavy recoils with the mean over their slowing down"
        case .primaries: "ions of the beam that have not reacted"
        case .beamCharge: "primaries and all fragments of the beam's charge number"
        case .noTargetFragments: "primaries and fragments of moving nuclei, nothing struck out of the target"
        case .heavierThanHydrogen: "nuclei with Z >= 2"
        }
    }
}
