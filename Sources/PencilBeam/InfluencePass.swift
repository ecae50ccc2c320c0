import NumericKernels
import Volumes

#if canImport(Glibc)
    import Glibc
#endif

/// Builds one field's blocks of an influence matrix on one grid.
///
/// For each brick and layer the sub-beam kernels are evaluated once; a spot is a sum over the lattice with
/// weights that are a product of one number for its column and one for its row, so the sum is done first along
/// u for each distinct x of the spots and then along v for each spot:
///
///     T_j(x) = Σ_i w_x(i) K_ij ,   A(spot) = Σ_j w_y(j) T_j(x)                               (13)
struct InfluencePass: Sendable {
    let field: FieldKernels
    let part: LayerKernel.Part
    let bricks: BrickSet
    /// Number of spots of the whole plan.
    let spotCount: Int
    let relativeCut: Double
    let haloCutSigma: Double

    /// The block of each group, in order.
    func blocks(threads: Int, progress: (Double) -> Void) async throws -> [InfluenceBlock] {
        let count = bricks.groupCount
        return try await ParallelBatches.map(
            count: count, threads: threads, progress: { progress(Double($0) / Double(count)) },
            { group in block(group: group) })
    }

    /// What one group collects before it is sorted by spot and packed.
    private struct Collection {
        var spots: [Int32] = []
        var bricks: [UInt16] = []
        var dose: [Lanes] = []
        var doseZStar: [Lanes] = []
        var kept = 0.0
        var dropped = 0.0
    }

    private func block(group: Int) -> InfluenceBlock {
        let range = bricks.range(ofGroup: group)
        let bundle = field.bundle(part)
        let scales = field.layers.map { reachScale(of: $0) }
        var collection = Collection()

        // The bricks that any layer reaches, with the rays of all layers.
        var reached: [(lanes: BrickLanes, window: RayWindow)] = []
        var numbers: [Int] = []
        for offset in 0..<range.count {
            guard
                let lanes = BrickLanes(
                    brick: bricks.bricks[range.lowerBound + offset], grid: bricks.geometry, rays: field.rays)
            else { continue }
            var union = RayWindow?.none
            for (l, layer) in field.layers.enumerated() {
                guard
                    let window = RayWindow(
                        kernel: layer.kernel(part), bundle: bundle, lanes: lanes, reachScale: scales[l])
                else { continue }
                if union == nil { union = window } else { union?.unite(window) }
            }
            guard let union else { continue }
            reached.append((lanes, union))
            numbers.append(offset)
        }

        let rowCount = bundle.latticeV.count
        withUnsafeTemporaryAllocation(of: Lanes.self, capacity: 2 * (bundle.rayCount + rowCount)) { scratch in
            scratch.initialize(repeating: .zero)
            let kernels = scratch.baseAddress.unsafelyUnwrapped
            let sums = kernels + 2 * bundle.rayCount
            BrickRays.forEachBlock(of: reached, bundle: bundle) { first, block in
                for (l, layer) in field.layers.enumerated() {
                    let kernel = layer.kernel(part)
                    for (offset, rays) in block.enumerated() {
                        guard
                            let window = RayWindow(
                                kernel: kernel, bundle: bundle, lanes: rays.lanes, reachScale: scales[l])
                        else { continue }
                        let number = numbers[first + offset]
                        let slots = bricks.slots[range.lowerBound + number]
                        let mask = Lanes(repeating: 1).replacing(with: 0, where: slots .< 0)
                        if fill(
                            kernels, window, of: kernel, bundle: bundle, rays: rays, scale: scales[l],
                            mask: mask)
                        {
                            collect(
                                layer, window, rays.lanes, kernels: kernels, sums: sums,
                                brick: UInt16(number),
                                into: &collection)
                        }
                    }
                }
            }
        }
        return packed(collection, group: group)
    }

    /// How much of a sub-beam's reach is above the cut.
    private func reachScale(of layer: LayerKernel) -> Float {
        guard part != .core, let height = layer.spotHeight(part).max() else { return 1 }
        let ratio = Double(height) / (relativeCut * Double(layer.referenceDoseGy))
        return Float(min(1, (2 * log(max(ratio, 2))).squareRoot() / haloCutSigma))
    }

    /// Evaluates D and D·z* of all rays of the window; false if all are zero.
    @inline(__always)
    private func fill(
        _ kernels: UnsafeMutablePointer<Lanes>, _ window: RayWindow, of kernel: BeamKernel,
        bundle: RayBundle, rays: BrickRays, scale: Float, mask: Lanes
    ) -> Bool {
        let (union, lanes) = (rays.window, rays.lanes)
        let ownX = kernel.ownVariance.lanes(axis: 0, depth: lanes.depth)
        let ownY = kernel.ownVariance.lanes(axis: 1, depth: lanes.depth)
        var any = false
        for (c, component) in kernel.components.enumerated() {
            let evaluator = KernelEvaluator(
                component, rayCount: bundle.rayCount, lanes: lanes, ownX: ownX, ownY: ownY, reachScale: scale)
            let factor = part == .core && c == 0 ? 1 : 2
            var at = kernels
            for j in window.firstV - union.firstV..<window.firstV - union.firstV + window.countV {
                let ray = (union.firstV + j) * bundle.latticeU.count + union.firstU
                for i in window.firstU - union.firstU..<window.firstU - union.firstU + window.countU {
                    defer { at += 2 }
                    let index = j * union.countU + i
                    var value = KernelValue()
                    if c > 0 { (value.dose, value.doseZStar) = (at[0], at[1]) }
                    if rays.leastDepth[index] <= evaluator.endMM
                        && rays.offU[i] + rays.offV[j] <= evaluator.reachSquared
                    {
                        evaluator.add(
                            ray: ray + i, distanceSquared: rays.offU[i] + rays.offV[j],
                            depth: rays.met[3 * index],
                            factor: rays.met[3 * index + factor] * mask,
                            squareX: rays.squareX[i], squareY: rays.squareY[j], scratch: rays.rows, to: &value
                        )
                        any = true
                    }
                    (at[0], at[1]) = (value.dose, value.doseZStar)
                }
            }
        }
        return any
    }

