import Frames
import PatientModel
import Volumes

/// The rays of a field through a target, parallel to its axis.
struct TargetRays {
    struct Ray {
        /// IEC gantry x and y, mm.
        var positionMM: SIMD2<Double>
        /// Depth where the ray leaves the target for the last time, mm from the isocentre plane.
        var exitMM: Double
    }

    let rays: [Ray]
    private let toPatient: RigidTransform<IECGantry, DICOMPatient>

    init(
        target: StructureMask, toGantry: RigidTransform<DICOMPatient, IECGantry>,
        settings: RangeComparison.Settings
    ) {
        toPatient = toGantry.inverse
        rays = Self.rays(target: target, toGantry: toGantry, toPatient: toPatient, settings: settings)
    }

    private static func rays(
        target: StructureMask, toGantry: RigidTransform<DICOMPatient, IECGantry>,
        toPatient: RigidTransform<IECGantry, DICOMPatient>, settings: RangeComparison.Settings
    ) -> [Ray] {
        let share = target.volume()
        let g = target.geometry
        // A structure thinner than a voxel has no voxel that is half inside.
        let least: Float = target.shares.contains { $0 >= 0.5 } ? 0.5 : 0
        var lower = SIMD3(repeating: Double.infinity)
        var upper = -lower
        for (index, value) in zip(target.indices, target.shares) where value >= least {
            let v = g.voxel(at: Int(index))
            let p = toGantry.apply(g.centre(v.x, v.y, v.z)).mm
            lower = pointwiseMin(lower, p)
            upper = pointwiseMax(upper, p)
        }
        guard lower.x.isFinite else { return [] }
        let margin = g.spacingMM.max()
        let pitch = settings.pitchMM
        func range(_ axis: Int) -> ClosedRange<Int> {
            let first = ((lower[axis] - margin) / pitch).rounded(.up)
            return Int(first)...max(Int(first), Int(((upper[axis] + margin) / pitch).rounded(.down)))
        }
        // From behind the target upstream: the first point inside is the exit.
        let (start, end) = (-lower.z + margin, -upper.z - margin)
        let level = Double(max(least, 0.25))
        var found: [Ray] = []
        for row in range(1) {
            for column in range(0) {
                let position = SIMD2(Double(column), Double(row)) * pitch
                func inside(_ depth: Double) -> Double {
                    share.interpolated(
                        at: toPatient.apply(Point3<IECGantry>(position.x, position.y, -depth))) ?? 0
                }
                var (depth, behind) = (start, 0.0)
                while depth >= end {
                    let value = inside(depth)
                    if value >= level {
                        let t = value > behind ? (value - level) / (value - behind) : 0
                        found.append(Ray(positionMM: position, exitMM: depth + t * settings.stepMM))
                        break
                    }
                    behind = value
                    depth -= settings.stepMM
                }
            }
        }
        return found
    }

    /// The patient point of a ray at a depth.
    func point(_ positionMM: SIMD2<Double>, depthMM: Double) -> Point3<DICOMPatient> {
        toPatient.apply(Point3<IECGantry>(positionMM.x, positionMM.y, -depthMM))
    }

    /// The integral of a volume along a ray, with its sign; nil if it leaves the volume.
    func integral(
        of volume: Volume<Float>, on ray: Ray, from: Double, to: Double, stepMM: Double
    ) -> Double? {
        let pieces = max(1, Int((abs(to - from) / stepMM).rounded(.up)))
        let step = (to - from) / Double(pieces)
        var sum = 0.0
        for k in 0..<pieces {
            let at = point(ray.positionMM, depthMM: from + (Double(k) + 0.5) * step)
            guard let value = volume.interpolated(at: at) else { return nil }
            sum += value * step
        }
        return sum
    }
}
