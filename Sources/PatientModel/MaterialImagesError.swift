import Frames

/// Why the material images of a CT could not be made.
public enum MaterialImagesError: Error, Hashable, Sendable {
    /// What a structure was wanted for.
    public enum Role: String, Hashable, Sendable {
        case external = "external contour"
        case override = "override"
    }
    /// No structure of that name.
    case noSuchStructure(String, role: Role, existing: [String])
    /// A mask could not be made.
    case mask(StructureMaskError)
    /// A voxel's CT number is outside the conversion; `at` is its centre.
    case outsideCurve(
        conversion: String, hounsfield: Int, domain: ClosedRange<Int>, at: Point3<DICOMPatient>)
    /// The CT number of an override is outside the conversion.
    case overrideOutsideCurve(String, hounsfield: Int, domain: ClosedRange<Int>)
    /// Structures and image have different frames of reference.
    case anotherFrameOfReference(image: String, structures: String)
    /// More than 255 overrides.
    case tooManyOverrides(Int)
}

extension MaterialImagesError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .noSuchStructure(let name, let role, let existing):
            "there is no structure \(name) for the \(role.rawValue) (the set has "
                + (existing.isEmpty ? "none" : existing.joined(separator: ", "))
                + "); correct the name"
        case .mask(let error):
            error.description
        case .outsideCurve(let conversion, let hounsfield, let domain, let at):
            "\(hounsfield) HU at x \(at.x), y \(at.y), z \(at.z) mm is outside the calibration "
                + "\(conversion) (\(domain.lowerBound) to \(domain.upperBound) HU); extend the curve or "
                + "override the structure there"
        case .overrideOutsideCurve(let name, let hounsfield, let domain):
            "the override of \(name) to \(hounsfield) HU is outside the calibration "
                + "(\(domain.lowerBound) to \(domain.upperBound) HU); choose a CT number within"
        case .anotherFrameOfReference(let image, let structures):
            "image and structure set have different frames of reference (\(image) and \(structures)); "
                + "choose the structure set that was drawn on this image"
        case .tooManyOverrides(let count):
            "\(count) overrides are too many (at most 255); merge structures"
        }
    }
}
