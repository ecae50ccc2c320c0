import PlanModel

#if canImport(Glibc)
    import Glibc
#endif

/// Finds the spot weights that meet the objectives best.
///
/// 1. Each spot's weight is scaled by 1/√h, h the row sum of the Hessian of the squared terms (Gershgorin's bound
///    of its curvature), so that deep and shallow spots move alike.
/// 2. Start: equal scaled weights, such that the mean target dose is the one prescribed.
/// 3. Projected L-BFGS (`ProjectedLBFGS`); with hard constraints inside an augmented Lagrangian (`DoseConstraint`).
/// 4. Spots below half of the least number of ions are taken out and the rest is optimised again; then those
///    still below half are taken out, all others are held at or above the least number, and the plan is optimised
///    once more. So the plan that comes out can be delivered as it is.
///
/// The same problem gives bit-identical weights for any number of threads. Theory: `docs/theory/optimisation.md`.
///
/// ## Checked by
/// `PlanOptimizerTests`.
public enum PlanOptimizer {
    /// Optimises the spot weights.
    ///
    /// - Parameters:
    ///   - problem: What is asked, of which spots.
    ///   - settings: When to stop.
    ///   - threads: Threads of the dose products; the result does not depend on it.
    ///   - progress: Called after every iteration, in the caller's task.
    /// - Throws: `OptimisationError` for a problem without meaning, `CancellationError`, and what the dose model
    ///   throws.
    public static func optimise(
        _ problem: OptimisationProblem, settings: OptimisationSettings = OptimisationSettings(),
        threads: Int, progress: (OptimisationProgress) -> Void = { _ in }
    ) async throws -> OptimisationResult {
        try problem.validate()
        try settings.validate()
        var run = OptimisationRun(problem: problem, settings: settings, threads: threads)
        return try await run.optimise(progress: progress)
    }
}

/// The passes of one optimisation.
private struct OptimisationRun {
    let problem: OptimisationProblem
    let settings: OptimisationSettings
    var fields: FieldDoses
    /// Ions per unit of the scaled variable; 0 for a spot that reaches no voxel of interest.
    var scale: [Double] = []
    var iterations = 0
    var evaluations = 0
    var history: [Double] = []

    /// Start of the penalty parameter μ, relative to the objective at the start.
    private static let firstPenalty = 100.0
    /// μ grows by `penaltyGrowth` where a pass leaves more than `expectedReduction` of the violation.
    private static let expectedReduction = 0.25
    private static let penaltyGrowth = 5.0
    /// Spots below this share of the least number of ions are taken out, the others raised.
    private static let removalShare = 0.5
    /// Passes for the least number of ions may take one over this of the first pass's iterations.
    private static let laterPassShare = 4

    init(problem: OptimisationProblem, settings: OptimisationSettings, threads: Int) {
        self.problem = problem
        self.settings = settings
        fields = FieldDoses(problem: problem, threads: threads)
    }

    mutating func optimise(progress: (OptimisationProgress) -> Void) async throws -> OptimisationResult {
        let count = problem.doseModel.spotCount
        let rowSums = try await fields.curvatureRowSums()
        scale = rowSums.map { $0 > 0 ? 1 / $0.squareRoot() : 0 }
        var upper = scale.map { $0 > 0 ? Double.infinity : 0 }
        var lower = [Double](repeating: 0, count: count)
        let unreached = upper.count { $0 == 0 }

        var x = try await start()
        let pass = try await run(from: x, lower: lower, upper: upper, phase: .optimising, progress)
        x = pass.x

        let least = zip(problem.fieldSpots, problem.minimumParticles).flatMap { range, particles in
            Array(repeating: particles, count: range.count)
        }
        var (removed, raised) = (0, 0)
        for isLast in [false, true] {
            let small = x.indices.filter { x[$0] * scale[$0] < least[$0] && upper[$0] > 0 }
            if small.isEmpty { break }
            for i in small where x[i] * scale[i] < Self.removalShare * least[i] {
                if x[i] > 0 { removed += 1 }
                upper[i] = 0
            }
            if isLast {
                for i in x.indices where upper[i] > 0 { lower[i] = least[i] / scale[i] }
            }
            x = try await run(from: x, lower: lower, upper: upper, phase: .minimumParticles, progress).x
        }
        var weights = x.indices.map { x[$0] * scale[$0] }
        for i in weights.indices where lower[i] > 0 && x[i] <= lower[i] {
            raised += 1
            weights[i] = least[i]  // exactly, without the rounding of the scale
        }
        return try await result(
            weights: weights, stop: pass.stop, removed: removed, raised: raised, unreached: unreached)
    }

    /// Equal scaled weights that give the mean target dose asked for.
    private func start() async throws -> [Double] {
        var x = [Double](repeating: 0, count: scale.count)
        let doses = try await fields.doses(weights: scale)
        let factors = fields.startScale(doses: doses)
        let ranges = factors.count == 1 ? [0..<scale.count] : problem.fieldSpots
        for (factor, range) in zip(factors, ranges) {
            guard let factor else {
                let target = problem.objectives.first(where: \.kind.givesDose)?.structureName ?? ""
                throw OptimisationError.targetNotReached(structure: target)
            }
            for i in range { x[i] = factor }
        }
        return x
    }

