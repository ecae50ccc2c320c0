/// A rotation followed by a translation from one frame into another.
///
///     p_to = R p_from + t
///
/// ## Checked by
/// `RigidTransformTests`, `IECChainTests`.
@frozen
public struct RigidTransform<From: CoordinateFrame, To: CoordinateFrame>: Hashable, Sendable {
    // As `Vector3` for the alignment, see `Point3`.
    @usableFromInline let axes: (Vector3<To>, Vector3<To>, Vector3<To>)
    @usableFromInline let shift: Vector3<To>

    /// Columns of R: the images of the axes of `From`.
    @inlinable public var columns: (SIMD3<Double>, SIMD3<Double>, SIMD3<Double>) {
        (axes.0.mm, axes.1.mm, axes.2.mm)
    }
    /// t, mm: the image of the origin of `From`.
    @inlinable public var translation: SIMD3<Double> { shift.mm }

    /// States that these numbers map `From` into `To`. This is the only door: a wrong statement here is a
    /// wrong treatment, so look for it in review.
    ///
    /// - Precondition: the columns are orthonormal to 1e-9.
    public init(
        asserting columns: (SIMD3<Double>, SIMD3<Double>, SIMD3<Double>),
        translation: SIMD3<Double>
    ) {
        let (a, b, c) = columns
        func dot(_ u: SIMD3<Double>, _ v: SIMD3<Double>) -> Double { (u * v).sum() }
        precondition(
            abs(dot(a, b)) < 1e-9 && abs(dot(b, c)) < 1e-9 && abs(dot(a, c)) < 1e-9
                && abs(dot(a, a) - 1) < 1e-9 && abs(dot(b, b) - 1) < 1e-9
                && abs(dot(c, c) - 1) < 1e-9, "not a rotation")
        axes = (Vector3(a), Vector3(b), Vector3(c))
        shift = Vector3(translation)
    }

    @inlinable public func apply(_ p: Point3<From>) -> Point3<To> {
        Point3(columns.0 * p.mm.x + columns.1 * p.mm.y + columns.2 * p.mm.z + translation)
    }

    /// Rotates a direction or displacement; the translation does not act on it.
    @inlinable public func apply(_ v: Vector3<From>) -> Vector3<To> {
        Vector3(columns.0 * v.mm.x + columns.1 * v.mm.y + columns.2 * v.mm.z)
    }

    /// First this transform, then `next`.
    public func then<Next>(_ next: RigidTransform<To, Next>) -> RigidTransform<From, Next> {
        func image(_ c: SIMD3<Double>) -> SIMD3<Double> { next.apply(Vector3<To>(c)).mm }
        return RigidTransform<From, Next>(
            asserting: (image(columns.0), image(columns.1), image(columns.2)),
            translation: next.apply(Point3<To>(translation)).mm)
    }

    /// The transform back: Rᵀ and −Rᵀ t.
    public var inverse: RigidTransform<To, From> {
        let (a, b, c) = columns
        let rows = (
            SIMD3(a.x, b.x, c.x), SIMD3(a.y, b.y, c.y), SIMD3(a.z, b.z, c.z)
        )
        let t = translation
        return RigidTransform<To, From>(
            asserting: rows, translation: -(rows.0 * t.x + rows.1 * t.y + rows.2 * t.z))
    }

    public static func == (a: Self, b: Self) -> Bool {
        a.columns == b.columns && a.translation == b.translation
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(columns.0)
        hasher.combine(columns.1)
        hasher.combine(columns.2)
        hasher.combine(translation)
    }
}
