/// The lattice points whose sub-beams reach a brick: a rectangle of the lattice, and the circle within it.
struct RayWindow {
    let firstU: Int
    let countU: Int
    let firstV: Int
    let countV: Int
    /// Square of the distance (isocentre plane) from the brick's middle beyond which a ray is left out, mm².
    let reachSquared: Float

    /// Nil if no sub-beam of the layer reaches the brick; `reachScale` shortens the reach.
    init?(
        part: LayerKernel.Part, layer: LayerKernel, field: FieldKernels, lanes: BrickLanes,
        reachScale: Float = 1
    ) {
        let first = Int(lanes.along.first)
        let s = first / LayerKernel.spreadStride
        let reaches = part == .core ? layer.coreReachMM : layer.haloReachMM
        let end = part == .core ? layer.coreEndMM : layer.tables.haloEndMM
        if field.rays.leastDepthMM[first] > end { return nil }
        // A brick may cross into the next interval of the samples.
        let reach =
            max(reaches[s], max(reaches[s + 1], reaches[min(s + 2, reaches.count - 1)]))
            * reachScale / lanes.leastMagnification
        let (u, v, _) = field.lattices(part)
        let spots = part == .core ? layer.coreSpots : layer.haloSpots

        func range(_ centre: Float, _ half: Float, _ lattice: SubBeamLattice, _ used: ClosedRange<Int>)
            -> (Int, Int)?
        {
            let middle = lattice.index(of: Double(centre))
            let width = Double(half + reach) / lattice.pitchMM
            let low = max((middle - width).rounded(.up), Double(used.lowerBound))
            let high = min((middle + width).rounded(.down), Double(used.upperBound))
            return low <= high ? (Int(low), Int(high) - Int(low) + 1) : nil
        }
        guard let a = range(lanes.centreU, lanes.halfU, u, spots.usedU),
            let b = range(lanes.centreV, lanes.halfV, v, spots.usedV)
        else { return nil }
        (firstU, countU) = a
        (firstV, countV) = b
        let radius = reach + (lanes.halfU * lanes.halfU + lanes.halfV * lanes.halfV).squareRoot()
        reachSquared = radius * radius
    }
}

extension LayerKernel {
    /// Own variance in air of the sub-beams at the eight voxels.
    func ownVariance(_ part: Part, lanes: BrickLanes) -> (x: Lanes, y: Lanes) {
        let carried = part == .core ? coreWeightVariance : haloWeightVariance
        func one(_ axis: Int, _ m: Lanes) -> Lanes {
            let (a, b, c) = (
                Float(airVariance.0[axis]), Float(airVariance.1[axis]), Float(airVariance.2[axis])
            )
            let w = lanes.depth
            return a + w * b + w * w * c - Float(carried[axis]) * m * m
        }
        return (one(0, lanes.magnificationX), one(1, lanes.magnificationY))
    }

    /// Calls `body` with an evaluator over this layer's tables.
    @inline(__always)
    func withEvaluator<Result>(
        rays: RayTables, _ body: (KernelEvaluator) -> Result
    ) -> Result? {
        withUnsafeTemporaryAllocation(of: SIMD8<Float>.self, capacity: 8) { scratch in
            rays.samples.withUnsafeBufferPointer { samples in
                spread.withUnsafeBufferPointer { spread in
                    tables.core.withUnsafeBufferPointer { core in
                        tables.halo.withUnsafeBufferPointer { halo in
                            guard let scratch = scratch.baseAddress, let samples = samples.baseAddress,
                                let spread = spread.baseAddress, let core = core.baseAddress,
                                let halo = halo.baseAddress
                            else { return nil }
                            scratch.initialize(repeating: .zero, count: 8)
                            return body(
                                KernelEvaluator(
                                    samples: samples, depthCount: rays.depthCount, spread: spread,
                                    spreadCount: spreadCount, core: core, halo: halo,
                                    lastRow: Float(tables.core.count - 2),
                                    inverseStep: 1 / tables.stepMM, coreEndMM: coreEndMM,
                                    primaryEndMM: tables.primaryEndMM,
                                    haloEndMM: tables.haloEndMM, scratch: scratch))
                        }
                    }
                }
            }
        }
    }
}