    /// One pass: minimises within the bounds, with the multipliers of the constraints.
    private mutating func run(
        from start: [Double], lower: [Double], upper: [Double], phase: OptimisationProgress.Phase,
        _ progress: (OptimisationProgress) -> Void
    ) async throws -> ProjectedLBFGS.Result {
        // The later passes only mend what leaving out small spots changed.
        let limit =
            phase == .optimising
            ? settings.maximumIterations : (settings.maximumIterations + 3) / Self.laterPassShare
        let solver = ProjectedLBFGS(
            settings: .init(
                maximumIterations: limit,
                relativeDecrease: settings.relativeDecrease, window: settings.window,
                projectedGradient: settings.projectedGradient, memory: settings.memory),
            lower: lower, upper: upper)
        var penalty = 0.0
        if fields.hasConstraints {
            let value = try await fields.evaluate(weights: weights(start)).objective
            penalty = Self.firstPenalty * max(value, 1)
            fields.setPenalty(penalty)
        }
        var result = try await minimise(solver, from: start, phase: phase, progress)
        guard fields.hasConstraints else { return result }
        var before = Double.infinity
        for _ in 0..<settings.maximumMultiplierUpdates {
            let doses = try await fields.doses(weights: weights(result.x))
            let violation = violation(fields.termResults(doses: doses))
            if violation <= settings.constraintTolerance { break }
            fields.updateMultipliers(doses: doses)
            if violation > Self.expectedReduction * before {
                penalty *= Self.penaltyGrowth
                fields.setPenalty(penalty)
            }
            before = violation
            result = try await minimise(solver, from: result.x, phase: .enforcingConstraints, progress)
        }
        return result
    }

    private mutating func minimise(
        _ solver: ProjectedLBFGS, from start: [Double], phase: OptimisationProgress.Phase,
        _ progress: (OptimisationProgress) -> Void
    ) async throws -> ProjectedLBFGS.Result {
        let (fields, scale) = (fields, scale)
        let (iterationsBefore, evaluationsBefore) = (iterations, evaluations)
        var firstDecrease: Double?
        var history: [Double] = []
        let result = try await solver.minimise(
            from: start,
            evaluate: { x in
                let evaluation = try await fields.evaluate(weights: x.indices.map { x[$0] * scale[$0] })
                return .init(
                    value: evaluation.augmented,
                    gradient: scale.indices.map { scale[$0] * evaluation.gradient[$0] },
                    shown: evaluation.objective)
            },
            report: { step in
                history.append(step.shown)
                if firstDecrease == nil { firstDecrease = step.relativeDecrease }
                progress(
                    OptimisationProgress(
                        phase: phase, iteration: iterationsBefore + step.iteration,
                        evaluations: evaluationsBefore + step.evaluations, objective: step.shown,
                        relativeDecrease: step.relativeDecrease,
                        projectedGradient: step.projectedGradient,
                        fractionOfPass: fractionDone(
                            step, limit: solver.settings.maximumIterations, firstDecrease: firstDecrease)))
            })
        iterations += result.iterations
        evaluations += result.evaluations
        self.history += history
        return result
    }

    /// How far the decrease per window has come from its first value down to the limit, on a logarithmic scale.
    private func fractionDone(
        _ step: ProjectedLBFGS.Step, limit: Int, firstDecrease: Double?
    ) -> Double {
        let byCount = Double(step.iteration) / Double(limit)
        guard let first = firstDecrease, let now = step.relativeDecrease, now > 0,
            first > settings.relativeDecrease
        else { return byCount }
        let share = log(first / now) / log(first / settings.relativeDecrease)
        return max(byCount, min(max(share, 0), 1))
    }

    private func weights(_ x: [Double]) -> [Double] { x.indices.map { x[$0] * scale[$0] } }

    private func violation(_ terms: [OptimisationResult.TermResult]) -> Double {
        terms.filter(\.objective.isConstraint).map(\.value).max() ?? 0
    }

    private func result(
        weights: [Double], stop: OptimisationStop, removed: Int, raised: Int, unreached: Int
    ) async throws -> OptimisationResult {
        let doses = try await fields.doses(weights: weights)
        let terms = fields.termResults(doses: doses)
        let objective = try await fields.evaluate(weights: weights).objective
        var findings: [Finding] = []
        for (index, term) in terms.enumerated()
        where term.objective.isConstraint && term.value > settings.constraintTolerance {
            let percent = (1000 * term.value).rounded() / 10
            findings.append(
                Finding(
                    severity: .failure, code: "OPT-0001",
                    message:
                        "constraint \(term.objective.kind) of \(term.objective.structureName) is violated by "
                        + "\(percent) % of its dose (it cannot be met together with the others, or the "
                        + "iterations ended); relax it or lower competing constraints",
                    path: "objectives[\(index)]"))
        }
        if stop == .iterationLimit {
            findings.append(
                Finding(
                    severity: .warning, code: "OPT-0002",
                    message:
                        "the optimiser reached \(settings.maximumIterations) iterations (the objective was "
                        + "still falling); allow more"))
        }
        if unreached > 0 {
            findings.append(
                Finding(
                    severity: .information, code: "OPT-0003",
                    message:
                        "\(unreached) spots reach no voxel that any objective looks at (their dose is unknown "
                        + "to the optimiser); they are left out"))
        }
        return OptimisationResult(
            weights: weights, objective: objective, terms: terms, stop: stop, iterations: iterations,
            evaluations: evaluations, history: history, removedSpots: removed, raisedSpots: raised,
            findings: findings)
    }
}
