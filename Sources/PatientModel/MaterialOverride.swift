/// A structure whose CT numbers are not to be believed, and what it is instead.
public struct MaterialOverride: Hashable, Sendable {
    /// What the voxels are taken to be.
    public enum Replacement: Hashable, Sendable {
        /// Tissue of that CT number.
        case hounsfield(Int)
        /// Water of unit density.
        case water
        /// Air.
        case air
    }
    public var structureName: String
    public var replacement: Replacement

    public init(structureName: String, replacement: Replacement) {
        self.structureName = structureName
        self.replacement = replacement
    }
}

/// What lies outside the external contour.
public enum OutsideExternal: String, Hashable, Sendable, CaseIterable {
    /// Air, whatever the CT shows (couch, head rest, mask).
    case air
    /// What the CT shows.
    case asImaged = "as-imaged"
}
