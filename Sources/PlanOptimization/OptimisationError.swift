import PlanModel

/// Why an optimisation cannot be started.
public enum OptimisationError: Error, Equatable, Sendable, CustomStringConvertible {
    /// An objective names a structure that has no voxels on the dose grid.
    case emptyStructure(name: String)
    /// No objective asks for dose anywhere, so that the best plan is no beam.
    case noTargetObjective
    /// Robust objectives need more than the nominal scenario.
    case robustWithoutScenarios(structure: String)
    /// A dose, volume, exponent or priority that has no meaning.
    case invalidObjective(structure: String, reason: String)
    /// This kind has no meaning as a hard constraint.
    case notAConstraint(structure: String, kind: ObjectiveKind)
    /// Spots and their description do not belong together.
    case inconsistentProblem(reason: String)
    /// No spot reaches the voxels of the target.
    case targetNotReached(structure: String)
    /// A setting outside its meaning.
    case invalidSetting(name: String, value: Double)

    public var description: String {
        switch self {
        case .emptyStructure(let name):
            "structure \(name) has no voxel on the dose grid (nothing can be asked of it); check its contours or "
                + "make the dose grid larger"
        case .noTargetObjective:
            "no objective asks for dose (the best plan would be no beam at all); add a squared deviation, an "
                + "underdose, a minimum dose, a minimum DVH or a minimum EUD objective for the target"
        case .robustWithoutScenarios(let structure):
            "objective of \(structure) is robust (only the nominal scenario exists); remove its robust flag"
        case .invalidObjective(let structure, let reason):
            "objective of \(structure) has no meaning: \(reason); correct it in the plan file"
        case .notAConstraint(let structure, let kind):
            "\(kind) of \(structure) cannot be a constraint (it is a weighed deviation); use a maximum, minimum, "
                + "mean, DVH or EUD constraint"
        case .inconsistentProblem(let reason):
            "the optimisation problem contradicts itself: \(reason)"
        case .targetNotReached(let structure):
            "no spot gives dose to \(structure) (all stop elsewhere); check fields, margins and energies"
        case .invalidSetting(let name, let value):
            "optimiser setting \(name) is \(value) (outside its meaning); correct it"
        }
    }
}
