import DeliverySimulation
import FacilityModel
import Foundation
import PlanModel
import Reporting

/// Delivery time of the scanned fields of a plan, for its report.
enum DeliveryTimeFacts {
    /// One line for each scanned field with what its time goes to, and their sum if there are several.
    ///
    /// Where the time cannot be told, for the machine file lacks something, the line says why.
    static func facts(_ plan: Plan, machine: MachineDescription) -> [ReportFact] {
        var sum = 0.0
        var isWhole = true
        var facts: [ReportFact] = []
        for field in plan.fields where field.passive == nil && field.particles > 0 {
            let name = "Field \(field.number) \(field.name)"
            do {
                let time = try DeliveryTimeModel.time(of: field, on: machine)
                sum += time.totalS
                facts.append(ReportFact(name, text(time), source: "docs/theory/delivery.md"))
            } catch {
                isWhole = false
                facts.append(ReportFact(name, "not told: \(error)"))
            }
        }
        if facts.count > 1, isWhole {
            facts.append(
                ReportFact("All fields", String(format: "%.1f s", sum), source: "without set-up and gating"))
        }
        return facts
    }

    private static func text(_ time: DeliveryTime) -> String {
        let parts = [
            ("new fills", time.shares.fills), ("energy steps", time.shares.energySteps),
            ("beam", time.shares.beam), ("scanning", time.shares.scanning),
            ("verification and log", time.shares.other),
        ]
        return String(format: "%.1f s: ", time.totalS)
            + parts.map { $0.0 + String(format: " %.2f s", $0.1) }.joined(separator: ", ")
    }
}
