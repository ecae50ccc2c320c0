import BeamData
import IonPhysics

#if canImport(Glibc)
    import Glibc
#endif

/// Takes most of the statistical noise out of the primaries' share by using the survival of all nodes together.
///
/// Whether a primary reacts on the way from residual range r₁ to r₂ does not depend on the energy it started with, so
/// the nodes measure one function, the reaction probability per path h(r):
///
///     ln[s_k(t_j)/s_k(t_{j+1})] = ∫ h(r) dr over R_k(1 − t_{j+1}) ... R_k(1 − t_j),   s_k(t) = D_k(t)/S(E(R_k(1 − t)))
///
/// h is piecewise linear between fixed residual ranges and found by least squares over all nodes and depths (t from 0.005
/// to 0.9, weights of the binomial law). The dose columns of the primaries are then multiplied by expected over
/// found survival; beyond t = 0.9 the factor is held. With N histories the found survival p scatters by √((1 − p)/(N p)),
/// the pooled one by a few times less.
///
/// ## Checked by
/// `SurvivalPoolingTests`.
public enum SurvivalPooling {
    private static let lastDepth = 0.9
    private static let depthStep = 0.05
    /// Residual ranges where h has its corners, mm.
    private static let knotsMM: [Double] = [0, 10, 25, 50, 90, 140, 200, 270, 340, 420]

    /// The nodes with pooled primaries.
    ///
    /// - Parameters:
    ///   - nodes: Nodes of equal histories.
    ///   - axes: Their axes; depths must include 0.005 steps below t = 0.9 (otherwise the nearest are taken).
    ///   - ranges: Range table of the primary ion.
    public static func pooled(
        _ nodes: [BeamDataNode], axes: BeamDataAxes, ranges: RangeTable
    ) -> [BeamDataNode] {
        let indices = depthIndices(axes)
        guard indices.count >= 3 else { return nodes }
        let logs = nodes.map { logSurvival($0, indices: indices, axes: axes, ranges: ranges) }
        guard let hazard = fit(nodes: nodes, logs: logs, depths: indices.map { axes.depths[$0] }) else {
            return nodes
        }
        return zip(nodes, logs).map { node, log in
            corrected(node, log: log, hazard: hazard, indices: indices, axes: axes)
        }
    }

    /// Depths at which survival is read: every `depthStep` up to `lastDepth`, the first right behind the surface.
    private static func depthIndices(_ axes: BeamDataAxes) -> [Int] {
        var result: [Int] = []
        var next = 0.0
        for (i, t) in axes.depths.enumerated() where i > 0 && t >= next - 1e-9 && t <= lastDepth + 1e-9 {
            result.append(i)
            next += depthStep
        }
        return result
    }

    private static func logSurvival(
        _ node: BeamDataNode, indices: [Int], axes: BeamDataAxes, ranges: RangeTable
    ) -> [Double] {
        indices.map { i in
            let energy = ranges.energyMeVPerNucleon(rangeMM: node.rangeMM * (1 - axes.depths[i]))
            let stopping = ranges.stoppingPower.letKeVPerUM(energyMeVPerNucleon: energy)
            let dose = Double(node.components[BeamComponent.primary.rawValue].doseGyMM2[i])
            return log(max(dose, 1e-30) / (stopping * TransportedBeam.grayMM2PerMeVPerMM))
        }
    }

    /// ∫ of the hat function of each knot from 0 to r.
    private static func hatIntegrals(_ r: Double) -> [Double] {
        knotsMM.indices.map { k in
            var sum = 0.0
            if k > 0 {
                let (a, b) = (knotsMM[k - 1], knotsMM[k])
                let x = min(max(r, a), b) - a
                sum += 0.5 * x * x / (b - a)
            }
            if k + 1 < knotsMM.count {
                let (a, b) = (knotsMM[k], knotsMM[k + 1])
                let x = min(max(r, a), b) - a
                sum += x - 0.5 * x * x / (b - a)
            }
            return sum
        }
    }

