/// The dose of one ion on one sub-beam in the eight voxels of a brick.
struct KernelValue {
    var dose = Lanes.zero
    var doseZStar = Lanes.zero
    var doseLET = Lanes.zero
}

/// Evaluates one component's sub-beam kernels in one brick.
///
///     K_c(x, y, w) = n_c D_c(d) G(x − x_ray; v_x) G(y − y_ray; v_y) ,  v = v_air(w) − v_lattice m² + σ_c²   (11)
///
/// with d and n_c of the ray at each voxel's depth and σ_c² linear between the brick's shallowest and deepest voxel.
///
/// The pointers are unsafe because this is the innermost loop of all dose calculation; they live as long as the
/// kernel's buffers, which the passes hold.
struct KernelEvaluator {
    private let table: UnsafePointer<SIMD4<Float>>
    private let rowsPerRay: Int
    private let inverseStep: Float
    private let lastRow: Float
    private let added:
        (UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>)
    private let fractions: (shallow: Float, deep: Float)
    private let between: Lanes
    private let ownX: Lanes
    private let ownY: Lanes
    private let greatestOwn: Float
    private let reachPerSigma: Float
    private let halfDiagonal: Float
    let endMM: Float
    /// Square of the distance from the brick's middle beyond which the component is left out, mm².
    let reachSquared: Float
    private static let log2e: Float = 1.442_695_04
    private static let inverseTwoPi: Float = 0.159_154_943

    init(
        _ component: ComponentKernel, rayCount: Int, lanes: BrickLanes, ownX: Lanes, ownY: Lanes,
        reachScale: Float
    ) {
        table = component.table.pointer
        rowsPerRay = component.rowsPerRay
        inverseStep = 1 / component.stepMM
        lastRow = component.lastRow
        endMM = component.endMM
        let (a, b) = (lanes.along.shallow, lanes.along.deep)
        let base = component.added.pointer
        added = (
            base + a.sample * rayCount, base + (a.sample + 1) * rayCount, base + b.sample * rayCount,
            base + (b.sample + 1) * rayCount
        )
        fractions = (a.fraction, b.fraction)
        between = lanes.along.between
        self.ownX = ownX
        self.ownY = ownY
        greatestOwn = max(maxLanes(ownX), maxLanes(ownY))
        reachPerSigma = component.cutSigma * reachScale / lanes.leastMagnification
        halfDiagonal = (lanes.halfU * lanes.halfU + lanes.halfV * lanes.halfV).squareRoot()
        reachSquared = lanes.squaredReach(
            lanes.greatest(component.reachMM) * reachScale / lanes.leastMagnification)
    }

    /// Adds the dose of one ion on ray `ray`.
    ///
    /// - Parameters:
    ///   - distanceSquared: From the brick's middle to the ray at the isocentre plane, mm².
    ///   - depth: Depth in water at the voxels, mm.
    ///   - factor: n_c at the voxels.
    ///   - squareX: Squares of the distances from the ray, mm².
    ///   - scratch: Eight rows.
    @inline(__always)
    func add(
        ray: Int, distanceSquared: Float, depth: Lanes, factor: Lanes, squareX: Lanes, squareY: Lanes,
        scratch: UnsafeMutablePointer<SIMD4<Float>>, to value: inout KernelValue
    ) {
        let (s0, s1, d0, d1) = (added.0[ray], added.1[ray], added.2[ray], added.3[ray])
        let shallow = s0 + fractions.shallow * (s1 - s0)
        let deep = d0 + fractions.deep * (d1 - d0)
        let reach = reachPerSigma * (greatestOwn + max(shallow, deep)).squareRoot() + halfDiagonal
        if distanceSquared > reach * reach { return }
        let spread = shallow + between * (deep - shallow)
        let (varianceX, varianceY) = (ownX + spread, ownY + spread)
        let root = reciprocalSquareRootLanes(varianceX * varianceY)
        let exponent = (squareX * varianceY + squareY * varianceX) * (root * root)
        let gaussian =
            exp2Lanes(exponent * (-0.5 * Self.log2e)) * root * (factor * Self.inverseTwoPi)

        let scaled = depth * inverseStep
        let t = scaled.replacing(with: lastRow, where: scaled .> lastRow)
        // Adding 2²³ rounds to an integer and leaves it in the low bits; one too high makes f negative, which
        // the row's own difference does not cover, so it is taken back.
        let bits = unsafeBitCast(t + 8_388_608, to: SIMD8<Int32>.self) & 0x7F_FFFF
        let rounded = unsafeBitCast(bits | 0x4B00_0000, to: Lanes.self) - 8_388_608
        let high = rounded .> t
        let row = bits.replacing(with: bits &- 1, where: high)
        let f = t - rounded.replacing(with: rounded - 1, where: high)
        let rows = table + ray * rowsPerRay
        for lane in 0..<8 {
            let r = rows + Int(row[lane])
            scratch[lane] = r[0] + f[lane] * (r[1] - r[0])
        }
        value.dose += gaussian * columnLanes(0, of: scratch)
        value.doseZStar += gaussian * columnLanes(1, of: scratch)
        value.doseLET += gaussian * columnLanes(2, of: scratch)
    }
}