    /// Composes the spots near the brick and keeps those above the cut.
    @inline(__always)
    private func collect(
        _ layer: LayerKernel, _ window: RayWindow, _ lanes: BrickLanes,
        kernels: UnsafeMutablePointer<Lanes>, sums: UnsafeMutablePointer<Lanes>, brick: UInt16,
        into collection: inout Collection
    ) {
        let spots = layer.spots(part)
        let cut = Float(relativeCut) * layer.referenceDoseGy
        // A spot farther away than this is below the cut even if its dose peaks here.
        let height = lanes.greatest(layer.spotHeight(part)) / cut
        let radius =
            max(1.5, (2 * Float(log(max(1, Double(height))))).squareRoot())
            * lanes.greatest(layer.spotSigmaMM(part)) / lanes.leastMagnification
        for (c, column) in spots.columns.enumerated() {
            let offU = abs(Float(column.coordinateMM) - lanes.centreU) - lanes.halfU
            if offU > radius { continue }
            let low = max(column.first, window.firstU)
            let high = min(column.first + column.weights.count, window.firstU + window.countU)
            if low >= high { continue }
            let reachV = (radius * radius - max(0, offU) * max(0, offU)).squareRoot() + lanes.halfV
            column.weights.withUnsafeBufferPointer { wx in
                for j in 0..<window.countV {
                    var (d, z) = (Lanes.zero, Lanes.zero)
                    var at = kernels + 2 * (j * window.countU + low - window.firstU)
                    for i in low..<high {
                        let w = wx[i - column.first]
                        d += w * at[0]
                        z += w * at[1]
                        at += 2
                    }
                    sums[2 * j] = d
                    sums[2 * j + 1] = z
                }
            }
            for entry in spots.entries[c] {
                let row = spots.rows[entry.row]
                if abs(Float(row.coordinateMM) - lanes.centreV) > reachV { continue }
                let low = max(row.first, window.firstV)
                let high = min(row.first + row.weights.count, window.firstV + window.countV)
                if low >= high { continue }
                var (d, z) = (Lanes.zero, Lanes.zero)
                row.weights.withUnsafeBufferPointer { wy in
                    for j in low..<high {
                        let w = wy[j - row.first]
                        d += w * sums[2 * (j - window.firstV)]
                        z += w * sums[2 * (j - window.firstV) + 1]
                    }
                }
                if maxLanes(d) > cut {
                    collection.spots.append(entry.spot)
                    collection.bricks.append(brick)
                    collection.dose.append(d)
                    collection.doseZStar.append(z)
                    collection.kept += Double(sumLanes(d))
                } else {
                    collection.dropped += Double(sumLanes(d))
                }
            }
        }
    }

    /// Sorts by spot (stable, so bricks stay ascending) and rounds to 16 bits.
    private func packed(_ collection: Collection, group: Int) -> InfluenceBlock {
        var block = InfluenceBlock(group: group)
        block.keptDose = collection.kept
        block.droppedDose = collection.dropped
        let total = collection.spots.count
        var start = [Int32](repeating: 0, count: spotCount + 1)
        for spot in collection.spots { start[Int(spot) + 1] += 1 }
        for s in 0..<spotCount { start[s + 1] += start[s] }
        var order = [Int32](repeating: 0, count: total)
        var next = start
        for (i, spot) in collection.spots.enumerated() {
            order[Int(next[Int(spot)])] = Int32(i)
            next[Int(spot)] += 1
        }
        block.bricks.reserveCapacity(total)
        block.entries.reserveCapacity(total)
        for spot in 0..<spotCount where start[spot + 1] > start[spot] {
            let members = order[Int(start[spot])..<Int(start[spot + 1])]
            var (greatestD, greatestZ) = (Float(0), Float(0))
            for m in members {
                greatestD = max(greatestD, maxLanes(collection.dose[Int(m)]))
                greatestZ = max(greatestZ, maxLanes(collection.doseZStar[Int(m)]))
            }
            let (unitD, unitZ) = (greatestD / 65535, max(greatestZ, .leastNormalMagnitude) / 65535)
            block.segments.append(
                InfluenceBlock.Segment(
                    spot: Int32(spot), start: Int32(block.entries.count), doseUnit: unitD,
                    doseZStarUnit: unitZ))
            for m in members {
                block.bricks.append(collection.bricks[Int(m)])
                block.entries.append(
                    InfluenceBlock.pack(
                        upper: collection.dose[Int(m)] / unitD,
                        lower: collection.doseZStar[Int(m)] / unitZ))
            }
        }
        block.nonzeros = block.countNonzeros()
        return block
    }
}
