/// Why no mask could be made of a structure.
public enum StructureMaskError: Error, Hashable, Sendable {
    /// The structure has no contour.
    case noContours(structure: String)
    /// A contour has fewer than three points.
    case tooFewPoints(structure: String, contour: Int, zMM: Double, count: Int)
    /// A coordinate is not a number or farther than 10 m from the origin.
    case impossibleCoordinate(structure: String, contour: Int)
    /// The same polygon twice in one plane: by the even-odd rule they would cancel.
    case repeatedContour(structure: String, zMM: Double)
    /// No part of the structure lies in the grid.
    case outsideGrid(structure: String)
}

extension StructureMaskError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .noContours(let name):
            "structure \(name) has no contour (nothing was drawn); draw it or take it out of the plan"
        case .tooFewPoints(let name, let contour, let z, let count):
            "contour \(contour) of structure \(name) at z = \(z) mm has \(count) points "
                + "(a polygon needs three); correct the structure set"
        case .impossibleCoordinate(let name, let contour):
            "contour \(contour) of structure \(name) has a coordinate that is not a number or beyond 10 m; "
                + "correct the structure set"
        case .repeatedContour(let name, let z):
            "structure \(name) has the same contour twice at z = \(z) mm (the even-odd rule would "
                + "make a hole of it); delete one of them"
        case .outsideGrid(let name):
            "structure \(name) lies outside the grid (no voxel would belong to it); "
                + "enlarge the grid or check that image and structure set belong together"
        }
    }
}
