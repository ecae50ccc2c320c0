/// The minimum of ½ xᵀA x − bᵀx over x ≥ 0 for a positive definite A: active sets.
///
/// ## Source
/// Lawson & Hanson, Solving Least Squares Problems (1974), chapter 23.
/// ## Checked by
/// `FlatDoseSolverTests`.
struct NonNegativeLeastSquares {
    /// Not negative.
    let solution: [Double]

    /// - Parameters:
    ///   - normal: A, row after row.
    ///   - right: b.
    init(normal: [Double], right: [Double]) {
        let n = right.count
        var x = [Double](repeating: 0, count: n)
        var isFree = [Bool](repeating: false, count: n)
        let scale = right.map { abs($0) }.max() ?? 0
        // Every round frees one variable; a variable may come back, so there may be more rounds than variables.
        for _ in 0..<(6 * n + 10) {
            let slope = (0..<n).map { i in
                right[i] - (0..<n).reduce(0.0) { $0 + normal[i * n + $1] * x[$1] }
            }
            guard
                let next = (0..<n).filter({ !isFree[$0] && slope[$0] > 1e-12 * scale })
                    .max(by: { slope[$0] < slope[$1] })
            else { break }
            isFree[next] = true
            while true {
                let free = (0..<n).filter { isFree[$0] }
                let candidate = Self.solve(normal, right, n: n, free: free)
                if candidate.allSatisfy({ $0 > 0 }) {
                    for (i, value) in zip(free, candidate) { x[i] = value }
                    break
                }
                // Go towards it until the first variable reaches zero, and hold that.
                var share = 1.0
                for (i, value) in zip(free, candidate) where value <= 0 {
                    share = min(share, x[i] / (x[i] - value))
                }
                for (i, value) in zip(free, candidate) {
                    x[i] += share * (value - x[i])
                    if value <= 0 && x[i] <= 1e-15 * (1 + abs(value)) {
                        x[i] = 0
                        isFree[i] = false
                    }
                }
            }
        }
        solution = x
    }

    /// The unconstrained minimum of the free variables alone, by Cholesky's factors.
    private static func solve(_ a: [Double], _ b: [Double], n: Int, free: [Int]) -> [Double] {
        let m = free.count
        var lower = [Double](repeating: 0, count: m * m)
        for i in 0..<m {
            for j in 0...i {
                var sum = a[free[i] * n + free[j]]
                for k in 0..<j { sum -= lower[i * m + k] * lower[j * m + k] }
                lower[i * m + j] = i == j ? max(sum, 1e-300).squareRoot() : sum / lower[j * m + j]
            }
        }
        var y = [Double](repeating: 0, count: m)
        for i in 0..<m {
            y[i] = (b[free[i]] - (0..<i).reduce(0.0) { $0 + lower[i * m + $1] * y[$1] }) / lower[i * m + i]
        }
        var x = [Double](repeating: 0, count: m)
        for i in stride(from: m - 1, through: 0, by: -1) {
            let sum = (i + 1..<m).reduce(0.0) { $0 + lower[$1 * m + i] * x[$1] }
            x[i] = (y[i] - sum) / lower[i * m + i]
        }
        return x
    }
}
