import Frames
import PatientModel
import Volumes

/// How far two doses reach along rays parallel to a beam through the target.
///
/// The rays stand on a square lattice of the isocentre plane (IEC gantry x and y). On each, the *shoulder* of a dose is the
/// greatest running mean over `smoothingMM` in the last `shoulderMM` before its edge at the end of the target, and an *edge* is the first
/// point behind it where the dose falls to 80 % or 50 % of that shoulder, linear between samples. Each dose has its own shoulder: a common
/// factor between the doses moves no edge. That of the evaluated dose is its running mean at the same distance before the edge as in the reference, so
/// that noise does not raise it. The shoulder is looked for near the edge and not along the whole ray, because an absorbed dose that gives a uniform
/// RBE-weighted one falls towards the distal end of the target.
///
/// Depths are mm along the beam from the isocentre plane, downstream positive; differences are evaluated − reference, so positive where the
/// evaluated dose reaches deeper.
///
/// ## Checked by
/// `RangeComparisonTests`: a shifted depth dose gives exactly the shift, a scaled one none; water-equivalent shift in a known medium.
public struct RangeComparison: Sendable {
    /// How rays are laid and edges are looked for, mm and shares.
    public struct Settings: Hashable, Sendable {
        /// Distance of the rays.
        public var pitchMM: Double = 2
        /// Distance of samples on a ray.
        public var stepMM: Double = 0.5
        /// The shoulder lies at most as far before the edge; at first it is looked for as far before the distal end of the target …
        public var shoulderMM: Double = 10
        /// … to here behind it.
        public var beyondMM: Double = 5
        /// Length of the running mean.
        public var smoothingMM: Double = 5
        /// The edge is looked for as far behind the target.
        public var reachMM: Double = 40
        /// A 50 % edge farther behind the 80 % edge is left out: between them lies another plateau.
        public var sharpnessMM: Double = 10
        /// Rays whose reference dose needs more than this to fall from 85 % to 75 % have no edge: with several fields optimised together, a
        /// field may fade out instead of ending.
        public var greatestWidthMM: Double = 3
        /// Rays whose reference shoulder is below this share of the greatest shoulder are left out.
        public var leastShare: Double = 0.2

        public init() {}
    }

    /// The levels of the edges, as shares of the shoulder.
    public enum Level: Double, Sendable, CaseIterable {
        case eighty = 0.8
        case fifty = 0.5
    }

    /// The edge of both doses on one ray.
    public struct Ray: Hashable, Sendable {
        /// IEC gantry x and y at the isocentre plane, mm.
        public var positionMM: SIMD2<Double>
        /// Depths of 80 % and 50 % of the reference dose; nil if it does not fall so far.
        public var reference: [Double?]
        public var evaluated: [Double?]
        /// Where the reference dose falls to 80 %; its end of the target if it does not.
        public var place: Point3<DICOMPatient>
        /// Difference of the 80 % depths in water, mm; nil without stopping powers or without edges.
        public var waterDifferenceMM: Double?

        /// Evaluated − reference at a level, mm; nil if an edge is missing.
        public func differenceMM(_ level: Level) -> Double? {
            let k = level == .eighty ? 0 : 1
            guard let a = reference[k], let b = evaluated[k] else { return nil }
            return b - a
        }
    }

    /// The rays whose reference dose has an edge at the distal end of the target.
    public let rays: [Ray]
    /// Rays through the target.
    public let targetRays: Int
    /// Rays where the reference dose fades out instead of ending.
    public let fadingRays: Int
    public let settings: Settings
    /// From the patient to the gantry frame of the field.
    public let toGantry: RigidTransform<DICOMPatient, IECGantry>

    /// Finds the edges of both doses.
    ///
    /// - Parameters:
    ///   - reference: Any grid, any unit.
    ///   - evaluated: Likewise.
    ///   - target: Decides which rays there are and where each one's distal end is.
    ///   - stoppingPowerRatio: For differences in water.
    public init(
        reference: Volume<Float>, evaluated: Volume<Float>, target: StructureMask,
        toGantry: RigidTransform<DICOMPatient, IECGantry>, stoppingPowerRatio: Volume<Float>? = nil,
        settings: Settings = Settings()
    ) {
        let lattice = TargetRays(target: target, toGantry: toGantry, settings: settings)
        let found = lattice.rays.map { ray in
            let a = RayProfile(of: reference, on: ray, lattice, settings: settings)
                .edges(exitMM: ray.exitMM)
            let b = a.flatMap {
                RayProfile(of: evaluated, on: ray, lattice, settings: settings)
                    .edges(exitMM: ray.exitMM, like: $0)
            }
            return (ray: ray, a: a, b: b)
        }
        let greatest = found.compactMap(\.a?.shoulder).max() ?? 0
        var fading = 0
        rays = found.compactMap { ray, a, b -> Ray? in
            guard let a, a.shoulder > 0, a.shoulder >= settings.leastShare * greatest else { return nil }
            guard let width = a.widthMM, width <= settings.greatestWidthMM else {
                fading += 1
                return nil
            }
            let depths = b?.depthsMM ?? [nil, nil]
            var water: Double?
            if let stoppingPowerRatio, let from = a.depthsMM[0], let to = depths[0] {
                water = lattice.integral(
                    of: stoppingPowerRatio, on: ray, from: from, to: to, stepMM: settings.stepMM)
            }
            return Ray(
                positionMM: ray.positionMM, reference: a.depthsMM, evaluated: depths,
                place: lattice.point(ray.positionMM, depthMM: a.depthsMM[0] ?? ray.exitMM),
                waterDifferenceMM: water)
        }
        targetRays = lattice.rays.count
        fadingRays = fading
        self.settings = settings
        self.toGantry = toGantry
    }

    /// Which part of the fall of `total` at the evaluated 80 % edges is that of `part`, median over the rays.
    ///
    /// Both doses are of one engine, in a unit that adds up. 1 where the part makes the edge alone; other values where
    /// further fields rise or fall there, so that the edge of the total says little about the range of the part.
    public func ownShare(of part: Volume<Float>, in total: Volume<Float>) -> Double? {
        let toPatient = toGantry.inverse
        let shares = rays.compactMap { ray -> Double? in
            guard let edge = ray.evaluated[0] else { return nil }
            func fall(_ dose: Volume<Float>) -> Double? {
                func at(_ depth: Double) -> Double? {
                    dose.interpolated(
                        at: toPatient.apply(
                            Point3<IECGantry>(ray.positionMM.x, ray.positionMM.y, -depth)))
                }
                guard let near = at(edge - 2), let far = at(edge + 6) else { return nil }
                return near - far
            }
            guard let whole = fall(total), whole > 0, let own = fall(part) else { return nil }
            return own / whole
        }
        return Percentiles(shares)?.value(0.5)
    }
}
