import Radiobiology

/// Finds how much of each of some depth doses, none negative, adds up to a flat RBE-weighted dose.
///
///     min over w ≥ 0 of  Σ_z [C(Σ w_j D_j(z), Σ w_j Z_j(z))/C₀ − s(z)]² + μ Σ_j [(w_{j−1} − 2 w_j + w_{j+1})/w̄]²      (4)
///
/// s is 1 for a flat dose. C is the RBE-weighted dose of a mixed field and not linear in w: it is linearised at the last w, and the least-squares
/// problem with w ≥ 0 is solved exactly, until w stands still.
///
/// ## Checked by
/// `FlatDoseSolverTests`.
public struct FlatDoseSolver: Sendable {
    /// Depth dose and dose times z* of one unit, at the points that are to be flat.
    public struct Curve: Sendable {
        public var dose: [Double]
        public var doseZStar: [Double]

        public init(dose: [Double], doseZStar: [Double]) {
            self.dose = dose
            self.doseZStar = doseZStar
        }
    }

    /// How flat it came out, and with what.
    public struct Result: Sendable {
        /// Amount of each curve.
        public var weights: [Double]
        /// RBE-weighted dose at each point, Gy (RBE).
        public var rbeWeightedDose: [Double]
        /// (max − min)/(max + min) of C/(C₀ s).
        public var flatness: Double
    }

    public let biology: BiologicalModel
    /// C₀, Gy (RBE).
    public let level: Double
    /// μ: holds the weights of neighbours together; 0 lets them alternate.
    public let smoothness: Double

    /// - Precondition: positive level, smoothness not negative.
    public init(biology: BiologicalModel, level: Double, smoothness: Double) {
        precondition(level > 0 && smoothness >= 0)
        self.biology = biology
        self.level = level
        self.smoothness = smoothness
    }

    /// The amounts of the curves.
    ///
    /// - Parameters:
    ///   - curves: At least one, all with the same number of points, with some dose.
    ///   - shape: s at each point; nil for 1.
    public func solve(_ curves: [Curve], shape: [Double]? = nil) -> Result {
        let n = curves.count
        let shape = shape ?? [Double](repeating: 1, count: curves[0].dose.count)
        precondition(n > 0 && curves.allSatisfy { $0.dose.count == curves[0].dose.count })
        // A start of the right size: equal amounts of all.
        let mean = curves.reduce(0) { $0 + $1.dose.reduce(0, +) } / Double(curves[0].dose.count)
        precondition(mean > 0)
        var weights = [Double](repeating: level / mean, count: n)
        for _ in 0..<40 {
            let before = weights
            weights = step(curves, shape: shape, from: weights)
            let change = zip(before, weights).map { abs($0 - $1) }.max() ?? 0
            if change < 1e-7 * (weights.max() ?? 0) { break }
        }
        let dose = values(curves, weights).map(\.value)
        let shares = zip(dose, shape).map { $0 / (level * $1) }
        let (low, high) = (shares.min() ?? 0, shares.max() ?? 0)
        return Result(
            weights: weights, rbeWeightedDose: dose, flatness: high > 0 ? (high - low) / (high + low) : 1)
    }

    private func values(
        _ curves: [Curve], _ weights: [Double]
    ) -> [(value: Double, byDose: Double, byDoseZStar: Double)] {
        curves[0].dose.indices.map { z in
            var (dose, doseZStar) = (0.0, 0.0)
            for (curve, weight) in zip(curves, weights) {
                dose += weight * curve.dose[z]
                doseZStar += weight * curve.doseZStar[z]
            }
            return biology.rbeWeightedDose(dose: dose, doseZStar: doseZStar)
        }
    }

    /// The least-squares solution with the dose linearised at `weights`.
    private func step(_ curves: [Curve], shape: [Double], from weights: [Double]) -> [Double] {
        let n = curves.count
        let points = values(curves, weights)
        var normal = [Double](repeating: 0, count: n * n)
        var right = [Double](repeating: 0, count: n)
        for (z, point) in points.enumerated() {
            let row = curves.map {
                (point.byDose * $0.dose[z] + point.byDoseZStar * $0.doseZStar[z]) / level
            }
            let goal = shape[z] - point.value / level + zip(row, weights).reduce(0) { $0 + $1.0 * $1.1 }
            for i in 0..<n {
                right[i] += row[i] * goal
                for j in 0...i { normal[i * n + j] += row[i] * row[j] }
            }
        }
        let mean = weights.reduce(0, +) / Double(n)
        let penalty = smoothness * Double(points.count) / (mean * mean)
        // Second differences; the first weight (the deepest peak) stands out by nature and is left free.
        for middle in stride(from: 2, to: n - 1, by: 1) {
            for (i, a) in [(middle - 1, 1.0), (middle, -2), (middle + 1, 1)] {
                for (j, b) in [(middle - 1, 1.0), (middle, -2), (middle + 1, 1)] where j <= i {
                    normal[i * n + j] += penalty * a * b
                }
            }
        }
        for i in 0..<n {
            normal[i * n + i] *= 1 + 1e-9
            for j in 0..<i { normal[j * n + i] = normal[i * n + j] }
        }
        return NonNegativeLeastSquares(normal: normal, right: right).solution
    }
}
