/// When the optimiser stops and how closely it keeps constraints. None of these changes what is asked.
public struct OptimisationSettings: Hashable, Sendable {
    /// Greatest number of iterations of the first pass, over all spots. Each of the two passes for the least
    /// particles per spot may take a quarter of it; constraints repeat a pass for every update of multipliers.
    public var maximumIterations = 300
    /// Converged if the objective fell by less than this share over `window` iterations.
    public var relativeDecrease = 3e-3
    /// Number of iterations that the decrease is taken over.
    public var window = 10
    /// Converged if the projected gradient, in the scaled variables and relative to its start, is below this.
    public var projectedGradient = 1e-5
    /// Constraints may be violated by this share of their dose.
    public var constraintTolerance = 0.005
    /// Greatest number of updates of the constraints' multipliers.
    public var maximumMultiplierUpdates = 12
    /// Number of past steps that the quasi-Newton matrix is made from.
    public var memory = 12

    public init() {}

    func validate() throws(OptimisationError) {
        for (name, value) in [
            ("maximumIterations", Double(maximumIterations)), ("relativeDecrease", relativeDecrease),
            ("window", Double(window)), ("projectedGradient", projectedGradient),
            ("constraintTolerance", constraintTolerance),
            ("maximumMultiplierUpdates", Double(maximumMultiplierUpdates)), ("memory", Double(memory)),
        ] where !(value > 0 && value.isFinite) {
            throw .invalidSetting(name: name, value: value)
        }
    }
}

/// How far the optimisation is.
public struct OptimisationProgress: Sendable, Equatable {
    /// What is being done.
    public enum Phase: String, Sendable {
        case optimising
        case enforcingConstraints = "enforcing constraints"
        case minimumParticles = "least particles per spot"
    }
    public var phase: Phase
    /// Iterations so far, all passes.
    public var iteration: Int
    /// Evaluations of objective and gradient so far.
    public var evaluations: Int
    /// Weighted sum of the objectives (without constraints).
    public var objective: Double
    /// Share by which the objective fell over the last window of iterations; nil before there is one.
    public var relativeDecrease: Double?
    /// Norm of the projected gradient relative to the start of the pass.
    public var projectedGradient: Double
    /// Estimate of how much of the pass is done, 0...1, from the speed of convergence.
    public var fractionOfPass: Double
}

/// Why a pass ended.
public enum OptimisationStop: String, Sendable {
    case objectiveConverged = "objective no longer falls"
    case gradientConverged = "gradient is zero"
    case noFurtherDescent = "no descent within rounding"
    case iterationLimit = "iteration limit"
}
