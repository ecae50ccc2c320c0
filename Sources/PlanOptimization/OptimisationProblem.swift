import PlanModel
import Radiobiology

/// Which fields have to give a uniform target dose.
public enum FieldCombination: Hashable, Sendable {
    /// All fields together (intensity-modulated ion therapy).
    case together
    /// Each field alone. `shares` are the parts of the fraction that the fields give; positive, sum 1.
    ///
    /// Objectives of structures that are asked to receive dose are applied to each field alone, scaled up to the
    /// whole fraction; all others to the sum of the fields.
    case singleFieldUniform(shares: [Double])
}

/// What is to be optimised: the dose model, what is asked of the dose, and the limits of the spots.
public struct OptimisationProblem: Sendable {
    /// D and D·z* of each spot in `voxels`.
    public var doseModel: any LinearDoseModel
    /// Which row of the dose model belongs to which structure.
    public var voxels: OptimisationVoxels
    public var objectives: [DoseObjective]
    public var biologicalModel: BiologicalModel
    public var fractions: Int
    /// Columns of each field, one after the other, all spots exactly once.
    public var fieldSpots: [Range<Int>]
    public var combination: FieldCombination
    /// Least ions per spot and fraction for each field; a spot of the plan has at least this or none.
    public var minimumParticles: [Double]

    public init(
        doseModel: any LinearDoseModel, voxels: OptimisationVoxels, objectives: [DoseObjective],
        biologicalModel: BiologicalModel, fractions: Int, fieldSpots: [Range<Int>],
        combination: FieldCombination = .together, minimumParticles: [Double]
    ) {
        self.doseModel = doseModel
        self.voxels = voxels
        self.objectives = objectives
        self.biologicalModel = biologicalModel
        self.fractions = fractions
        self.fieldSpots = fieldSpots
        self.combination = combination
        self.minimumParticles = minimumParticles
    }

    /// Refuses what has no meaning; see `OptimisationError`.
    func validate() throws(OptimisationError) {
        guard doseModel.voxelCount == voxels.indices.count else {
            throw .inconsistentProblem(
                reason: "\(doseModel.voxelCount) rows for \(voxels.indices.count) voxels")
        }
        var next = 0
        for range in fieldSpots {
            guard range.lowerBound == next else {
                throw .inconsistentProblem(reason: "the fields' spots are not consecutive at \(next)")
            }
            next = range.upperBound
        }
        guard next == doseModel.spotCount else {
            throw .inconsistentProblem(reason: "\(next) spots in fields, \(doseModel.spotCount) columns")
        }
        guard fractions >= 1 else { throw .inconsistentProblem(reason: "\(fractions) fractions") }
        guard minimumParticles.count == fieldSpots.count,
            minimumParticles.allSatisfy({ $0 >= 0 && $0.isFinite })
        else {
            throw .inconsistentProblem(reason: "least particles \(minimumParticles) of the fields")
        }
        if case .singleFieldUniform(let shares) = combination {
            guard shares.count == fieldSpots.count, shares.allSatisfy({ $0 > 0 }),
                abs(shares.reduce(0, +) - 1) < 1e-9
            else { throw .inconsistentProblem(reason: "field shares \(shares) do not sum to 1") }
        }
        for objective in objectives { try objective.validate(in: voxels) }
        guard objectives.contains(where: \.kind.givesDose) else { throw .noTargetObjective }
    }
}

extension DoseObjective {
    /// Dose that the objective is about, total over all fractions.
    var referenceDose: Double {
        switch kind {
        case .squaredDeviation(let dose), .squaredUnderdose(let dose), .squaredOverdose(let dose),
            .meanDose(let dose), .maximumDose(let dose), .minimumDose(let dose),
            .maximumDVH(let dose, _), .minimumDVH(let dose, _), .maximumEUD(let dose, _),
            .minimumEUD(let dose, _):
            dose
        }
    }

    func validate(in voxels: OptimisationVoxels) throws(OptimisationError) {
        func refuse(_ reason: String) -> OptimisationError {
            .invalidObjective(structure: structureName, reason: reason)
        }
        guard let sample = voxels.structures[structureName], !sample.rows.isEmpty else {
            throw .emptyStructure(name: structureName)
        }
        if isRobust { throw .robustWithoutScenarios(structure: structureName) }
        let dose = referenceDose
        guard dose >= 0, dose.isFinite else { throw refuse("dose \(dose) Gy") }
        if kind.givesDose && dose == 0 { throw refuse("asks for a dose of 0 Gy") }
        guard isConstraint || (priority > 0 && priority.isFinite) else {
            throw refuse("priority \(priority)")
        }
        switch kind {
        case .maximumDVH(_, let volume), .minimumDVH(_, let volume):
            guard volume >= 0 && volume <= 1 else { throw refuse("volume \(volume) is not in 0...1") }
        case .maximumEUD(_, let a):
            guard a.isFinite && a >= 1 else { throw refuse("EUD exponent \(a) is below 1") }
        case .minimumEUD(_, let a):
            guard a.isFinite && a <= 1 && a != 0 else {
                throw refuse("EUD exponent \(a) is above 1 or 0")
            }
        default: break
        }
        if isConstraint {
            switch kind {
            case .squaredDeviation, .squaredUnderdose, .squaredOverdose:
                throw .notAConstraint(structure: structureName, kind: kind)
            default:
                guard dose > 0 else { throw refuse("a constraint of 0 Gy") }
            }
        }
    }
}
