#if canImport(Glibc)
    import Glibc
#endif

/// Nodes and weights of Gauss-Legendre quadrature on [0, 1].
struct GaussLegendre: Sendable {
    let nodes: [Double]
    let weights: [Double]

    /// Rule with `count` points, exact for polynomials of degree 2 count − 1 (Newton's method on P_n).
    init(count: Int) {
        var nodes: [Double] = []
        var weights: [Double] = []
        for i in 0..<count {
            var x = cos(.pi * (Double(i) + 0.75) / (Double(count) + 0.5))
            var derivative = 1.0
            for _ in 0..<100 {
                var p0 = 1.0
                var p1 = 0.0
                for j in 0..<count {
                    let p2 = p1
                    p1 = p0
                    p0 = (Double(2 * j + 1) * x * p1 - Double(j) * p2) / Double(j + 1)
                }
                derivative = Double(count) * (x * p0 - p1) / (x * x - 1)
                let change = p0 / derivative
                x -= change
                if abs(change) < 1e-15 { break }
            }
            nodes.append(0.5 * (1 - x))
            weights.append(1 / ((1 - x * x) * derivative * derivative))
        }
        self.nodes = nodes
        self.weights = weights
    }
}
