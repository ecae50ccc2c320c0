import Frames
import Volumes

#if canImport(Glibc)
    import Glibc
#endif

/// How anatomy moves with breathing: where a point of the reference anatomy is at an amplitude.
///
///     y = x + u(x; a),   u(x; a_reference) = 0
///
/// The reference is the anatomy of the planning CT. Amplitudes are those of the breathing trace: 0 at exhalation, about 1 at inhalation.
///
/// ## Checked by
/// `AnatomyMotionTests`.
public struct AnatomyMotion: Sendable {
    /// Displacements at one amplitude, on a grid that may be coarser than the CT; the outermost values hold beyond it.
    public struct Displacements: Sendable {
        public var amplitude: Double
        /// Components along the axes of the DICOM patient frame, mm.
        public var xMM: Volume<Float>
        public var yMM: Volume<Float>
        public var zMM: Volume<Float>

        /// - Precondition: one grid.
        public init(amplitude: Double, xMM: Volume<Float>, yMM: Volume<Float>, zMM: Volume<Float>) {
            precondition(xMM.geometry == yMM.geometry && xMM.geometry == zMM.geometry)
            self.amplitude = amplitude
            self.xMM = xMM
            self.yMM = yMM
            self.zMM = zMM
        }

        func displacement(at point: Point3<DICOMPatient>) -> SIMD3<Double> {
            let place = TrilinearPlace(point, in: xMM.geometry)
            return SIMD3(place.value(xMM.values), place.value(yMM.values), place.value(zMM.values))
        }
    }

    private enum Shape: Sendable {
        case everywhere(Vector3<DICOMPatient>)
        case ball(Vector3<DICOMPatient>, centre: Point3<DICOMPatient>, radiusMM: Double, fallOffMM: Double)
        /// Rising amplitude, the reference among them with no displacement (nil).
        case sampled([(amplitude: Double, field: Displacements?)])
    }
    private let shape: Shape
    /// Amplitude at which nothing is displaced.
    public let referenceAmplitude: Double

    /// Everything moves alike, as a phantom on a moving table.
    ///
    /// - Parameters:
    ///   - vector: Displacement from amplitude 0 to amplitude 1, mm.
    ///   - referenceAmplitude: Of the planning CT.
    public init(everywhere vector: Vector3<DICOMPatient>, referenceAmplitude: Double = 0) {
        shape = .everywhere(vector)
        self.referenceAmplitude = referenceAmplitude
    }

    /// A ball moves with what is in it; around it the displacement falls off to nothing as cos².
    ///
    /// - Parameters:
    ///   - vector: Displacement of the ball from amplitude 0 to amplitude 1, mm.
    ///   - centre: Of the ball at the reference.
    ///   - radiusMM: Of the ball.
    ///   - fallOffMM: From the surface of the ball to where nothing moves, more than π/2 times the displacement.
    ///   - referenceAmplitude: Of the planning CT.
    /// - Throws: `AnatomyMotionError` if the fall-off is so short that tissue would fold over itself.
    public init(
        ball vector: Vector3<DICOMPatient>, centre: Point3<DICOMPatient>, radiusMM: Double,
        fallOffMM: Double, referenceAmplitude: Double = 0
    ) throws(AnatomyMotionError) {
        guard radiusMM >= 0, fallOffMM > 0.5 * .pi * vector.lengthMM, fallOffMM.isFinite else {
            throw .fallOffTooShort(fallOffMM: fallOffMM, displacementMM: vector.lengthMM)
        }
        shape = .ball(vector, centre: centre, radiusMM: radiusMM, fallOffMM: fallOffMM)
        self.referenceAmplitude = referenceAmplitude
    }

