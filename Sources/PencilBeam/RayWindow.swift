/// The lattice points whose sub-beams reach a brick: a rectangle of the lattice, and the circle within it.
struct RayWindow {
    var firstU: Int
    var countU: Int
    var firstV: Int
    var countV: Int
    /// Square of the distance (isocentre plane) from the brick's middle beyond which a ray is left out, mm².
    var reachSquared: Float

    /// Nil if no sub-beam of the kernel reaches the brick; `reachScale` shortens the reach.
    @inline(__always)
    init?(kernel: BeamKernel, bundle: RayBundle, lanes: BrickLanes, reachScale: Float = 1) {
        if bundle.leastDepthMM[Int(lanes.along.first)] > kernel.endMM { return nil }
        let reach = lanes.greatest(kernel.reachMM) * reachScale / lanes.leastMagnification

        func range(_ centre: Float, _ half: Float, _ lattice: SubBeamLattice, _ used: ClosedRange<Int>)
            -> (Int, Int)?
        {
            let middle = lattice.index(of: Double(centre))
            let width = Double(half + reach) / lattice.pitchMM
            let low = max((middle - width).rounded(.up), Double(used.lowerBound))
            let high = min((middle + width).rounded(.down), Double(used.upperBound))
            return low <= high ? (Int(low), Int(high) - Int(low) + 1) : nil
        }
        guard let a = range(lanes.centreU, lanes.halfU, bundle.latticeU, kernel.usedU),
            let b = range(lanes.centreV, lanes.halfV, bundle.latticeV, kernel.usedV)
        else { return nil }
        (firstU, countU) = a
        (firstV, countV) = b
        reachSquared = lanes.squaredReach(reach)
    }

    var rayCount: Int { countU * countV }

    /// The least rectangle around both, with the greater circle.
    mutating func unite(_ other: RayWindow) {
        let endU = max(firstU + countU, other.firstU + other.countU)
        let endV = max(firstV + countV, other.firstV + other.countV)
        firstU = min(firstU, other.firstU)
        firstV = min(firstV, other.firstV)
        countU = endU - firstU
        countV = endV - firstV
        reachSquared = max(reachSquared, other.reachSquared)
    }
}
