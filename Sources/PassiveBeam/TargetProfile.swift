import Frames
import NumericKernels
import PatientModel
import PencilBeam
import Volumes

/// A target as a broad beam sees it: on a lattice of rays, the water-equivalent depths at which it begins and ends.
///
/// ## Checked by
/// `TargetProfileTests`: a sphere in water gives its chord.
public struct TargetProfile: Sendable {
    /// Depths on one ray, mm of water in the patient.
    public struct Span: Sendable, Equatable {
        public var proximalMM: Double
        public var distalMM: Double

        public init(proximalMM: Double, distalMM: Double) {
            self.proximalMM = proximalMM
            self.distalMM = distalMM
        }
    }

    /// Lattice point (0, 0), IEC x and y at the isocentre plane, mm.
    public let firstMM: SIMD2<Double>
    public let pitchMM: Double
    public let columnCount: Int
    public let rowCount: Int
    /// `[row][column]`, x fastest: nil where the ray misses the target.
    public let spans: [Span?]

    public init(
        firstMM: SIMD2<Double>, pitchMM: Double, columnCount: Int, rowCount: Int, spans: [Span?]
    ) {
        precondition(spans.count == columnCount * rowCount)
        self.firstMM = firstMM
        self.pitchMM = pitchMM
        self.columnCount = columnCount
        self.rowCount = rowCount
        self.spans = spans
    }

    /// The ray of a lattice point.
    public func ray(column: Int, row: Int) -> SIMD2<Double> {
        firstMM + pitchMM * SIMD2(Double(column), Double(row))
    }

    /// Rays that meet the target, with what they meet.
    public var hits: [(uv: SIMD2<Double>, span: Span)] {
        spans.indices.compactMap { i in
            spans[i].map { (ray(column: i % columnCount, row: i / columnCount), $0) }
        }
    }

    /// Looks for a target along rays.
    ///
    /// - Parameters:
    ///   - target: On any grid in the images' frame of reference.
    ///   - name: For messages.
    ///   - images: Tissues.
    ///   - geometry: The field's rays.
    ///   - settings: Pitch of the lattice and step along the rays.
    ///   - threads: Threads to use; the result does not depend on it.
    /// - Throws: `PassiveBeamError`: `emptyTarget`, `targetOutsideImage`, `differentFrameOfReference`.
    public static func trace(
        target: StructureMask, name: String, images: MaterialImages, geometry: FieldGeometry,
        settings: PassiveBeamSettings, threads: Int
    ) async throws -> TargetProfile {
        let (a, b) = (images.geometry.frameOfReferenceUID, target.geometry.frameOfReferenceUID)
        guard a == b else { throw PassiveBeamError.differentFrameOfReference(a, b) }
        let box = try Box(target: target, name: name, images: images, geometry: geometry)
        let pitch = settings.targetPitchMM
        let first = (box.lower / pitch).rounded(.down) * pitch - pitch
        let count = ((box.upper - first) / pitch).rounded(.up) + 2
        let (columns, rows) = (Int(count.x), Int(count.y))
        let shares = target.volume()
        let step = settings.depthStepMM
        let start = DepthInterval(of: images.geometry, geometry: geometry).lowerMM
        let end = box.endMM + step
        let tracer = RayTracer(images: images)
        let found = try await ParallelBatches.map(count: rows, threads: threads) { row in
            (0..<columns).map { column -> Span? in
                let uv = first + pitch * SIMD2(Double(column), Double(row))
                var steps = [RayTracer.Step](
                    repeating: RayTracer.Step(), count: max(1, Int(((end - start) / step).rounded(.up))))
                steps.withUnsafeMutableBufferPointer {
                    tracer.trace(
                        origin: geometry.point(uv: uv, depthMM: 0).mm,
                        direction: geometry.direction(uv: uv).mm, startMM: start, stepMM: step, into: $0)
                }
                var search = SpanSearch()
                var water = 0.0
                for (k, s) in steps.enumerated() {
                    // Only where the target can be.
                    let depth = start + Double(k) * step
                    if depth >= box.startMM - step {
                        let share = shares.interpolated(at: geometry.point(uv: uv, depthMM: depth)) ?? 0
                        search.add(share: share, waterMM: water)
                    }
                    water += Double(s.stopping) * step
                }
                return search.span
            }
        }
        let profile = TargetProfile(
            firstMM: first, pitchMM: pitch, columnCount: columns, rowCount: rows, spans: found.flatMap { $0 })
        guard profile.spans.contains(where: { $0 != nil }) else {
            throw PassiveBeamError.emptyTarget(name: name)
        }
        return profile
    }

    /// First and last place where the share crosses one half, linear between samples.
    private struct SpanSearch {
        private var last: (share: Double, waterMM: Double)?
        private var proximal: Double?
        private var distal: Double?

        mutating func add(share: Double, waterMM: Double) {
            defer { last = (share, waterMM) }
            guard let last else {
                if share >= 0.5 { (proximal, distal) = (waterMM, waterMM) }
                return
            }
            if (share >= 0.5) != (last.share >= 0.5) {
                let f = (0.5 - last.share) / (share - last.share)
                let crossing = last.waterMM + f * (waterMM - last.waterMM)
                if share >= 0.5 { proximal = proximal ?? crossing }
                distal = crossing
            }
            if share >= 0.5 { distal = waterMM }
        }

        var span: Span? {
            guard let proximal, let distal else { return nil }
            return Span(proximalMM: proximal, distalMM: max(distal, proximal))
        }
    }

    /// Where the target's voxels lie in the beam's eye view.
    private struct Box {
        var lower = SIMD2<Double>(repeating: .infinity)
        var upper = SIMD2<Double>(repeating: -.infinity)
        var startMM = Double.infinity
        var endMM = -Double.infinity

        init(
            target: StructureMask, name: String, images: MaterialImages, geometry: FieldGeometry
        ) throws(PassiveBeamError) {
            let grid = target.geometry
            let half = 0.5 * (grid.spacingMM * grid.spacingMM).sum().squareRoot()
            let (low, high) = (images.geometry.lowerCorner.mm, images.geometry.upperCorner.mm)
            for (index, share) in zip(target.indices, target.shares) where share > 0 {
                let v = grid.voxel(at: Int(index))
                let p = grid.centre(v.x, v.y, v.z)
                guard (0..<3).allSatisfy({ p.mm[$0] >= low[$0] && p.mm[$0] <= high[$0] }) else {
                    throw .targetOutsideImage(name: name)
                }
                let (uv, w) = geometry.ray(through: p)
                lower = pointwiseMin(lower, uv - half)
                upper = pointwiseMax(upper, uv + half)
                startMM = min(startMM, w - half)
                endMM = max(endMM, w + half)
            }
            guard startMM.isFinite else { throw .emptyTarget(name: name) }
        }
    }
}

/// Depths below the isocentre plane between which an image lies.
struct DepthInterval {
    let lowerMM: Double
    let upperMM: Double

    init(of volume: VolumeGeometry, geometry: FieldGeometry) {
        let (a, b) = (volume.lowerCorner.mm, volume.upperCorner.mm)
        var (low, high) = (Double.infinity, -Double.infinity)
        for corner in 0..<8 {
            let p = Point3<DICOMPatient>(
                corner & 1 == 0 ? a.x : b.x, corner & 2 == 0 ? a.y : b.y, corner & 4 == 0 ? a.z : b.z)
            let depth = -geometry.toGantry.apply(p).z
            low = min(low, depth)
            high = max(high, depth)
        }
        (lowerMM, upperMM) = (low, high)
    }
}
