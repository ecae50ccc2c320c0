import Frames
import Volumes

/// A closed planar polygon of a structure, in a plane of constant z.
public struct Contour: Hashable, Sendable {
    /// Plane of the polygon, DICOM patient z, mm.
    public var zMM: Double
    /// Corners (x, y), DICOM patient, mm; the last is joined to the first. At least three.
    public var points: [SIMD2<Double>]

    public init(zMM: Double, points: [SIMD2<Double>]) {
        self.zMM = zMM
        self.points = points
    }
}

/// A named region of interest.
public struct Structure: Hashable, Sendable {
    /// DICOM ROI Number (3006,0022); unique in the set.
    public var number: Int
    /// ROI Name, after TG-263 where it is ours.
    public var name: String
    /// RT ROI Interpreted Type (3006,00A4), for example `EXTERNAL`, `CTV`, `ORGAN`; empty if not given.
    public var interpretedType: String
    /// Display colour, red, green, blue 0...255.
    public var colour: SIMD3<UInt8>
    /// All polygons; those of one plane combine by the even-odd rule (holes, several pieces).
    public var contours: [Contour]

    public init(
        number: Int, name: String, interpretedType: String, colour: SIMD3<UInt8>,
        contours: [Contour]
    ) {
        self.number = number
        self.name = name
        self.interpretedType = interpretedType
        self.colour = colour
        self.contours = contours
    }
}

/// A structure set and the image frame it belongs to.
public struct StructureSet: Hashable, Sendable {
    /// SOP Instance UID (0008,0018).
    public var instanceUID: String
    /// Structure Set Label (3006,0002).
    public var label: String
    public var frameOfReferenceUID: String
    public var structures: [Structure]

    public init(
        instanceUID: String, label: String, frameOfReferenceUID: String, structures: [Structure]
    ) {
        self.instanceUID = instanceUID
        self.label = label
        self.frameOfReferenceUID = frameOfReferenceUID
        self.structures = structures
    }

    /// The structure of that name; nil if there is none.
    public func structure(named name: String) -> Structure? { structures.first { $0.name == name } }
}
