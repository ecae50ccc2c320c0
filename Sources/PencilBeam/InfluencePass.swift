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
        let lanes = range.map {
            BrickLanes(brick: bricks.bricks[$0], grid: bricks.geometry, rays: field.rays)
        }
        let masks = range.map { brick -> Lanes in
            let slots = bricks.slots[brick]
            return Lanes(repeating: 1).replacing(with: 0, where: slots .< 0)
        }
        var collection = Collection()
        let (u, v, _) = field.lattices(part)
        withUnsafeTemporaryAllocation(of: Lanes.self, capacity: 2 * u.count * v.count) { kernels in
            withUnsafeTemporaryAllocation(of: Lanes.self, capacity: 2 * v.count) { sums in
                guard let kernels = kernels.baseAddress, let sums = sums.baseAddress else { return }
                for layer in field.layers {
                    let scale = reachScale(of: layer)
                    layer.withEvaluator(rays: field.rays) { evaluator in
                        for offset in 0..<range.count {
                            guard let here = lanes[offset],
                                let window = RayWindow(
                                    part: part, layer: layer, field: field, lanes: here,
                                    reachScale: scale),
                                fill(kernels, window, layer, here, evaluator, mask: masks[offset])
                            else { continue }
                            collect(
                                layer, window, here, kernels: kernels, sums: sums,
                                brick: UInt16(offset), into: &collection)
                        }
                    }
                }
            }
        }
        return packed(collection, group: group)
    }

    /// How much of a sub-beam's reach is above the cut.
    private func reachScale(of layer: LayerKernel) -> Float {
        guard part == .halo, let height = layer.haloSpotHeight.max() else { return 1 }
        let ratio = Double(height) / (relativeCut * Double(layer.referenceDoseGy))
        return Float(min(1, (2 * log(max(ratio, 2))).squareRoot() / haloCutSigma))
    }

    /// Evaluates D and D·z* of all rays of the window; false if all are zero.
    @inline(__always)
    private func fill(
        _ kernels: UnsafeMutablePointer<Lanes>, _ window: RayWindow, _ layer: LayerKernel,
        _ lanes: BrickLanes, _ evaluator: KernelEvaluator, mask: Lanes
    ) -> Bool {
        let (u, v, stride) = field.lattices(part)
        let fineCount = field.rays.latticeU.count
        let (ownX, ownY) = layer.ownVariance(part, lanes: lanes)
        var value = KernelValue()
        var any = false
        var at = kernels
        withUnsafePointer(to: lanes.along) { along in
            for j in window.firstV..<(window.firstV + window.countV) {
                let rayV = Float(v.position(j))
                let offV = rayV - lanes.centreV
                let dy = (lanes.v - rayV) * lanes.magnificationY
                for i in window.firstU..<(window.firstU + window.countU) {
                    let rayU = Float(u.position(i))
                    let offU = rayU - lanes.centreU
                    var hit = false
                    if offU * offU + offV * offV <= window.reachSquared {
                        let dx = (lanes.u - rayU) * lanes.magnificationX
                        let ray = j * stride * fineCount + i * stride
                        hit =
                            part == .core
                            ? evaluator.coreKernel(
                                ray: ray, along: along, dx: dx, dy: dy, ownX: ownX, ownY: ownY, into: &value)
                            : evaluator.haloKernel(
                                ray: ray, along: along, dx: dx, dy: dy, ownX: ownX, ownY: ownY, into: &value)
                    }
                    at[0] = hit ? value.dose * mask : .zero
                    at[1] = hit ? value.doseZStar * mask : .zero
                    any = any || hit
                    at += 2
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
        let spots = part == .core ? layer.coreSpots : layer.haloSpots
        let cut = Float(relativeCut) * layer.referenceDoseGy
        // A spot farther away than this is below the cut even if its dose peaks here.
        let s = Int(lanes.along.first) / LayerKernel.spreadStride
        let sigmas = part == .core ? layer.coreSpotSigmaMM : layer.haloSpotSigmaMM
        let heights = part == .core ? layer.coreSpotHeight : layer.haloSpotHeight
        let height = max(heights[s], heights[s + 1]) / (Float(relativeCut) * layer.referenceDoseGy)
        let radius =
            max(1.5, (2 * Float(log(max(1, Double(height))))).squareRoot())
            * max(sigmas[s], sigmas[s + 1]) / lanes.leastMagnification
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
