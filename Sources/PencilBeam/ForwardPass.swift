import NumericKernels
import Volumes

/// Dose of whole layers on a grid: the layer's ions on the lattice times the sub-beam kernels.
///
///     D(x) = Σ_layers Σ_rays F_ray K_ray(x) ,   F_ray = Σ_spots N_spot w(spot, ray)             (12)
struct ForwardPass: Sendable {
    let field: FieldKernels
    let part: LayerKernel.Part
    let grid: VolumeGeometry
    /// For each layer, ions on its lattice points.
    let fluence: [[Float]]

    /// Bricks of one batch of work.
    private static let batchSize = 512

    init(field: FieldKernels, part: LayerKernel.Part, grid: VolumeGeometry, particles: [[Double]]) {
        self.field = field
        self.part = part
        self.grid = grid
        let (u, v, _) = field.lattices(part)
        fluence = zip(field.layers, particles).map { layer, particles in
            (part == .core ? layer.coreSpots : layer.haloSpots).fluence(
                particles: particles, firstSpot: layer.firstSpot, countU: u.count, countV: v.count)
        }
    }

    /// Adds the dose to three volumes of the grid.
    func add(
        to dose: inout [Float], doseZStar: inout [Float], doseLET: inout [Float], threads: Int,
        progress: (Double) -> Void
    ) async throws {
        let bricks = try await bricksInReach(threads: threads)
        let batches = (bricks.count + Self.batchSize - 1) / Self.batchSize
        let parts = try await ParallelBatches.map(
            count: batches, threads: threads, progress: { progress(Double($0) / Double(batches)) },
            { batch in
                let range = (batch * Self.batchSize)..<min(bricks.count, (batch + 1) * Self.batchSize)
                return compute(bricks[range])
            })
        let n = grid.dimensions
        for (batch, values) in parts.enumerated() {
            for (offset, value) in values.enumerated() {
                let b = bricks[batch * Self.batchSize + offset]
                for lane in 0..<8 {
                    let x = 2 * Int(b.x) + (lane & 1)
                    let y = 2 * Int(b.y) + (lane >> 1 & 1)
                    let z = 2 * Int(b.z) + (lane >> 2)
                    if x >= n.x || y >= n.y || z >= n.z { continue }
                    let index = grid.index(x, y, z)
                    dose[index] += value.dose[lane]
                    doseZStar[index] += value.doseZStar[lane]
                    doseLET[index] += value.doseLET[lane]
                }
            }
        }
    }

    /// Bricks that some layer's sub-beams may reach, by planes.
    private func bricksInReach(threads: Int) async throws -> [SIMD3<Int32>] {
        let n = grid.dimensions
        return try await ParallelBatches.map(count: (n.z + 1) / 2, threads: threads) { z in
            var result: [SIMD3<Int32>] = []
            for y in 0..<((n.y + 1) / 2) {
                for x in 0..<((n.x + 1) / 2) {
                    let brick = SIMD3<Int32>(Int32(x), Int32(y), Int32(z))
                    if let lanes = BrickLanes(brick: brick, grid: grid, rays: field.rays),
                        field.layers.contains(where: {
                            RayWindow(part: part, layer: $0, field: field, lanes: lanes) != nil
                        })
                    {
                        result.append(brick)
                    }
                }
            }
            return result
        }.flatMap { $0 }
    }

    private func compute(_ bricks: ArraySlice<SIMD3<Int32>>) -> [KernelValue] {
        let lanes = bricks.compactMap { BrickLanes(brick: $0, grid: grid, rays: field.rays) }
        precondition(lanes.count == bricks.count, "bricks in reach have lanes")
        var sums = [KernelValue](repeating: KernelValue(), count: bricks.count)
        for (number, layer) in field.layers.enumerated() {
            layer.withEvaluator(rays: field.rays) { evaluator in
                fluence[number].withUnsafeBufferPointer { fluence in
                    for (offset, lanes) in lanes.enumerated() {
                        addLayer(
                            layer, lanes: lanes, evaluator: evaluator, fluence: fluence, to: &sums[offset])
                    }
                }
            }
        }
        return sums
    }

    @inline(__always)
    private func addLayer(
        _ layer: LayerKernel, lanes: BrickLanes, evaluator: KernelEvaluator,
        fluence: UnsafeBufferPointer<Float>, to sum: inout KernelValue
    ) {
        guard let window = RayWindow(part: part, layer: layer, field: field, lanes: lanes) else { return }
        let (u, v, stride) = field.lattices(part)
        let fineCount = field.rays.latticeU.count
        let (ownX, ownY) = layer.ownVariance(part, lanes: lanes)
        var total = KernelValue()
        withUnsafePointer(to: lanes.along) { along in
            var value = KernelValue()
            for j in window.firstV..<(window.firstV + window.countV) {
                let rayV = Float(v.position(j))
                let offV = rayV - lanes.centreV
                let dy = (lanes.v - rayV) * lanes.magnificationY
                for i in window.firstU..<(window.firstU + window.countU) {
                    let ions = fluence[j * u.count + i]
                    let rayU = Float(u.position(i))
                    let offU = rayU - lanes.centreU
                    if ions == 0 || offU * offU + offV * offV > window.reachSquared { continue }
                    let dx = (lanes.u - rayU) * lanes.magnificationX
                    let ray = j * stride * fineCount + i * stride
                    let hit =
                        part == .core
                        ? evaluator.coreKernel(
                            ray: ray, along: along, dx: dx, dy: dy, ownX: ownX, ownY: ownY, into: &value)
                        : evaluator.haloKernel(
                            ray: ray, along: along, dx: dx, dy: dy, ownX: ownX, ownY: ownY, into: &value)
                    if !hit { continue }
                    total.dose += ions * value.dose
                    total.doseZStar += ions * value.doseZStar
                    total.doseLET += ions * value.doseLET
                }
            }
        }
        sum.dose += total.dose
        sum.doseZStar += total.doseZStar
        sum.doseLET += total.doseLET
    }
}
