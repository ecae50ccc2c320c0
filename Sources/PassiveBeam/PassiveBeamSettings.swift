/// Numerical settings of passive planning and dose. They trade accuracy for time.
public struct PassiveBeamSettings: Hashable, Sendable {
    /// Distance of rays at the isocentre plane for dose, mm.
    public var rayPitchMM = 2.0
    /// Distance of the samples along a ray, mm.
    public var depthStepMM = 1.0
    /// Multiple of its width to which a Gaussian is followed.
    public var cutSigma = 3.5
    /// Rays are joined for a Gaussian as long as they stay closer than this share of its least width.
    public var joinedPitchInSigma = 0.6
    /// Distance of the rays on which a target's depths are looked for, mm at the isocentre plane.
    public var targetPitchMM = 1.0
    /// Distance of a bolus's lattice points at the isocentre plane, mm.
    public var bolusPitchMM = 2.0

    public init() {}
}
