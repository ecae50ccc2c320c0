import PatientModel
import PlanModel

/// What became of one clinical goal.
public struct GoalResult: Sendable, Equatable {
    public var goal: ClinicalGoal
    /// The metric's value; nil if it has none, for example for a missing structure.
    public var value: Double?
    public var isMet: Bool
    /// The result in words: information if met, failure if not.
    public var finding: Finding

    /// - Parameters:
    ///   - goal: The goal.
    ///   - value: The metric's value; nil if it has none.
    ///   - isMet: Whether it is met.
    ///   - finding: The result in words.
    public init(goal: ClinicalGoal, value: Double?, isMet: Bool, finding: Finding) {
        self.goal = goal
        self.value = value
        self.isMet = isMet
        self.finding = finding
    }
}

/// Judges a dose against clinical goals.
///
/// Codes: `EVAL-0001` goal met, `EVAL-0002` goal missed, `EVAL-0003` structure not on the dose grid, `EVAL-0004`
/// metric without a value (structure smaller than the volume asked for, or without dose).
///
/// ## Checked by
/// `GoalEvaluationTests`.
public enum GoalEvaluation {
    /// Results in the order of the goals.
    ///
    /// - Parameters:
    ///   - masks: Structures by name on the dose grid.
    ///   - prescribedDose: Dose of the isodose that a conformity index is about, total, in the goal's quantity.
    public static func evaluate(
        _ goals: [ClinicalGoal], dose: PlanDose, masks: [String: StructureMask], prescribedDose: Double
    ) -> [GoalResult] {
        goals.enumerated().map { index, goal in
            let path = "goals[\(index)]"
            let text = "\(goal.structureName) \(goal.description)"
            guard let mask = masks[goal.structureName], !mask.indices.isEmpty else {
                return GoalResult(
                    goal: goal, value: nil, isMet: false,
                    finding: Finding(
                        severity: .failure, code: "EVAL-0003",
                        message:
                            "\(text): no such structure on the dose grid (the goal cannot be judged); check "
                            + "the name and the grid", path: path))
            }
            guard let value = value(of: goal, dose: dose, mask: mask, prescribedDose: prescribedDose)
            else {
                return GoalResult(
                    goal: goal, value: nil, isMet: false,
                    finding: Finding(
                        severity: .failure, code: "EVAL-0004",
                        message:
                            "\(text): has no value (the structure of \(format(mask.volumeCM3)) cm³ is smaller "
                            + "than asked, or without dose); check the goal", path: path))
            }
            let isMet =
                switch goal.comparison {
                case .atLeast: value >= goal.value
                case .atMost: value <= goal.value
                }
            let found = "\(format(value * goal.metric.displayFactor)) \(goal.unit)"
            return GoalResult(
                goal: goal, value: value, isMet: isMet,
                finding: Finding(
                    severity: isMet ? .information : .failure, code: isMet ? "EVAL-0001" : "EVAL-0002",
                    message: isMet ? "\(text): met with \(found)" : "\(text): missed with \(found)",
                    path: path))
        }
    }

    /// The value of a goal's metric.
    private static func value(
        of goal: ClinicalGoal, dose: PlanDose, mask: StructureMask, prescribedDose: Double
    ) -> Double? {
        let volume = dose.volume(goal.quantity)
        switch goal.metric {
        case .conformityIndex:
            return Conformity(dose: volume, target: mask, prescribedDose: prescribedDose).paddickIndex
        case .meanLETd:
            return DoseVolumeHistogram(dose: dose.averagedLET(), mask: mask)?.mean
        case .doseAtVolume(let share):
            return DoseVolumeHistogram(dose: volume, mask: mask)?.dose(atVolume: share)
        case .doseAtAbsoluteVolume(let cm3):
            return DoseVolumeHistogram(dose: volume, mask: mask)?.dose(atAbsoluteVolumeCM3: cm3)
        case .volumeAtDose(let level):
            return DoseVolumeHistogram(dose: volume, mask: mask)?.volume(atDose: level)
        case .meanDose: return DoseVolumeHistogram(dose: volume, mask: mask)?.mean
        case .maximumDose: return DoseVolumeHistogram(dose: volume, mask: mask)?.maximum
        case .minimumDose: return DoseVolumeHistogram(dose: volume, mask: mask)?.minimum
        case .homogeneityIndex:
            return DoseVolumeHistogram(dose: volume, mask: mask)?.homogeneityIndex
        }
    }

    /// At most three decimals.
    static func format(_ value: Double) -> String {
        let rounded = (value * 1000).rounded() / 1000
        return rounded == rounded.rounded() && abs(rounded) < 1e15 ? "\(Int(rounded))" : "\(rounded)"
    }
}

extension DoseVolumeMetric {
    /// Factor from the stored value to the one people read: shares are shown in per cent.
    public var displayFactor: Double {
        if case .volumeAtDose = self { return 100 }
        return 1
    }
}

extension ClinicalGoal: CustomStringConvertible {
    /// Unit that the value is read in.
    public var unit: String {
        switch metric {
        case .volumeAtDose: "%"
        case .homogeneityIndex, .conformityIndex: ""
        case .meanLETd: "keV/µm"
        default: doseUnit
        }
    }

    private var doseUnit: String { quantity == .rbeWeighted ? "Gy (RBE)" : "Gy" }

    /// For example `D95% >= 57.76 Gy (RBE)`.
    public var description: String {
        let name =
            switch metric {
            case .doseAtVolume(let share): "D\(GoalEvaluation.format(100 * share))%"
            case .doseAtAbsoluteVolume(let cm3): "D\(GoalEvaluation.format(cm3))cm³"
            case .volumeAtDose(let dose): "V\(GoalEvaluation.format(dose)) \(doseUnit)"
            case .meanDose: "Dmean"
            case .maximumDose: "Dmax"
            case .minimumDose: "Dmin"
            case .homogeneityIndex: "homogeneity index"
            case .conformityIndex: "conformity index"
            case .meanLETd: "mean LETd"
            }
        let number = GoalEvaluation.format(value * metric.displayFactor)
        return unit.isEmpty
            ? "\(name) \(comparison.rawValue) \(number)" : "\(name) \(comparison.rawValue) \(number) \(unit)"
    }
}
