import DeliveryControl
import DeliverySimulation
import FacilityModel
import Foundation
import PatientModel
import PlanEvaluation
import PlanModel
import Reporting
import TreatmentDelivery
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

    static func dose(_ dose: FractionFiles.DeliveredDose) -> String {
        dose.facts.gamma.map {
            String(format: "gamma %@: %.2f %% of %d points", $0.criteria, 100 * $0.passRate, $0.points)
        }.joined(separator: "\n")
    }
}
