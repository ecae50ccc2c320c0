import BeamData

/// One Gaussian of a beam's lateral shape: primaries have one, fragments a narrow and a wide one that share their dose.
package enum LateralTerm: Int, Sendable, CaseIterable {
    case primary = 0
    case heavyNarrow, heavyWide, lightNarrow, lightWide

    /// Whose dose and biology it carries.
    package var component: BeamComponent {
        switch self {
        case .primary: .primary
        case .heavyNarrow, .heavyWide: .heavyFragments
        case .lightNarrow, .lightWide: .lightFragments
        }
    }

    package var isWide: Bool { self == .heavyWide || self == .lightWide }
}
