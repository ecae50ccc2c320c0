import Frames
import PencilBeam
import Volumes

#if canImport(Glibc)
    import Glibc
#endif

/// Gathers equation 9 in the voxels of a grid.
struct BroadBeamPass: Sendable {
    let geometry: FieldGeometry
    let rays: PassiveRays
    let beam: PassiveFieldBeam
    let sources: [RaySources]
    let grid: VolumeGeometry
    let collimatorDistanceMM: Double
    let cutSigma: Double

    /// D, D z*, D LET, 0 of one plane of the grid, x fastest.
    func plane(_ z: Int) -> [SIMD4<Float>] {
        var result: [SIMD4<Float>] = []
        result.reserveCapacity(grid.dimensions.x * grid.dimensions.y)
        var weights = AxisWeights()
        for y in 0..<grid.dimensions.y {
            for x in 0..<grid.dimensions.x {
                result.append(dose(at: grid.centre(x, y, z), &weights))
            }
        }
        return result
    }

    private func dose(at point: Point3<DICOMPatient>, _ weights: inout AxisWeights) -> SIMD4<Float> {
        let (uv, w) = geometry.ray(through: point)
        let place = (w - rays.startMM) / rays.stepMM
        guard place >= 0, place < Double(rays.depthCount - 1) else { return .zero }
        let k = Int(place)
        let fraction = Float(place - Double(k))
        let own = k * rays.rayCount + rays.nearest(to: uv)
        let sample = rays.samples[own]
        let magnification = geometry.magnification(depthMM: w).x
        let drift = collimatorDistanceMM + w
        let air = beam.angleVariance * drift * drift
        var sum = SIMD4<Float>.zero
        for source in sources {
            let coefficient = Double(beam.widthCoefficient(source.term, atWaterMM: sample[0]))
            let spread = source.term == .primary ? rays.primarySpread[own] : sample[3]
            let sigma = (air + coefficient * Double(spread)).squareRoot() / magnification
            sum += gather(source, uv: uv, sigma: max(sigma, 1e-3), k: k, fraction: fraction, &weights)
        }
        sum *= Float(1 / (magnification * magnification))
        return sum
    }

    /// The mean of a source's squares under a Gaussian around `uv`, linear between two samples of depth.
    private func gather(
        _ source: RaySources, uv: SIMD2<Double>, sigma: Double, k: Int, fraction: Float,
        _ weights: inout AxisWeights
    ) -> SIMD4<Float> {
        let position = (uv - source.edgeMM) / source.pitchMM
        let reach = cutSigma * sigma / source.pitchMM
        guard
            let columns = weights.fillX(
                position.x, sigma: sigma / source.pitchMM, reach: reach, count: source.columnCount),
            let rows = weights.fillY(
                position.y, sigma: sigma / source.pitchMM, reach: reach, count: source.rowCount)
        else { return .zero }
        var (lower, upper) = (SIMD4<Float>.zero, SIMD4<Float>.zero)
        let plane = source.columnCount * source.rowCount
        source.values.withUnsafeBufferPointer { values in
            for row in rows {
                let start = k * plane + row * source.columnCount
                var (a, b) = (SIMD4<Float>.zero, SIMD4<Float>.zero)
                for column in columns {
                    let weight = weights.x[column - columns.lowerBound]
                    a += weight * values[start + column]
                    b += weight * values[start + plane + column]
                }
                let weight = weights.y[row - rows.lowerBound]
                lower += weight * a
                upper += weight * b
            }
        }
        return lower + fraction * (upper - lower)
    }
}

/// Shares of a Gaussian that fall on the squares of one axis; kept to spare allocations.
struct AxisWeights {
    private(set) var x: [Float] = []
    private(set) var y: [Float] = []

    /// Squares within reach along x, nil if there are none; in units of the square's side, edges at whole numbers.
    mutating func fillX(_ position: Double, sigma: Double, reach: Double, count: Int) -> Range<Int>? {
        Self.fill(&x, position, sigma: sigma, reach: reach, count: count)
    }

    /// The same along y.
    mutating func fillY(_ position: Double, sigma: Double, reach: Double, count: Int) -> Range<Int>? {
        Self.fill(&y, position, sigma: sigma, reach: reach, count: count)
    }

    private static func fill(
        _ weights: inout [Float], _ position: Double, sigma: Double, reach: Double, count: Int
    ) -> Range<Int>? {
        let first = max(0, Int((position - reach).rounded(.down)))
        let last = min(count - 1, Int((position + reach).rounded(.down)))
        guard first <= last else { return nil }
        weights.removeAll(keepingCapacity: true)
        let scale = 1 / (2.0.squareRoot() * sigma)
        var before = erf((Double(first) - position) * scale)
        for index in first...last {
            let next = erf((Double(index + 1) - position) * scale)
            weights.append(Float(0.5 * (next - before)))
            before = next
        }
        return first..<(last + 1)
    }
}
