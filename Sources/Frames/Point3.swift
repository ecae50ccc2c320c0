/// A frame of reference, used only as a type argument.
public protocol CoordinateFrame: Sendable {}

/// DICOM patient coordinates: x to the patient's left, y posterior, z superior (LPS), mm.
public enum DICOMPatient: CoordinateFrame {}
/// IEC 61217 patient coordinates: x to the patient's left, y superior, z anterior, mm.
public enum IECPatient: CoordinateFrame {}
/// IEC 61217 table top with pitch and roll 0: axes of the patient support, origin at the isocentre.
public enum IECTableTop: CoordinateFrame {}
/// IEC 61217 fixed (room) coordinates, origin at the isocentre: x right when facing the gantry,
/// y towards the gantry, z up.
public enum IECFixed: CoordinateFrame {}
/// IEC 61217 gantry coordinates, origin at the isocentre: z from the isocentre to the source.
/// With collimator angle 0 this is the beam's eye view.
public enum IECGantry: CoordinateFrame {}

/// A point in one frame, mm.
@frozen
public struct Point3<Frame: CoordinateFrame>: Hashable, Sendable {
    /// Coordinates in mm.
    public var mm: SIMD3<Double>
    @inlinable public init(_ mm: SIMD3<Double>) { self.mm = mm }
    @inlinable public init(_ x: Double, _ y: Double, _ z: Double) { mm = SIMD3(x, y, z) }
    @inlinable public var x: Double { mm.x }
    @inlinable public var y: Double { mm.y }
    @inlinable public var z: Double { mm.z }
    /// The vector from `b` to `a`.
    @inlinable public static func - (a: Self, b: Self) -> Vector3<Frame> { Vector3(a.mm - b.mm) }
    @inlinable public static func + (a: Self, b: Vector3<Frame>) -> Self { Self(a.mm + b.mm) }
}

/// A displacement or direction in one frame, mm (or unit length where said).
@frozen
public struct Vector3<Frame: CoordinateFrame>: Hashable, Sendable {
    /// Components in mm.
    public var mm: SIMD3<Double>
    @inlinable public init(_ mm: SIMD3<Double>) { self.mm = mm }
    @inlinable public init(_ x: Double, _ y: Double, _ z: Double) { mm = SIMD3(x, y, z) }
    /// Euclidean length, mm.
    @inlinable public var lengthMM: Double { (mm * mm).sum().squareRoot() }
    /// The vector scaled to unit length. - Precondition: not the zero vector.
    @inlinable public var normalized: Self { Self(mm / lengthMM) }
}
