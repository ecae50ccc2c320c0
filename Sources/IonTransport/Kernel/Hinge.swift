/// The point of the present step of scattering at which the particle turns, (T6).
struct Hinge {
    /// Water-equivalent path to it, mm.
    var toMM = 0.0
    /// Length of the step that it stands for, mm of water.
    var stepMM = 0.0
    /// Part of that step behind it, mm.
    private var behindMM = 0.0
    /// Steps that end at a border are not shorter, mm of water.
    private static var leastStepMM: Double { 1e-6 }

    /// The step after the present one, seen from the present hinge (or from the start): its length by the range at which it
    /// begins, its hinge at a uniform part of it. It ends at a border that ends steps, `borderMM` from here: so the steps of a
    /// thin solid make up its thickness on every path, not on average.
    @inline(__always) mutating func next(
        _ rules: StepRules, rangeMM range: Double, longestMM: Double, borderMM: Double,
        random: inout RandomStream
    ) {
        stepMM = rules.stepMM(rangeMM: max(range - behindMM, 0.5 * range))
        if longestMM > 0 && stepMM > longestMM { stepMM = longestMM }
        let left = borderMM - behindMM
        if left < Self.leastStepMM {
            // The steps so far reach the border: no hinge before it.
            (stepMM, behindMM, toMM) = (0, 0, borderMM + Self.leastStepMM)
            return
        }
        if stepMM > left { stepMM = left }
        let part = random.uniform() * stepMM
        toMM = behindMM + part
        behindMM = stepMM - part
    }
}
