import NumericKernels
import Volumes

/// Dose of a whole field on a grid: sub-beam kernels that carry the ions of merged layers.
///
///     D(x) = Σ_groups Σ_rays K_ray(x) ,   K_ray with the depth dose (14) of the ray                (12)
struct ForwardPass: Sendable {
    let field: FieldKernels
    let part: LayerKernel.Part
    let grid: VolumeGeometry
    /// Ions of each layer's spots.
    let particles: [[Double]]
    let mergedRangeMM: Double

    /// Bricks of one batch of work.
    private static let batchSize = 512

    /// Adds the dose to three volumes of the grid.
    func add(
        to dose: inout [Float], doseZStar: inout [Float], doseLET: inout [Float], threads: Int,
        progress: (Double) -> Void
    ) async throws {
        let groups = MergedLayers.groups(
            of: field, part: part, particles: particles, rangeMM: mergedRangeMM)
        for (number, group) in groups.enumerated() {
            let kernel = try await group.kernel(threads: threads)
            try await add(
                kernel, to: &dose, doseZStar: &doseZStar, doseLET: &doseLET, threads: threads,
                progress: { progress((Double(number) + $0) / Double(groups.count)) })
        }
    }

    private func add(
        _ kernel: BeamKernel, to dose: inout [Float], doseZStar: inout [Float], doseLET: inout [Float],
        threads: Int, progress: (Double) -> Void
    ) async throws {
        let bricks = try await bricksInReach(of: kernel, threads: threads)
        let batches = (bricks.count + Self.batchSize - 1) / Self.batchSize
        let parts = try await ParallelBatches.map(
            count: batches, threads: threads, progress: { progress(Double($0) / Double(batches)) },
            { batch in
                let range = (batch * Self.batchSize)..<min(bricks.count, (batch + 1) * Self.batchSize)
                return compute(kernel, bricks[range])
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

    /// Bricks that the sub-beams may reach, along a Morton curve: neighbours use the same rows of the same rays.
    private func bricksInReach(of kernel: BeamKernel, threads: Int) async throws -> [SIMD3<Int32>] {
        let n = grid.dimensions
        let bundle = field.bundle(part)
        return try await ParallelBatches.map(count: (n.z + 1) / 2, threads: threads) { z in
            var result: [SIMD3<Int32>] = []
            for y in 0..<((n.y + 1) / 2) {
                for x in 0..<((n.x + 1) / 2) {
                    let brick = SIMD3<Int32>(Int32(x), Int32(y), Int32(z))
                    if let lanes = BrickLanes(brick: brick, grid: grid, rays: field.rays),
                        RayWindow(kernel: kernel, bundle: bundle, lanes: lanes) != nil
                    {
                        result.append(brick)
                    }
                }
            }
            return result
        }.flatMap { $0 }.sorted { BrickSet.morton($0) < BrickSet.morton($1) }
    }

    private func compute(_ kernel: BeamKernel, _ bricks: ArraySlice<SIMD3<Int32>>) -> [KernelValue] {
        let bundle = field.bundle(part)
        let here = bricks.compactMap { brick -> (lanes: BrickLanes, window: RayWindow)? in
            guard let lanes = BrickLanes(brick: brick, grid: grid, rays: field.rays),
                let window = RayWindow(kernel: kernel, bundle: bundle, lanes: lanes)
            else { return nil }
            return (lanes, window)
        }
        precondition(here.count == bricks.count, "bricks in reach have lanes and a window")
        var values: [KernelValue] = []
        BrickRays.forEachBlock(of: here, bundle: bundle, active: kernel.active?.pointer) { _, block in
            for rays in block { values.append(value(of: kernel, bundle: bundle, rays: rays)) }
        }
        return values
    }

    @inline(__always)
    private func value(
        of kernel: BeamKernel, bundle: RayBundle, rays: BrickRays
    ) -> KernelValue {
        let (window, lanes) = (rays.window, rays.lanes)
        let ownX = kernel.ownVariance.lanes(axis: 0, depth: lanes.depth)
        let ownY = kernel.ownVariance.lanes(axis: 1, depth: lanes.depth)
        var total = KernelValue()
        for (c, component) in kernel.components.enumerated() {
            let evaluator = KernelEvaluator(
                component, rayCount: bundle.rayCount, lanes: lanes, ownX: ownX, ownY: ownY, reachScale: 1)
            let factor = part == .core && c == 0 ? 1 : 2
            var index = 0
            for j in 0..<window.countV {
                let ray = (window.firstV + j) * bundle.latticeU.count + window.firstU
                for i in 0..<window.countU {
                    defer { index += 1 }
                    if rays.leastDepth[index] > evaluator.endMM
                        || rays.offU[i] + rays.offV[j] > evaluator.reachSquared
                    {
                        continue
                    }
                    evaluator.add(
                        ray: ray + i, distanceSquared: rays.offU[i] + rays.offV[j],
                        depth: rays.met[3 * index], factor: rays.met[3 * index + factor],
                        squareX: rays.squareX[i], squareY: rays.squareY[j], scratch: rays.rows, to: &total)
                }
            }
        }
        return total
    }
}