    private static func integrals(range: Double, from t0: Double, to t1: Double) -> [Double] {
        zip(hatIntegrals(range * (1 - t0)), hatIntegrals(range * (1 - t1))).map { $0 - $1 }
    }

    /// Least squares for the values of h at the knots.
    private static func fit(nodes: [BeamDataNode], logs: [[Double]], depths: [Double]) -> [Double]? {
        let n = knotsMM.count
        var matrix = [Double](repeating: 0, count: n * n)
        var right = [Double](repeating: 0, count: n)
        for (node, log) in zip(nodes, logs) {
            for j in 0..<(depths.count - 1) {
                let (before, after) = (exp(log[j]), exp(log[j + 1]))
                let row = integrals(range: node.rangeMM, from: depths[j], to: depths[j + 1])
                // Binomial variance of ln(before/after) is (1/after − 1/before)/N; 5 % of loss at least, so that
                // a chance gain gets no undue weight.
                let weight = 1 / max(1 / after - 1 / before, 0.05 / before * (depths[j + 1] - depths[j]))
                for a in 0..<n where row[a] != 0 {
                    right[a] += weight * row[a] * (log[j] - log[j + 1])
                    for b in 0..<n { matrix[a * n + b] += weight * row[a] * row[b] }
                }
            }
        }
        // Knots beyond the longest range are tied to their neighbour.
        let scale = (0..<n).reduce(0) { max($0, matrix[$1 * n + $1]) }
        for a in 1..<n where matrix[a * n + a] < 1e-9 * scale {
            matrix[a * n + a] += scale
            matrix[a * n + a - 1] -= scale
        }
        return solve(matrix, right, n)
    }

    /// Gaussian elimination with pivots; nil if singular.
    private static func solve(_ matrix: [Double], _ right: [Double], _ n: Int) -> [Double]? {
        var (m, x) = (matrix, right)
        for column in 0..<n {
            guard let pivot = (column..<n).max(by: { abs(m[$0 * n + column]) < abs(m[$1 * n + column]) }),
                abs(m[pivot * n + column]) > 0
            else { return nil }
            for k in 0..<n { m.swapAt(pivot * n + k, column * n + k) }
            x.swapAt(pivot, column)
            for row in (column + 1)..<n {
                let factor = m[row * n + column] / m[column * n + column]
                for k in column..<n { m[row * n + k] -= factor * m[column * n + k] }
                x[row] -= factor * x[column]
            }
        }
        for row in stride(from: n - 1, through: 0, by: -1) {
            for k in (row + 1)..<n { x[row] -= m[row * n + k] * x[k] }
            x[row] /= m[row * n + row]
        }
        return x
    }

    private static func corrected(
        _ node: BeamDataNode, log: [Double], hazard: [Double], indices: [Int], axes: BeamDataAxes
    ) -> BeamDataNode {
        let first = axes.depths[indices[0]]
        let logFactors = indices.indices.map { j -> Double in
            let passed = integrals(range: node.rangeMM, from: first, to: axes.depths[indices[j]])
            return log[0] - zip(passed, hazard).reduce(0) { $0 + $1.0 * $1.1 } - log[j]
        }
        var result = node
        var j = 0
        for (i, t) in axes.depths.enumerated() {
            while j + 1 < indices.count && axes.depths[indices[j + 1]] <= t { j += 1 }
            var value = logFactors[j]
            if j + 1 < indices.count && t > axes.depths[indices[j]] {
                let (a, b) = (axes.depths[indices[j]], axes.depths[indices[j + 1]])
                value += (t - a) / (b - a) * (logFactors[j + 1] - logFactors[j])
            }
            let factor = Float(exp(value))
            let primary = BeamComponent.primary.rawValue
            result.components[primary].doseGyMM2[i] *= factor
            result.components[primary].doseZStarGy2MM2[i] *= factor
            result.components[primary].doseLETGyMM2KeVPerUM[i] *= factor
        }
        return result
    }
}
