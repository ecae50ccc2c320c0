import Frames
import IonPhysics

/// A box of one material with solids of other materials in it; where solids overlap the later one holds.
///
/// A place is what fills a point: 0 for the world, 1 for the first solid, and so on. What lies outside the world is
/// vacuum that nothing comes back from; solids that reach out of it end at its faces.
///
/// ## Checked by
/// `SolidGeometryTests`.
public struct SolidPhantom: Sendable {
    /// A body with a name and what fills it.
    public struct Solid: Sendable {
        public var name: String
        public var shape: SolidShape
        /// Composition and density.
        public var material: Material

        public init(name: String, shape: SolidShape, material: Material) {
            self.name = name
            self.shape = shape
            self.material = material
        }
    }

    /// Corners of the world, mm.
    public let lower: Point3<DICOMPatient>
    public let upper: Point3<DICOMPatient>
    public let worldMaterial: Material
    public let solids: [Solid]
    /// More solids than this are refused: every step looks at each of them.
    public static let greatestCount = 250

    /// - Throws: `SolidPhantomError` for an empty world, a solid without extent or outside the world, or too many.
    public init(
        lower: Point3<DICOMPatient>, upper: Point3<DICOMPatient>, worldMaterial: Material,
        solids: [Solid] = []
    ) throws(SolidPhantomError) {
        for axis in 0..<3
        where !(lower.mm[axis] < upper.mm[axis] && (upper.mm[axis] - lower.mm[axis]).isFinite) {
            throw .emptyWorld(axis: axis, from: lower.mm[axis], to: upper.mm[axis])
        }
        guard solids.count <= Self.greatestCount else { throw .tooManySolids(solids.count) }
        for (index, solid) in solids.enumerated() {
            guard solid.shape.bounds(in: (lower.mm, upper.mm)) != nil else {
                throw .outsideWorld(solid: index, name: solid.name)
            }
        }
        self.lower = lower
        self.upper = upper
        self.worldMaterial = worldMaterial
        self.solids = solids
    }

    /// Composition and density by place.
    public var materials: [Material] { [worldMaterial] + solids.map(\.material) }

    /// Bodies by place, the world first.
    var bodies: [SolidBody] {
        ([.box(lower: lower, upper: upper)] + solids.map(\.shape)).map { SolidBody($0) }
    }

    /// The place of a point; nil outside the world.
    public func place(of point: Point3<DICOMPatient>) -> Int? {
        let bodies = bodies
        guard bodies[0].contains(point.x, point.y, point.z) else { return nil }
        return bodies.lastIndex { $0.contains(point.x, point.y, point.z) }
    }

    /// What a straight line meets: each place with the length in it, as the transport goes from face to face; faces between which
    /// the place does not change split no piece. Empty if the line misses the world.
    ///
    /// ## Checked by
    /// `SolidGeometryTests`.
    package func path(
        from point: Point3<DICOMPatient>, along direction: Vector3<DICOMPatient>
    ) -> [(place: Int, lengthMM: Double)] {
        let bodies = PinnedArray(bodies)
        let densities = PinnedArray(materials.map(\.densityGPerCM3))
        return withExtendedLifetime((bodies, densities)) {
            let geometry = SolidGeometry(
                bodies: bodies.pointer, densities: densities.pointer, count: bodies.count)
            let d = direction.normalized
            let start = TrackState(
                x: point.x, y: point.y, z: point.z, direction: Direction(x: d.x, y: d.y, z: d.z),
                energyMeVPerNucleon: 1, species: 0, generation: 0)
            guard var p = geometry.entering(start), var place = geometry.place(of: p) else { return [] }
            var pieces: [(place: Int, lengthMM: Double)] = []
            repeat {
                let way = geometry.wayToBorder(place)
                p.advance(way)
                if let last = pieces.last, last.place == place.number {
                    pieces[pieces.count - 1].lengthMM += way
                } else {
                    pieces.append((place.number, way))
                }
            } while geometry.cross(&place, &p)
            return pieces
        }
    }

    /// Volume of what belongs to a place, mm³: what later solids or the world's faces cut away is left out.
    ///
    /// Exact along x; across it the mean of `rays`² lines on a regular lattice over the body's bounds (256: error
    /// below 10⁻³ for curved bodies, none for boxes that fill their bounds).
    public func volumeMM3(ofPlace place: Int, rays: Int = 256) -> Double {
        let bodies = bodies
        let world = (lower.mm, upper.mm)
        guard let (low, high) = place == 0 ? world : solids[place - 1].shape.bounds(in: world) else {
            return 0
        }
        let steps = (high - low) / Double(rays)
        var sum = 0.0
        for row in 0..<rays {
            for column in 0..<rays {
                let y = low.y + (Double(row) + 0.5) * steps.y
                let z = low.z + (Double(column) + 0.5) * steps.z
                let own = bodies[place].interval(0, y, z, 1, 0, 0)
                var pieces = [(max(own.enter, low.x), min(own.leave, high.x))]
                for later in bodies.dropFirst(place + 1) {
                    let hole = later.interval(0, y, z, 1, 0, 0)
                    guard hole.enter < hole.leave else { continue }
                    pieces = pieces.flatMap {
                        [($0.0, min($0.1, hole.enter)), (max($0.0, hole.leave), $0.1)]
                    }
                }
                for piece in pieces where piece.1 > piece.0 { sum += piece.1 - piece.0 }
            }
        }
        return sum * steps.y * steps.z
    }
}

/// Why a phantom of solids was refused.
public enum SolidPhantomError: Error, Equatable, Sendable {
    case emptyWorld(axis: Int, from: Double, to: Double)
    case outsideWorld(solid: Int, name: String)
    case tooManySolids(Int)
}

extension SolidPhantomError: CustomStringConvertible {
    /// The problem, why it is one, and what to do.
    public var description: String {
        switch self {
        case .emptyWorld(let axis, let from, let to):
            "the world reaches from \(from) to \(to) mm along \(["x", "y", "z"][axis]) (it must have an extent); "
                + "give the lower corner first"
        case .outsideWorld(_, let name):
            "the solid ‘\(name)’ has no extent inside the world (nothing would ever meet it); move it, "
                + "make it larger or delete it"
        case .tooManySolids(let count):
            "the phantom has \(count) solids (at most \(SolidPhantom.greatestCount) are looked at in every step); "
                + "use a CT of voxels instead"
        }
    }
}
