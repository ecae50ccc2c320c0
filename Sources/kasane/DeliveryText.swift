import DeliveryControl
import DeliverySimulation
import FacilityModel
import Foundation
import PatientModel
import PlanEvaluation
import PlanModel
import Reporting
import TreatmentDelivery
import TreatmentPlanning
import Volumes

/// Tables of a delivered fraction for the terminal.
enum DeliveryText {
    static func fields(_ fields: [FractionDelivery.DeliveredField]) -> NumberTable {
        var table = NumberTable(
            "delivered",
            [
                "field": "", "state": "", "visits": "", "primary": "ions", "secondary": "ions",
                "over plan": "", "fills": "",
                "beam": "s", "energy steps": "s", "gate": "s", "time": "s",
            ])
        table.rows = fields.map { field in
            let facts = field.reportField
            let times = field.outcome?.times ?? TimeShares()
            return [
                .text("\(facts.number) \(facts.name)"), .text(facts.state),
                .number(Double(facts.visits), digits: 6),
                .number(facts.primaryIons, digits: 5), .number(facts.secondaryIons, digits: 5),
                .number(facts.primaryIons / max(1, facts.plannedIons), digits: 5),
                .number(Double(facts.fills), digits: 3), .number(times.beam, digits: 4),
                .number(times.energySteps, digits: 4), .number(times.gate, digits: 4),
                .number(facts.durationS, digits: 4),
            ]
        }
        return table
    }

    static func dose(_ dose: FractionFiles.DoseResult, plan: Plan) -> String {
        let compared = dose.compared
        var lines = [
            ("gamma 1 %/1 mm of the RBE-weighted dose", compared.rbeWeighted.gamma),
            ("gamma 1 %/1 mm of the absorbed dose", compared.physical.gamma),
            ("gamma 2 %/2 mm of the absorbed dose", dose.wider),
        ].map { String(format: "%@: %.2f %% of %d points", $0, 100 * $1.passRate, $1.gamma.count) }
        let name = plan.prescription.targetName
        if let before = compared.planned.structures.first(where: { $0.structureName == name }),
            let after = compared.delivered.structures.first(where: { $0.structureName == name })
        {
            lines.append(
                String(
                    format:
                        "%@: D95 %.2f Gy (RBE), planned %.2f; D2 %.2f, planned %.2f; mean %.2f, planned %.2f",
                    name, after.d95, before.d95, after.d2, before.d2, after.meanDose, before.meanDose))
        }
        lines += compared.lostGoals.map { "goal met by the plan alone: \($0.finding.message)" }
        return lines.joined(separator: "\n")
    }
}
