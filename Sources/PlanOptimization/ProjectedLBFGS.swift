/// Minimises a smooth function within bounds, lᵢ ≤ xᵢ ≤ uᵢ: limited-memory BFGS in the subspace of the free
/// variables, with a line search along the projected path.
///
/// One iteration:
///
///     A   = { i : xᵢ = lᵢ and gᵢ > 0, or xᵢ = uᵢ and gᵢ < 0 }                                       (10)
///     d   = −H g on the variables outside A, 0 on A                                                (11)
///     x⁺  = P(x + α d), α the first of 1, … with f(x⁺) ≤ f(x) + c₁ gᵀ(x⁺ − x)                      (12)
///
/// H is the two-loop product of the last m pairs s = x⁺ − x, y = g⁺ − g, restricted to the free variables; a pair
/// whose restricted curvature sᵀy is not positive is left out. If the slope at x⁺ is still steeper than c₂ of the
/// slope at x, α is enlarged while f falls, so that the curvature condition holds on most steps.
///
/// ## Source
/// Bertsekas, SIAM J. Control Optim. 20 (1982) 221 (active set and projected path); Nocedal & Wright,
/// Numerical Optimization (2006), algorithm 7.4 (two loops), section 3.1 (conditions).
/// ## Checked by
/// `ProjectedLBFGSTests`.
package struct ProjectedLBFGS {
    /// Value and gradient at a point.
    package struct Evaluation {
        package var value: Double
        package var gradient: [Double]
        /// What people see as the value, for example without the terms of constraints.
        package var shown: Double

        package init(value: Double, gradient: [Double], shown: Double) {
            self.value = value
            self.gradient = gradient
            self.shown = shown
        }
    }
    package struct Settings {
        package var maximumIterations: Int
        package var relativeDecrease: Double
        package var window: Int
        package var projectedGradient: Double
        package var memory: Int

        package init(
            maximumIterations: Int, relativeDecrease: Double, window: Int, projectedGradient: Double,
            memory: Int
        ) {
            self.maximumIterations = maximumIterations
            self.relativeDecrease = relativeDecrease
            self.window = window
            self.projectedGradient = projectedGradient
            self.memory = memory
        }
    }
    /// What the caller learns after every iteration.
    package struct Step {
        package var iteration: Int
        package var evaluations: Int
        package var value: Double
        /// `Evaluation.shown` of the accepted point.
        package var shown: Double
        package var relativeDecrease: Double?
        /// Norm of the projected gradient relative to the first.
        package var projectedGradient: Double
    }
    package struct Result {
        package var x: [Double]
        package var value: Double
        package var gradient: [Double]
        package var iterations: Int
        package var evaluations: Int
        package var stop: OptimisationStop
    }

    /// Share of the predicted decrease that a step must give (Nocedal & Wright c₁).
    private static let sufficientDecrease = 1e-4
    /// Slope left after a step, relative to the slope before, above which the step was long enough (c₂).
    private static let curvature = 0.9
    private static let maximumBacktracks = 20
    private static let maximumExpansions = 4

    package var settings: Settings
    /// Bounds; the same count as the variables. `upper` may be infinite.
    package var lower: [Double]
    package var upper: [Double]

    package init(settings: Settings, lower: [Double], upper: [Double]) {
        self.settings = settings
        self.lower = lower
        self.upper = upper
    }

    /// - Parameters:
    ///   - start: First point; it is projected on the bounds.
    ///   - evaluate: The function and its gradient.
    ///   - report: Called after every iteration.
    /// - Throws: What `evaluate` throws, and `CancellationError`.
    package func minimise(
        from start: [Double], evaluate: ([Double]) async throws -> Evaluation, report: (Step) -> Void
    ) async throws -> Result {
        var x = projected(start)
        var current = try await evaluate(x)
        var evaluations = 1
        var pairs = CurvaturePairs(memory: settings.memory)
        var history = [current.value]
        let firstNorm = projectedGradientNorm(x, current.gradient)
        func result(_ iterations: Int, _ stop: OptimisationStop) -> Result {
            Result(
                x: x, value: current.value, gradient: current.gradient, iterations: iterations,
                evaluations: evaluations, stop: stop)
        }
        if firstNorm == 0 { return result(0, .gradientConverged) }

        for iteration in 1...settings.maximumIterations {
            try Task.checkCancellation()
            let free = freeVariables(x, current.gradient)
            var direction = pairs.direction(gradient: current.gradient, free: free)
            var slope = dot(direction, current.gradient)
            if pairs.isEmpty || !(slope < 0) {
                // No curvature known: a step to the zero of the tangent, as f is a sum of non-negative terms.
                pairs.removeAll()
                let norm2 = zip(current.gradient, free).reduce(0.0) { $0 + ($1.1 ? $1.0 * $1.0 : 0) }
                guard norm2 > 0 else { return result(iteration - 1, .gradientConverged) }
                let length = max(abs(current.value), 1e-300) / norm2
                for i in direction.indices { direction[i] = free[i] ? -length * current.gradient[i] : 0 }
                slope = -length * norm2
            }
            let found = try await search(
                from: x, current, along: direction, slope: slope, evaluations: &evaluations,
                evaluate: evaluate)
            guard let (next, evaluation) = found else {
                // A stale matrix can point nowhere useful: once more from the gradient alone, then give up.
                if pairs.isEmpty { return result(iteration - 1, .noFurtherDescent) }
                pairs.removeAll()
                continue
            }
            pairs.append(
                step: difference(next, x), change: difference(evaluation.gradient, current.gradient))
            (x, current) = (next, evaluation)
            history.append(current.value)

            let norm = projectedGradientNorm(x, current.gradient) / firstNorm
            let decrease = relativeDecrease(history)
            report(
                Step(
                    iteration: iteration, evaluations: evaluations, value: current.value,
                    shown: current.shown, relativeDecrease: decrease, projectedGradient: norm))
            if norm <= settings.projectedGradient { return result(iteration, .gradientConverged) }
            if let decrease, decrease < settings.relativeDecrease {
                return result(iteration, .objectiveConverged)
            }
        }
        return result(settings.maximumIterations, .iterationLimit)
    }

    /// The first acceptable point along P(x + α d); nil if rounding hides any descent.
    private func search(
        from x: [Double], _ current: Evaluation, along direction: [Double], slope: Double,
        evaluations: inout Int, evaluate: ([Double]) async throws -> Evaluation
    ) async throws -> (x: [Double], Evaluation)? {
        var alpha = 1.0
        for _ in 0..<Self.maximumBacktracks {
            let candidate = moved(x, direction, alpha)
            let step = difference(candidate, x)
            let predicted = dot(current.gradient, step)
            let trial = try await evaluate(candidate)
            evaluations += 1
            if trial.value.isFinite, trial.value <= current.value + Self.sufficientDecrease * predicted,
                predicted < 0
            {
                return try await expand(
                    from: x, along: direction, alpha: alpha, slope: slope, best: (candidate, trial),
                    evaluations: &evaluations, evaluate: evaluate)
            }
            if predicted == 0 { return nil }
            // Minimum of the parabola through f(x), its slope and f(x⁺), kept within a tenth to a half.
            let rise = trial.value - current.value - alpha * slope
            let minimum = rise > 0 && rise.isFinite ? -slope * alpha * alpha / (2 * rise) : 0.1 * alpha
            alpha = min(max(minimum, 0.1 * alpha), 0.5 * alpha)
        }
        return nil
    }

    /// Doubles an accepted step while the slope says that it was short and the function keeps falling.
    private func expand(
        from x: [Double], along direction: [Double], alpha: Double, slope: Double,
        best: ([Double], Evaluation), evaluations: inout Int,
        evaluate: ([Double]) async throws -> Evaluation
    ) async throws -> ([Double], Evaluation) {
        var (best, alpha) = (best, alpha)
        for _ in 0..<Self.maximumExpansions {
            guard dot(best.1.gradient, direction) < Self.curvature * slope else { return best }
            alpha *= 2
            let candidate = moved(x, direction, alpha)
            let trial = try await evaluate(candidate)
            evaluations += 1
            guard trial.value < best.1.value else { return best }
            best = (candidate, trial)
        }
        return best
    }

    private func relativeDecrease(_ history: [Double]) -> Double? {
        guard history.count > settings.window else { return nil }
        let before = history[history.count - 1 - settings.window]
        guard before != 0 else { return 0 }
        return (before - history[history.count - 1]) / abs(before)
    }

    private func projected(_ x: [Double]) -> [Double] {
        x.indices.map { min(max(x[$0], lower[$0]), upper[$0]) }
    }

    private func moved(_ x: [Double], _ direction: [Double], _ alpha: Double) -> [Double] {
        x.indices.map { min(max(x[$0] + alpha * direction[$0], lower[$0]), upper[$0]) }
    }

    /// Variables that are not held at a bound by the gradient, equation (10).
    private func freeVariables(_ x: [Double], _ gradient: [Double]) -> [Bool] {
        x.indices.map {
            !((x[$0] <= lower[$0] && gradient[$0] >= 0) || (x[$0] >= upper[$0] && gradient[$0] <= 0))
        }
    }

    private func projectedGradientNorm(_ x: [Double], _ gradient: [Double]) -> Double {
        let free = freeVariables(x, gradient)
        var sum = 0.0
        for i in x.indices where free[i] { sum += gradient[i] * gradient[i] }
        return sum.squareRoot()
    }
}

