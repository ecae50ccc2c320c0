import PlanModel

/// Clinical goals as people write them.
package enum GoalText {
    /// The metric, for example `D95`, `V30 Gy (RBE)`, `Dmean`.
    package static func metric(_ goal: ClinicalGoal) -> String {
        switch goal.metric {
        case .doseAtVolume(let share): "D\(trimmed(100 * share))"
        case .doseAtAbsoluteVolume(let cm3): "D\(trimmed(cm3)) cm³"
        case .volumeAtDose(let dose): "V\(trimmed(dose)) \(doseUnit(goal))"
        case .meanDose: "Dmean"
        case .maximumDose: "Dmax"
        case .minimumDose: "Dmin"
        case .homogeneityIndex: "HI = (D2 − D98)/D50"
        case .conformityIndex: "CI (Paddick)"
        case .meanLETd: "LETd, mean"
        }
    }

    /// The limit with its comparison, for example `≥ 57.76 Gy (RBE)`.
    package static func limit(_ goal: ClinicalGoal) -> String {
        (goal.comparison == .atLeast ? "≥ " : "≤ ") + value(goal.value, goal)
    }

    /// A value of the goal's metric with its unit.
    package static func value(_ value: Double, _ goal: ClinicalGoal) -> String {
        guard value.isFinite else { return NumberText.missing }
        switch goal.metric {
        case .doseAtVolume, .doseAtAbsoluteVolume, .meanDose, .maximumDose, .minimumDose:
            return "\(NumberText.fixed(value, 2)) \(doseUnit(goal))"
        case .volumeAtDose: return NumberText.percent(value)
        case .homogeneityIndex, .conformityIndex: return NumberText.fixed(value, 3)
        case .meanLETd: return "\(NumberText.fixed(value, 1)) keV/µm"
        }
    }

    private static func doseUnit(_ goal: ClinicalGoal) -> String {
        goal.quantity == .rbeWeighted ? "Gy (RBE)" : "Gy"
    }

    private static func trimmed(_ value: Double) -> String {
        let text = NumberText.fixed(value, 2)
        guard text.contains(".") else { return text }
        return String(text.reversed().drop { $0 == "0" }.drop { $0 == "." }.reversed())
    }
}
