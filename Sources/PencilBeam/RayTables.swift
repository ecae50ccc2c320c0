import FacilityModel
import Frames
import IonPhysics
import NumericKernels
import PatientModel
import Volumes

#if canImport(Glibc)
    import Glibc
#endif

/// What a field's sub-beams have met, tabulated along each ray at equal steps of depth w.
///
/// Table entry [ray][k] belongs to depth `startMM + k stepMM`; rays are `[v][u]`, u fastest.
struct RayTables: Sendable {
    let geometry: FieldGeometry
    let latticeU: SubBeamLattice
    let latticeV: SubBeamLattice
    let startMM: Double
    let stepMM: Double
    /// Samples along a ray.
    let depthCount: Int
    /// Water-equivalent depth before the patient: nozzle and range shifter, mm.
    let upstreamWaterMM: Double
    let shifter: RangeShifter?
    /// Per ray and sample: water-equivalent depth d from the nozzle's entrance (mm); factor of the primaries and
    /// of the fragments by the nuclear correction (equations 6, 7); geometric spread of fragments, mm² (5).
    let samples: [SIMD4<Float>]
    /// Per ray and step: scattering power relative to water, per mm of depth.
    let scattering: [Float]
    /// Least d over all rays at each sample.
    let leastDepthMM: [Float]

    /// Samples of depth between two at which widths are tabulated.
    static let spreadStride = 2

    var rayCount: Int { latticeU.count * latticeV.count }
    var endMM: Double { startMM + Double(depthCount - 1) * stepMM }

    /// Traces all rays of the lattice through the images.
    static func trace(
        images: MaterialImages, geometry: FieldGeometry, latticeU: SubBeamLattice,
        latticeV: SubBeamLattice, nozzleWaterMM: Double, shifter: RangeShifter?,
        settings: PencilBeamSettings, threads: Int
    ) async throws -> RayTables {
        let (low, high) = depthInterval(of: images, geometry: geometry)
        // What lies upstream of the shifter's downstream face is air of the room.
        let start = max(low, shifter.map { -$0.isocentreDistanceMM } ?? -.infinity)
        let step = settings.depthStepMM
        // A whole number of the strides at which the widths are tabulated.
        let strides = max(1, Int(((high - start) / step / Double(spreadStride)).rounded(.up)))
        let stepCount = strides * spreadStride
        let tracer = RayTracer(images: images)
        let shifterWater = shifter?.waterEquivalentThicknessMM ?? 0
        let upstream = nozzleWaterMM + shifterWater
        let plate = try shifter.map { try ShifterPlate($0) }
        let rows = try await ParallelBatches.map(count: latticeV.count, threads: threads) { row in
            var samples: [SIMD4<Float>] = []
            var scattering: [Float] = []
            samples.reserveCapacity(latticeU.count * (stepCount + 1))
            scattering.reserveCapacity(latticeU.count * stepCount)
            for column in 0..<latticeU.count {
                let uv = SIMD2(latticeU.position(column), latticeV.position(row))
                var steps = [RayTracer.Step](repeating: RayTracer.Step(), count: stepCount)
                steps.withUnsafeMutableBufferPointer {
                    tracer.trace(
                        origin: geometry.point(uv: uv, depthMM: 0).mm,
                        direction: geometry.direction(uv: uv).mm, startMM: start, stepMM: step, into: $0)
                }
                var integral = RayIntegral(
                    nozzleWaterMM: nozzleWaterMM, meanFreePathMM: settings.nuclearMeanFreePathMM)
                if let shifter, let plate {
                    integral.pass(
                        stopping: plate.properties.stoppingPowerRatio,
                        nuclear: plate.properties.nuclearRatio, lengthMM: plate.thicknessMM)
                    integral.pass(
                        stopping: 0, nuclear: 0, lengthMM: start + shifter.isocentreDistanceMM)
                }
                samples.append(integral.sample)
                for s in steps {
                    integral.pass(
                        stopping: Double(s.stopping), nuclear: Double(s.nuclear), lengthMM: step)
                    samples.append(integral.sample)
                    scattering.append(s.scattering)
                }
            }
            return (samples, scattering)
        }
        let samples = rows.flatMap(\.0)
        let count = stepCount + 1
        var least = [Float](repeating: .infinity, count: count)
        for ray in 0..<(latticeU.count * latticeV.count) {
            for k in 0..<count { least[k] = min(least[k], samples[ray * count + k][0]) }
        }
        return RayTables(
            geometry: geometry, latticeU: latticeU, latticeV: latticeV, startMM: start, stepMM: step,
            depthCount: count, upstreamWaterMM: upstream, shifter: shifter, samples: samples,
            scattering: rows.flatMap(\.1), leastDepthMM: least)
    }

