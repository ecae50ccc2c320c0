import Frames
import Volumes

/// The axes along which depth, profiles and planes are measured: depth along z from the origin, x and y across it.
public struct ScoreAxes: Hashable, Sendable {
    public let origin: Point3<DICOMPatient>
    /// Unit vectors, right-handed.
    public let x: Vector3<DICOMPatient>
    public let y: Vector3<DICOMPatient>
    public let z: Vector3<DICOMPatient>

    /// Axes with depth along `direction`.
    ///
    /// - Parameters:
    ///   - xAxis: x is its part across the direction; if nil, the phantom's x axis, or its y axis for a direction
    ///     within 26° of x.
    /// - Precondition: `direction` is not zero and `xAxis` not parallel to it.
    public init(
        origin: Point3<DICOMPatient>, direction: Vector3<DICOMPatient>, xAxis: Vector3<DICOMPatient>? = nil
    ) {
        let w = direction.normalized.mm
        let wanted = xAxis?.mm ?? (abs(w.x) < 0.9 ? SIMD3(1, 0, 0) : SIMD3(0, 1, 0))
        let across = Vector3<DICOMPatient>(wanted - (wanted * w).sum() * w)
        precondition(across.lengthMM > 0, "the x axis is parallel to the direction")
        let u = across.normalized.mm
        self.origin = origin
        z = Vector3(w)
        x = Vector3(u)
        y = Vector3(SIMD3(w.y * u.z - w.z * u.y, w.z * u.x - w.x * u.z, w.x * u.y - w.y * u.x))
    }

    /// Coordinates of a point of the phantom in these axes, mm.
    public func local(_ point: Point3<DICOMPatient>) -> SIMD3<Double> {
        let d = point.mm - origin.mm
        return SIMD3((d * x.mm).sum(), (d * y.mm).sum(), (d * z.mm).sum())
    }
}

/// Sums over the energy and way of all particles in bins.
public struct TransportScore: Hashable, Sendable {
    /// How the bins lie.
    public enum Bins: Hashable, Sendable {
        /// Depths from `fromMM` on; over the whole cross-section, or within `radiusMM` of the axis.
        case depth(fromMM: Double, stepMM: Double, count: Int, radiusMM: Double?)
        /// Bins along x (or y) of the axes, integrated over the other, in a slab about a depth; they lie
        /// symmetrically about the axis.
        case lateral(depthMM: Double, thicknessMM: Double, binMM: Double, count: Int, alongY: Bool)
        /// Rings of equal width about the axis in a slab about a depth.
        case radial(depthMM: Double, thicknessMM: Double, ringMM: Double, count: Int)
        /// Voxels along the axes of the phantom.
        case mesh(VolumeGeometry)
        /// One bin: all that belongs to a place of the phantom (0 the world or the only place, then the solids).
        case place(Int)

        public var count: Int {
            switch self {
            case .depth(_, _, let count, _), .lateral(_, _, _, let count, _), .radial(_, _, _, let count):
                count
            case .mesh(let geometry): geometry.voxelCount
            case .place: 1
            }
        }
    }

    /// Weight of a particle in an average.
    public enum Average: Hashable, Sendable {
        /// Σ ε r / Σ ε, with response number r of the run and ε the energy in water.
        case dose(response: Int, InclusionRule)
        /// Mean LET of the fluence, Σ ε / Σ path, keV/µm.
        case trackLET(InclusionRule)
    }

    public enum Content: Hashable, Sendable {
        /// Energy (also by ion, if asked for), dose to medium and to water, and averages.
        case sums(byIon: Bool, averages: [Average])
        /// Track length by species and energy, in bins of equal width from 0 on.
        case spectrum(stepMeVPerNucleon: Double, count: Int)
    }

    public var name: String
    public var bins: Bins
    public var content: Content

    public init(name: String, bins: Bins, content: Content) {
        self.name = name
        self.bins = bins
        self.content = content
    }
}

/// Counts of the particles that cross a plane in the direction of depth, by species, angle and energy.
public struct TransportPlane: Hashable, Sendable {
    public var depthMM: Double
    /// Only crossings within this distance from the axis count; nil for all.
    public var radiusMM: Double?
    /// Upper edges of the angle bins, degrees to the axis, increasing; what is beyond the last is not counted.
    public var angleEdgesDegrees: [Double]
    /// Width and number of the energy bins from 0 on; what is beyond the last is in the last.
    public var stepMeVPerNucleon: Double
    public var energyCount: Int

    public init(
        depthMM: Double, radiusMM: Double? = nil, angleEdgesDegrees: [Double], stepMeVPerNucleon: Double,
        energyCount: Int
    ) {
        self.depthMM = depthMM
        self.radiusMM = radiusMM
        self.angleEdgesDegrees = angleEdgesDegrees
        self.stepMeVPerNucleon = stepMeVPerNucleon
        self.energyCount = energyCount
    }
}

/// All that a run adds up.
public struct TransportScores: Sendable {
    public var axes: ScoreAxes
    public var scores: [TransportScore]
    public var planes: [TransportPlane]
    /// The responses that averages refer to by number.
    public var responses: [ResponseTable]

    public init(
        axes: ScoreAxes, scores: [TransportScore] = [], planes: [TransportPlane] = [],
        responses: [ResponseTable] = []
    ) {
        self.axes = axes
        self.scores = scores
        self.planes = planes
        self.responses = responses
    }
}
