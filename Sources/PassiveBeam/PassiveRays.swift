import Frames
import IonPhysics
import NumericKernels
import PatientModel
import PencilBeam
import PlanModel

/// What a passive field's rays have met on the way, at equal steps of depth.
///
/// Entries are `[k][v][u]`, u fastest; sample k belongs to depth `startMM + k stepMM` below the isocentre plane.
struct PassiveRays: Sendable {
    let firstMM: SIMD2<Double>
    let pitchMM: Double
    let columnCount: Int
    let rowCount: Int
    let startMM: Double
    let stepMM: Double
    let depthCount: Int
    /// Water-equivalent depth behind the nozzle (mm), factor of primaries, factor of fragments, spread g of fragments (mm²).
    let samples: [SIMD4<Float>]
    /// V of the primaries: ∫ ρ_M (w − w′)²/(R − d) dw′ over bolus and patient, mm² for a coefficient of 1.
    let primarySpread: [Float]

    var rayCount: Int { columnCount * rowCount }

    func ray(column: Int, row: Int) -> SIMD2<Double> {
        firstMM + pitchMM * SIMD2(Double(column), Double(row))
    }

    struct Request: Sendable {
        var geometry: FieldGeometry
        var bolus: Bolus?
        /// Water-equivalent thickness and residual range of the nozzle, and where its fragments start: the collimator.
        var upstreamWaterMM: Double
        var residualRangeMM: Double
        var collimatorDistanceMM: Double
        var lowerMM: SIMD2<Double>
        var upperMM: SIMD2<Double>
        var settings: PassiveBeamSettings
    }

    /// Traces a rectangle of rays.
    ///
    /// - Throws: `PassiveBeamError.patientInDevice`, `unknownMaterial`.
    static func trace(images: MaterialImages, request: Request, threads: Int) async throws -> PassiveRays {
        let settings = request.settings
        let pitch = settings.rayPitchMM
        let first = (request.lowerMM / pitch).rounded(.down) * pitch
        let count = ((request.upperMM - first) / pitch).rounded(.up) + 1
        let (columns, rows) = (Int(count.x), Int(count.y))
        let interval = DepthInterval(of: images.geometry, geometry: request.geometry)
        let device = request.bolus?.distanceMM ?? request.collimatorDistanceMM
        let start = max(interval.lowerMM, -device)
        let step = settings.depthStepMM
        let stepCount = max(1, Int(((interval.upperMM - start) / step).rounded(.up)))
        let upstream = max(0, Int(((start - interval.lowerMM) / step).rounded(.up)))
        let properties = try request.bolus.map { try BolusDesign.properties(material: $0.material) }
        let tracer = RayTracer(images: images)
        let scattering = PrimaryScattering(rangeMM: request.residualRangeMM)
        let mean = PencilBeamSettings().nuclearMeanFreePathMM
        let found = try await ParallelBatches.map(count: rows, threads: threads) { row in
            var samples: [SIMD4<Float>] = []
            var spread: [Float] = []
            for column in 0..<columns {
                let uv = first + pitch * SIMD2(Double(column), Double(row))
                func steps(from: Double, count: Int) -> [RayTracer.Step] {
                    var steps = [RayTracer.Step](repeating: RayTracer.Step(), count: count)
                    steps.withUnsafeMutableBufferPointer {
                        tracer.trace(
                            origin: request.geometry.point(uv: uv, depthMM: 0).mm,
                            direction: request.geometry.direction(uv: uv).mm, startMM: from, stepMM: step,
                            into: $0)
                    }
                    return steps
                }
                let before = steps(from: start - Double(upstream) * step, count: upstream)
                if let place = before.firstIndex(where: { $0.stopping > 0.05 }) {
                    throw PassiveBeamError.patientInDevice(
                        device: request.bolus == nil ? "collimator" : "bolus",
                        patientMM: Double(upstream - place) * step - start, deviceMM: device)
                }
                var integral = RayIntegral(
                    nozzleWaterMM: request.upstreamWaterMM, meanFreePathMM: mean)
                var moments = FermiEygesMoments()
                if let bolus = request.bolus, let properties {
                    let thickness = bolus.thicknessMM(at: uv)
                    integral.pass(
                        stopping: 0, nuclear: 0,
                        lengthMM: max(0, request.collimatorDistanceMM - bolus.distanceMM - thickness))
                    // In slices: the residual range falls on the way.
                    let slices = max(1, Int(thickness.rounded(.up)))
                    for slice in 0..<slices {
                        let water =
                            properties.stoppingPowerRatio * thickness * (Double(slice) + 0.5) / Double(slices)
                        moments.pass(
                            power: properties.scatteringRatio * scattering.power(atWaterDepthMM: water),
                            lengthMM: thickness / Double(slices))
                    }
                    integral.pass(
                        stopping: properties.stoppingPowerRatio, nuclear: properties.nuclearRatio,
                        lengthMM: thickness)
                }
                let gap = start + device
                integral.pass(stopping: 0, nuclear: 0, lengthMM: gap)
                moments.pass(power: 0, lengthMM: gap)
                func record() {
                    var sample = integral.sample
                    sample[0] -= Float(request.upstreamWaterMM)
                    samples.append(sample)
                    spread.append(Float(moments.variance))
                }
                record()
                for s in steps(from: start, count: stepCount) {
                    let depth = Double(samples[samples.count - 1][0]) + 0.5 * step * Double(s.stopping)
                    moments.pass(
                        power: Double(s.scattering) * scattering.power(atWaterDepthMM: depth), lengthMM: step)
                    integral.pass(stopping: Double(s.stopping), nuclear: Double(s.nuclear), lengthMM: step)
                    record()
                }
            }
            return (samples, spread)
        }
        // From ray by ray to depth by depth.
        let depthCount = stepCount + 1
        let rays = columns * rows
        var samples = [SIMD4<Float>](repeating: .zero, count: rays * depthCount)
        var spread = [Float](repeating: 0, count: rays * depthCount)
        for (row, part) in found.enumerated() {
            for column in 0..<columns {
                for k in 0..<depthCount {
                    let to = k * rays + row * columns + column
                    samples[to] = part.0[column * depthCount + k]
                    spread[to] = part.1[column * depthCount + k]
                }
            }
        }
        return PassiveRays(
            firstMM: first, pitchMM: pitch, columnCount: columns, rowCount: rows, startMM: start,
            stepMM: step,
            depthCount: depthCount, samples: samples, primarySpread: spread)
    }

    /// Ray nearest to a point of the isocentre plane, at the edge beyond it.
    @inline(__always)
    func nearest(to uv: SIMD2<Double>) -> Int {
        let place = (uv - firstMM) / pitchMM
        let column = min(max(Int(place.x.rounded()), 0), columnCount - 1)
        let row = min(max(Int(place.y.rounded()), 0), rowCount - 1)
        return row * columnCount + column
    }
}
