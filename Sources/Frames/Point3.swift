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
///
/// Stored as three numbers, not as a vector: values with the vector's alignment of 32 bytes overrun the frames of
/// asynchronous functions in Swift 6.3 (frames are aligned to 16 bytes).
@frozen
public struct Point3<Frame: CoordinateFrame>: Hashable, Sendable {
    public var x: Double
    public var y: Double
    public var z: Double
    @inlinable public init(_ mm: SIMD3<Double>) { self.init(mm.x, mm.y, mm.z) }
    @inlinable public init(_ x: Double, _ y: Double, _ z: Double) {
        self.x = x
        self.y = y
        self.z = z
    }
    /// Coordinates in mm.
    @inlinable public var mm: SIMD3<Double> {
        get { SIMD3(x, y, z) }
        set { (x, y, z) = (newValue.x, newValue.y, newValue.z) }
    }
    /// The vector from `b` to `a`.
    @inlinable public static func - (a: Self, b: Self) -> Vector3<Frame> { Vector3(a.mm - b.mm) }
    @inlinable public static func + (a: Self, b: Vector3<Frame>) -> Self { Self(a.mm + b.mm) }
}

/// A displacement or direction in one frame, mm (or unit length where said).
@frozen
public struct Vector3<Frame: CoordinateFrame>: Hashable, Sendable {
    public var x: Double
    public var y: Double
    public var z: Double
    @inlinable public init(_ mm: SIMD3<Double>) { self.init(mm.x, mm.y, mm.z) }
    @inlinable public init(_ x: Double, _ y: Double, _ z: Double) {
        self.x = x
        self.y = y
        self.z = z
    }
    /// Components in mm.
    @inlinable public var mm: SIMD3<Double> {
        get { SIMD3(x, y, z) }
        set { (x, y, z) = (newValue.x, newValue.y, newValue.z) }
    }
    /// Euclidean length, mm.
    @inlinable public var lengthMM: Double { (mm * mm).sum().squareRoot() }
    /// The vector scaled to unit length. - Precondition: not the zero vector.
    @inlinable public var normalized: Self { Self(mm / lengthMM) }
}
