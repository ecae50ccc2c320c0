import PlanModel

/// The optimised spot weights and how they came about.
public struct OptimisationResult: Sendable {
    /// What became of one objective or constraint.
    public struct TermResult: Sendable {
        public var objective: DoseObjective
        /// Penalty before the priority (Gy²), or for a constraint the greatest violation as a share of its dose
        /// (at most 0 if it holds everywhere).
        public var value: Double
    }
    /// Ions of each spot in one fraction; 0 or at least the least number of its field.
    public var weights: [Double]
    /// Weighted sum of the objectives.
    public var objective: Double
    public var terms: [TermResult]
    /// Why the first pass, over all spots, ended.
    public var stop: OptimisationStop
    /// Iterations and evaluations of all passes.
    public var iterations: Int
    public var evaluations: Int
    /// Objective after every iteration of all passes.
    public var history: [Double]
    /// Spots that were taken out because they fell below half of the least number of ions.
    public var removedSpots: Int
    /// Spots that would be below the least number and were held at it.
    public var raisedSpots: Int
    /// Violated constraints, a reached iteration limit, spots that reach no voxel of interest.
    public var findings: [Finding]
}
