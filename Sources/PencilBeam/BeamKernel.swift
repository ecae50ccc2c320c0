/// One component of a beam on a lattice of rays, ready to be evaluated.
final class ComponentKernel: Sendable {
    /// Rows by depth in water: D, D·z*, D·LET (laterally integrated, Gy mm² and so on), 0. One table for all rays, or
    /// one for each ray.
    let table: FixedBuffer<SIMD4<Float>>
    /// 0 if all rays share the table.
    let rowsPerRay: Int
    let stepMM: Float
    /// Number of the last row that has a row behind it.
    let lastRow: Float
    /// Depth in water beyond which the component is left out, mm.
    let endMM: Float
    /// `[s][ray]`: variance that scattering and fragmentation have added, mm², at every
    /// `RayTables.spreadStride`-th sample.
    let added: FixedBuffer<Float>
    /// Multiple of its width to which a sub-beam is followed.
    let cutSigma: Float
    /// How far the widest sub-beam in tissue reaches at each of these samples, mm at that depth.
    let reachMM: [Float]

    init(
        table: FixedBuffer<SIMD4<Float>>, rowsPerRay: Int, rowCount: Int, stepMM: Float, endMM: Float,
        added: FixedBuffer<Float>, cutSigma: Float, reachMM: [Float]
    ) {
        self.cutSigma = cutSigma
        self.table = table
        self.rowsPerRay = rowsPerRay
        self.stepMM = stepMM
        self.endMM = endMM
        self.added = added
        self.reachMM = reachMM
        lastRow = Float(rowCount - 2)
    }
}

/// A polynomial c₀ + c₁ w + c₂ w² of the depth w for both axes, mm².
struct VariancePolynomial: Sendable {
    var c0 = SIMD2<Double>(0, 0)
    var c1 = SIMD2<Double>(0, 0)
    var c2 = SIMD2<Double>(0, 0)

    func value(at w: Double) -> SIMD2<Double> { c0 + w * (c1 + w * c2) }

    /// Of eight depths on one axis.
    func lanes(axis: Int, depth w: Lanes) -> Lanes {
        Float(c0[axis]) + w * (Float(c1[axis]) + w * Float(c2[axis]))
    }

    static func + (a: Self, b: Self) -> Self {
        VariancePolynomial(c0: a.c0 + b.c0, c1: a.c1 + b.c1, c2: a.c2 + b.c2)
    }

    static func * (factor: Double, a: Self) -> Self {
        VariancePolynomial(c0: factor * a.c0, c1: factor * a.c1, c2: factor * a.c2)
    }
}

/// The sub-beams of one layer, or of several layers together, on one lattice of rays.
final class BeamKernel: Sendable {
    /// Primaries and heavy fragments, or light fragments alone.
    let components: [ComponentKernel]
    /// Variance of a sub-beam in air.
    let ownVariance: VariancePolynomial
    /// Depth in water beyond which nothing is left, mm.
    let endMM: Float
    /// Greatest reach of the components at each spread sample, mm at that depth.
    let reachMM: [Float]
    /// Lattice points that carry ions.
    let usedU: ClosedRange<Int>
    let usedV: ClosedRange<Int>
    /// For each ray whether it carries ions; nil if all do.
    let active: FixedBuffer<Bool>?

    init(
        components: [ComponentKernel], ownVariance: VariancePolynomial, usedU: ClosedRange<Int>,
        usedV: ClosedRange<Int>, active: FixedBuffer<Bool>? = nil
    ) {
        self.components = components
        self.ownVariance = ownVariance
        self.usedU = usedU
        self.usedV = usedV
        self.active = active
        endMM = components.map(\.endMM).max() ?? 0
        let count = components.map(\.reachMM.count).min() ?? 0
        reachMM = (0..<count).map { s in components.map { $0.reachMM[s] }.max() ?? 0 }
    }
}