    /// Depths between which the image lies.
    private static func depthInterval(
        of images: MaterialImages, geometry: FieldGeometry
    ) -> (low: Double, high: Double) {
        let (a, b) = (images.geometry.lowerCorner.mm, images.geometry.upperCorner.mm)
        var (low, high) = (Double.infinity, -Double.infinity)
        for corner in 0..<8 {
            let p = Point3<DICOMPatient>(
                corner & 1 == 0 ? a.x : b.x, corner & 2 == 0 ? a.y : b.y, corner & 4 == 0 ? a.z : b.z)
            let depth = -geometry.toGantry.apply(p).z
            low = min(low, depth)
            high = max(high, depth)
        }
        return (low, high)
    }

    /// Water-equivalent depth of the patient alone at a ray and depth, by linear interpolation; nil outside.
    func patientWaterMM(uv: SIMD2<Double>, depthMM: Double) -> Double? {
        let (i, j) = (latticeU.index(of: uv.x), latticeV.index(of: uv.y))
        let k = (depthMM - startMM) / stepMM
        guard i >= -1e-9, j >= -1e-9, k >= -1e-9, i <= Double(latticeU.count - 1) + 1e-9,
            j <= Double(latticeV.count - 1) + 1e-9, k <= Double(depthCount - 1) + 1e-9
        else { return nil }
        func cell(_ x: Double, _ count: Int) -> (Int, Double) {
            let lower = min(max(Int(x), 0), max(count - 2, 0))
            return (lower, count == 1 ? 0 : x - Double(lower))
        }
        let (i0, fi) = cell(i, latticeU.count)
        let (j0, fj) = cell(j, latticeV.count)
        let (k0, fk) = cell(k, depthCount)
        var sum = 0.0
        for corner in 0..<8 {
            let (a, b, c) = (corner & 1, corner >> 1 & 1, corner >> 2)
            let weight = (a == 0 ? 1 - fi : fi) * (b == 0 ? 1 - fj : fj) * (c == 0 ? 1 - fk : fk)
            if weight == 0 { continue }
            let ray = (j0 + b) * latticeU.count + i0 + a
            sum += weight * Double(samples[ray * depthCount + k0 + c][0])
        }
        return sum - upstreamWaterMM
    }
}

/// Running integrals along one ray.
///
///     d(w) = d_nozzle + ∫ ρ_S dw′ ,     N(w) = ∫ (ρ_N − ρ_S) dw′ / λ_w                       (4)
///     g(w) = (1/d) ∫ ρ_S (w − w′)² dw′                                                     (5)
///     primaries × e^{−N}                                                                    (6)
///     fragments × [1 − e^{−(d/λ + N)}] / [1 − e^{−d/λ}]                                     (7)
///
/// For the spread of fragments the nozzle's few millimetres of water stand where the ray starts (at the border
/// of the image or before the range shifter); its scattering of the primaries is part of the measured spot size.
package struct RayIntegral {
    private var depth: Double
    private var excess = 0.0
    private var moments: (m0: Double, m1: Double, m2: Double)
    private let meanFreePathMM: Double

    package init(nozzleWaterMM: Double, meanFreePathMM: Double) {
        let t = nozzleWaterMM
        depth = t
        moments = (t, t * t / 2, t * t * t / 3)
        self.meanFreePathMM = meanFreePathMM
    }

    /// Passes a stretch of constant ratios.
    package mutating func pass(stopping: Double, nuclear: Double, lengthMM l: Double) {
        depth += stopping * l
        excess += (nuclear - stopping) * l / meanFreePathMM
        moments.m2 += 2 * l * moments.m1 + l * l * moments.m0 + stopping * l * l * l / 3
        moments.m1 += l * moments.m0 + stopping * l * l / 2
        moments.m0 += stopping * l
    }

    package var sample: SIMD4<Float> {
        let lost = depth / meanFreePathMM
        let fragments = lost > 1e-9 ? (1 - exp(-(lost + excess))) / (1 - exp(-lost)) : 1
        return SIMD4(
            Float(depth), Float(exp(-excess)), Float(max(0, fragments)),
            Float(depth > 0 ? moments.m2 / depth : 0))
    }
}