    /// Displacements that were found by registering the phases of a 4D CT; linear in the amplitude between phases, and beyond the outermost
    /// ones with the slope next to them.
    ///
    /// - Parameters:
    ///   - fields: At least one, from the reference to each other phase; amplitudes differ from each other and from the reference.
    ///   - referenceAmplitude: Of the planning CT.
    /// - Throws: `AnatomyMotionError`.
    public init(
        sampled fields: [Displacements], referenceAmplitude: Double = 0
    ) throws(AnatomyMotionError) {
        var phases: [(amplitude: Double, field: Displacements?)] = fields.map { ($0.amplitude, $0) }
        phases.append((referenceAmplitude, nil))
        phases.sort { $0.amplitude < $1.amplitude }
        guard !fields.isEmpty else { throw .noPhases }
        for (a, b) in zip(phases, phases.dropFirst()) where !(b.amplitude > a.amplitude) {
            throw .amplitudeTwice(a.amplitude)
        }
        for field in fields {
            for (axis, part) in [("x", field.xMM), ("y", field.yMM), ("z", field.zMM)] {
                if let voxel = part.values.firstIndex(where: { !$0.isFinite }) {
                    throw .notFinite(amplitude: field.amplitude, axis: axis, voxel: voxel)
                }
            }
        }
        shape = .sampled(phases)
        self.referenceAmplitude = referenceAmplitude
    }

    /// u(x; a), mm.
    ///
    /// - Parameters:
    ///   - point: Of the reference anatomy.
    ///   - amplitude: Of breathing.
    public func displacement(at point: Point3<DICOMPatient>, amplitude: Double) -> Vector3<DICOMPatient> {
        let height = amplitude - referenceAmplitude
        guard height != 0 else { return Vector3(0, 0, 0) }
        switch shape {
        case .everywhere(let vector): return Vector3(height * vector.mm)
        case .ball(let vector, let centre, let radiusMM, let fallOffMM):
            let beyond = (point - centre).lengthMM - radiusMM
            guard beyond < fallOffMM else { return Vector3(0, 0, 0) }
            let c = beyond > 0 ? cos(0.5 * .pi * beyond / fallOffMM) : 1
            return Vector3(height * c * c * vector.mm)
        case .sampled(let phases):
            var upper = 1
            while upper < phases.count - 1, phases[upper].amplitude < amplitude { upper += 1 }
            let (a, b) = (phases[upper - 1], phases[upper])
            let share = (amplitude - a.amplitude) / (b.amplitude - a.amplitude)
            let from = a.field?.displacement(at: point) ?? .zero
            let to = b.field?.displacement(at: point) ?? .zero
            return Vector3(from + share * (to - from))
        }
    }

    /// The point x of the reference anatomy that is at y: x = y − u(x), by repeating that.
    ///
    /// - Parameters:
    ///   - point: y, in the moved anatomy.
    ///   - amplitude: Of breathing.
    /// - Throws: `AnatomyMotionError.folds` where that does not settle to 1 µm: tissue would fold over itself.
    public func origin(
        of point: Point3<DICOMPatient>, amplitude: Double
    ) throws(AnatomyMotionError) -> Point3<DICOMPatient> {
        var x = point
        for _ in 0..<100 {
            let next = Point3<DICOMPatient>(point.mm - displacement(at: x, amplitude: amplitude).mm)
            let change = (next - x).lengthMM
            x = next
            if change < 1e-3 { return x }
        }
        throw .folds(point, amplitude: amplitude)
    }
}

/// Why a motion cannot be used.
public enum AnatomyMotionError: Error, Equatable, Sendable, CustomStringConvertible {
    case fallOffTooShort(fallOffMM: Double, displacementMM: Double)
    case noPhases
    case amplitudeTwice(Double)
    case notFinite(amplitude: Double, axis: String, voxel: Int)
    case folds(Point3<DICOMPatient>, amplitude: Double)

    public var description: String {
        switch self {
        case .fallOffTooShort(let fallOff, let displacement):
            "the displacement of \(displacement) mm falls off over \(fallOff) mm (tissue would fold over itself); let it fall off over more "
                + "than \(1.6 * displacement) mm"
        case .noPhases:
            "a motion of sampled phases has none (nothing says how anatomy moves); give at least one displacement field"
        case .amplitudeTwice(let amplitude):
            "two phases have the amplitude \(amplitude) (the planning CT counts as one without displacement); give each its own"
        case .notFinite(let amplitude, let axis, let voxel):
            "the \(axis) displacement of voxel \(voxel) at amplitude \(amplitude) is not a number; check the field"
        case .folds(let point, let amplitude):
            "the displacements around \(point.x) \(point.y) \(point.z) mm at amplitude \(amplitude) fold tissue over itself (a place has no "
                + "single origin); smooth the displacement field, or correct it"
        }
    }
}
