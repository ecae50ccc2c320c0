import Frames
import NumericKernels
import Volumes

/// The eight voxels around a point with their weights; beyond the outermost voxel centres the outermost values hold.
struct TrilinearPlace {
    private let start: Int
    private let strides: (x: Int, y: Int, z: Int)
    private let fractions: (x: Double, y: Double, z: Double)

    init(_ point: Point3<DICOMPatient>, in geometry: VolumeGeometry) {
        let n = geometry.dimensions
        let at = geometry.continuousIndex(point)
        func cell(_ axis: Int) -> (lower: Int, fraction: Double) {
            guard n[axis] > 1 else { return (0, 0) }
            let inside = min(max(at[axis], 0), Double(n[axis] - 1))
            let lower = min(Int(inside), n[axis] - 2)
            return (lower, inside - Double(lower))
        }
        let (x, y, z) = (cell(0), cell(1), cell(2))
        start = geometry.index(x.lower, y.lower, z.lower)
        strides = (n.x > 1 ? 1 : 0, n.y > 1 ? n.x : 0, n.z > 1 ? n.x * n.y : 0)
        fractions = (x.fraction, y.fraction, z.fraction)
    }

    func value(_ values: [Float]) -> Double {
        func row(_ i: Int) -> Double {
            let a = Double(values[i])
            return a + fractions.x * (Double(values[i + strides.x]) - a)
        }
        func plane(_ i: Int) -> Double {
            let a = row(i)
            return a + fractions.y * (row(i + strides.y) - a)
        }
        let a = plane(start)
        return a + fractions.z * (plane(start + strides.z) - a)
    }
}

extension MaterialImages {
    /// The images of the anatomy at an amplitude: what was at x is at x + u(x).
    ///
    ///     I_a(y) = I(x)   with   x + u(x; a) = y
    ///
    /// Trilinear between voxel centres; where nothing moves, values are kept bit for bit. Beyond the image its outermost voxels go on.
    ///
    /// - Parameters:
    ///   - motion: Of the anatomy.
    ///   - amplitude: Of breathing.
    ///   - threads: The result does not depend on it.
    /// - Throws: `AnatomyMotionError.folds`, `CancellationError`.
    ///
    /// ## Checked by
    /// `AnatomyMotionTests`.
    public func moved(
        by motion: AnatomyMotion, amplitude: Double, threads: Int
    ) async throws -> MaterialImages {
        guard amplitude != motion.referenceAmplitude else { return self }
        let parts = try await geometry.resampled(
            [stoppingPowerRatio.values, scatteringRatio.values, nuclearRatio.values], threads: threads
        ) { centre in
            let from = try motion.origin(of: centre, amplitude: amplitude)
            guard from != centre else { return nil }
            return TrilinearPlace(from, in: geometry)
        }
        return MaterialImages(
            stoppingPowerRatio: Volume(geometry: geometry, values: parts[0]),
            scatteringRatio: Volume(geometry: geometry, values: parts[1]),
            nuclearRatio: Volume(geometry: geometry, values: parts[2]))
    }
}

extension AnatomyMotion {
    /// Doses that were given at an amplitude, brought back to the reference anatomy: D(x) = D_a(x + u(x; a)).
    ///
    /// Trilinear between voxel centres; where nothing moves, values are kept bit for bit. Beyond the grid its outermost voxels go on. Dose
    /// is energy per mass and moves with tissue: its value is kept, not its integral; for a rigid motion both are.
    ///
    /// - Parameters:
    ///   - doses: On one grid.
    ///   - amplitude: Of breathing.
    ///   - threads: The result does not depend on it.
    /// - Throws: `CancellationError`.
    /// - Precondition: one grid.
    ///
    /// ## Checked by
    /// `AnatomyMotionTests`.
    public func pulledBack(
        _ doses: [Volume<Float>], amplitude: Double, threads: Int
    ) async throws -> [Volume<Float>] {
        guard let geometry = doses.first?.geometry, amplitude != referenceAmplitude else { return doses }
        precondition(doses.allSatisfy { $0.geometry == geometry })
        let parts = try await geometry.resampled(doses.map(\.values), threads: threads) { centre in
            let u = displacement(at: centre, amplitude: amplitude)
            guard u.lengthMM > 0 else { return nil }
            return TrilinearPlace(centre + u, in: geometry)
        }
        return parts.map { Volume(geometry: geometry, values: $0) }
    }
}

extension VolumeGeometry {
    /// Several images on this grid, taken at other places, plane by plane.
    ///
    /// - Parameters:
    ///   - images: Values of each.
    ///   - threads: The result does not depend on it.
    ///   - place: Where the new value of the voxel with this centre comes from; nil keeps the old one.
    fileprivate func resampled(
        _ images: [[Float]], threads: Int,
        from place: @escaping @Sendable (Point3<DICOMPatient>) throws -> TrilinearPlace?
    ) async throws -> [[Float]] {
        let plane = dimensions.x * dimensions.y
        let planes = try await ParallelBatches.map(count: dimensions.z, threads: threads) { z in
            var moved = images.map { Array($0[z * plane..<(z + 1) * plane]) }
            for y in 0..<dimensions.y {
                for x in 0..<dimensions.x {
                    let voxel = index(x, y, z)
                    guard let from = try place(centre(x, y, z)) else { continue }
                    for k in images.indices { moved[k][voxel - z * plane] = Float(from.value(images[k])) }
                }
            }
            return moved
        }
        return images.indices.map { k in planes.flatMap { $0[k] } }
    }
}
