/// How far a particle may go between two scatterings; docs/theory/transport.md, (T2).
struct StepRules {
    /// Longest step, mm of water.
    let longestMM: Double
    /// Longest step as share of the residual range.
    let longestRangeShare: Double
    /// A particle with less residual range stops where it is, mm of water.
    let stopRangeMM: Double
    /// Nuclear reactions on, or electromagnetic transport alone.
    let nuclear: Bool

    /// Steps need not be shorter than this unless that is half of the residual range, mm.
    private static let shortMM = 0.1

    /// Step of a particle with this residual range, mm of water.
    @inline(__always) func stepMM(rangeMM range: Double) -> Double {
        min(longestMM, max(longestRangeShare * range, min(Self.shortMM, 0.5 * range)))
    }
}
