import BeamData

/// Numerical settings of the pencil-beam engine. They trade accuracy for time; none is a physics parameter
/// except the nuclear mean free path.
public struct PencilBeamSettings: Hashable, Sendable {
    /// Greatest distance of neighbouring sub-beams at the isocentre, mm. Smaller spots make it finer.
    public var rayPitchMM = 2.0
    /// Distance of the samples along a ray, mm.
    public var depthStepMM = 1.0
    /// Primaries of a sub-beam are followed to this multiple of their width: 0.15 % of them go farther, less in
    /// truth because voxels are taken by bricks.
    public var primaryCutSigma = 3.6
    /// Fragments with Z ≥ 3 of a sub-beam are followed to this multiple of their width.
    public var heavyCutSigma = 3.2
    /// Light fragments of a sub-beam are followed to this multiple of their width.
    public var haloCutSigma = 3.7
    /// Layers whose ranges differ by less than this are merged for the dose of a plan, mm of water: one ray then
    /// has one depth dose and the dose-weighted mean width of all of them.
    public var mergedRangeMM = 30.0
    /// A component of a beam ends where its laterally integrated dose is below this share of the beam's greatest.
    public var tailCut = 2e-5
    /// Greatest spacing of the grid on which light fragments are computed and then interpolated, mm.
    public var haloSpacingMM = 4.0
    /// The same for the wide Gaussians of fragments, mm.
    public var wideSpacingMM = 8.0
    /// Entries of the influence matrix below this share of their spot's greatest dose in water are dropped.
    public var influenceCut = 3e-4
    /// The same for light fragments, which have few entries because of their coarse grid.
    public var haloInfluenceCut = 3e-5
    /// Mean free path λ_w of the primaries in water for the nuclear correction of tissue, mm.
    ///
    /// ## Source
    /// Inaniwa et al., Phys. Med. Biol. 60 (2015) 5565: nuclear effective density; all reactions of ¹²C.
    public var nuclearMeanFreePathMM = 205.0

    public init() {}

    func cutSigma(_ component: BeamComponent) -> Double {
        switch component {
        case .primary: primaryCutSigma
        case .heavyFragments: heavyCutSigma
        case .lightFragments: haloCutSigma
        }
    }

    /// Throws `PencilBeamError.invalidSetting` for a value that is not positive and finite.
    func validate() throws(PencilBeamError) {
        let all = [
            ("rayPitchMM", rayPitchMM), ("depthStepMM", depthStepMM), ("primaryCutSigma", primaryCutSigma),
            ("heavyCutSigma", heavyCutSigma), ("haloCutSigma", haloCutSigma),
            ("mergedRangeMM", mergedRangeMM), ("haloSpacingMM", haloSpacingMM),
            ("wideSpacingMM", wideSpacingMM),
            ("tailCut", tailCut), ("influenceCut", influenceCut), ("haloInfluenceCut", haloInfluenceCut),
            ("nuclearMeanFreePathMM", nuclearMeanFreePathMM),
        ]
        for (name, value) in all where !(value > 0 && value.isFinite) {
            throw .invalidSetting(name: name, value: value)
        }
    }
}
