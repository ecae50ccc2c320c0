import PlanOptimization
import TestSupport
import Testing

@Suite struct ProjectedLBFGSTests {
    private func solver(
        lower: [Double], upper: [Double], iterations: Int = 500
    ) -> ProjectedLBFGS {
        ProjectedLBFGS(
            settings: .init(
                maximumIterations: iterations, relativeDecrease: 1e-12, window: 5, projectedGradient: 1e-9,
                memory: 12), lower: lower, upper: upper)
    }

    private func rosenbrock(_ x: [Double]) -> ProjectedLBFGS.Evaluation {
        var (value, gradient) = (0.0, [Double](repeating: 0, count: x.count))
        for i in 0..<x.count - 1 {
            let (a, b) = (x[i + 1] - x[i] * x[i], 1 - x[i])
            value += 100 * a * a + b * b
            gradient[i] += -400 * a * x[i] - 2 * b
            gradient[i + 1] += 200 * a
        }
        return .init(value: value, gradient: gradient, shown: value)
    }

    /// NLopt's LD_LBFGS and MMA give 45.5968913569, IPOPT with L-BFGS 45.5968912700 (its barrier stops short).
    @Test func boundedRosenbrockMatchesOtherSolvers() async throws {
        let n = 50
        let result = try await solver(
            lower: Array(repeating: 0, count: n), upper: Array(repeating: 0.8, count: n)
        ).minimise(
            from: Array(repeating: 0.5, count: n), evaluate: { rosenbrock($0) }, report: { _ in })
        expectClose(result.value, 45.5968913569, absolute: 2e-6, because: "digits the others agree to")
        #expect(result.x.allSatisfy { (0...0.8).contains($0) })
    }

    @Test func unboundedRosenbrockFindsItsMinimum() async throws {
        let n = 10
        let result = try await solver(
            lower: Array(repeating: -10, count: n), upper: Array(repeating: .infinity, count: n)
        ).minimise(
            from: Array(repeating: -0.5, count: n), evaluate: { rosenbrock($0) }, report: { _ in })
        for x in result.x { expectClose(x, 1, absolute: 1e-4, because: "known minimum") }
    }

    @Test func separableQuadraticEndsAtItsProjection() async throws {
        // The minimum within bounds of Σ cᵢ (xᵢ − tᵢ)² is tᵢ put into its bounds; curvatures span six decades.
        let n = 40
        let target = (0..<n).map { Double($0 % 7) - 3 }
        let curvature = (0..<n).map { i in (0..<(i % 7)).reduce(1e-3) { c, _ in c * 10 } }
        let lower = [Double](repeating: -0.5, count: n)
        let upper = [Double](repeating: 1.5, count: n)
        let result = try await solver(lower: lower, upper: upper).minimise(
            from: Array(repeating: 1, count: n),
            evaluate: { x in
                let deviation = x.indices.map { x[$0] - target[$0] }
                let value = x.indices.reduce(0.0) {
                    $0 + curvature[$1] * deviation[$1] * deviation[$1]
                }
                return .init(
                    value: value, gradient: x.indices.map { 2 * curvature[$0] * deviation[$0] }, shown: value)
            }, report: { _ in })
        for i in 0..<n {
            expectClose(
                result.x[i], min(max(target[i], -0.5), 1.5), absolute: 1e-3, because: "closed form")
        }
    }

    @Test func valuesNeverRiseAndCancellationEnds() async throws {
        var values: [Double] = []
        let n = 20
        let solver = solver(lower: Array(repeating: 0, count: n), upper: Array(repeating: 0.8, count: n))
        _ = try await solver.minimise(
            from: Array(repeating: 0.1, count: n), evaluate: { rosenbrock($0) },
            report: { values.append($0.value) })
        #expect(zip(values, values.dropFirst()).allSatisfy { $0 >= $1 })

        let task = Task {
            try await solver.minimise(
                from: Array(repeating: 0.1, count: n),
                evaluate: { x in
                    try await Task.sleep(for: .seconds(10))
                    return rosenbrock(x)
                }, report: { _ in })
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