/// The pairs s, y from which the inverse Hessian is made.
private struct CurvaturePairs {
    private let memory: Int
    private var pairs: [(s: [Double], y: [Double])] = []

    init(memory: Int) { self.memory = memory }

    var isEmpty: Bool { pairs.isEmpty }
    mutating func removeAll() { pairs.removeAll() }

    /// Keeps a pair whose curvature is clearly positive.
    mutating func append(step s: [Double], change y: [Double]) {
        let curvature = dot(s, y)
        guard curvature > 1e-10 * (dot(s, s) * dot(y, y)).squareRoot() else { return }
        if pairs.count == memory { pairs.removeFirst() }
        pairs.append((s, y))
    }

    /// −H g on the free variables, 0 on the others.
    func direction(gradient: [Double], free: [Bool]) -> [Double] {
        var q = gradient
        for i in q.indices where !free[i] { q[i] = 0 }
        // Products over the free variables alone: q is zero elsewhere, so only sᵀy and yᵀy need the mask.
        var used: [(index: Int, rho: Double, alpha: Double)] = []
        var scale = 1.0
        for index in pairs.indices.reversed() {
            let (s, y) = pairs[index]
            var (sy, yy) = (0.0, 0.0)
            for i in q.indices where free[i] {
                sy += s[i] * y[i]
                yy += y[i] * y[i]
            }
            guard sy > 1e-14 * yy, yy > 0 else { continue }
            if used.isEmpty { scale = sy / yy }
            let alpha = dot(s, q) / sy
            for i in q.indices where free[i] { q[i] -= alpha * y[i] }
            used.append((index, 1 / sy, alpha))
        }
        for i in q.indices { q[i] *= scale }
        for (index, rho, alpha) in used.reversed() {
            let (s, y) = pairs[index]
            let beta = rho * dot(y, q)
            for i in q.indices where free[i] { q[i] += (alpha - beta) * s[i] }
        }
        for i in q.indices { q[i] = -q[i] }
        return q
    }
}

/// Sum in index order, so that it is the same everywhere.
private func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for i in a.indices { sum += a[i] * b[i] }
    return sum
}

private func difference(_ a: [Double], _ b: [Double]) -> [Double] {
    a.indices.map { a[$0] - b[$0] }
}
