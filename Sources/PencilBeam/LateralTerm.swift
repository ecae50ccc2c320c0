import BeamData

/// One Gaussian of a beam's lateral shape: primaries have one, fragments a narrow and a wide one that share their dose.
enum LateralTerm: Int, Sendable, CaseIterable {
    case primary = 0
    case heavyNarrow, heavyWide, lightNarrow, lightWide

    /// Whose dose and biology it carries.
    var component: BeamComponent {
        switch self {
        case .primary: .primary
        case .heavyNarrow, .heavyWide: .heavyFragments
        case .lightNarrow, .lightWide: .lightFragments
        }
    }

    var isWide: Bool { self == .heavyWide || self == .lightWide }
}
