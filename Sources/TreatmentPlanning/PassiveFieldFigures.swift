import AcceleratorModel
import FacilityModel
import PassiveBeam
import PlanModel
import Quantities
import Reporting

/// Ions of a passive field: how many are needed, and how many come through its collimator.
public struct PassiveFieldFigures: Hashable, Sendable {
    public var field: Field
    public var efficiency: PassiveEfficiency

    /// Times of the field on the machine's ring.
    ///
    /// The mode is a fixed pattern of the machine's cycle, as HIMAC's passive ports have it, with one cycle or more for each slice.
    ///
    /// - Parameters:
    ///   - description: The machine.
    ///   - rules: Intensity, gating and moves.
    /// - Throws: `AcceleratorError`.
    public func time(
        on description: MachineDescription, rules: PassiveFieldTime.Rules
    ) throws -> PassiveFieldTime? {
        guard let delivery = field.passive else { return nil }
        let figures = try CycleFigures(
            description, mode: .fixedPeriod(periodS: description.synchrotron.cyclePeriodS))
        return try PassiveFieldTime(
            energy: delivery.energy, sliceIons: delivery.slices.map(\.particles), rules: rules,
            figures: figures)
    }

    /// What the planning run and the report say: ions, their share through the collimator, cycles and dose rate at the ring's greatest intensity without gating.
    ///
    /// - Parameters:
    ///   - fields: Passive fields of one plan.
    ///   - plan: The plan.
    ///   - description: The machine.
    /// - Throws: `AcceleratorError` where the machine's ring is not known.
    public static func facts(
        _ fields: [PassiveFieldFigures], plan: Plan, description: MachineDescription
    ) throws -> [ReportFact] {
        guard !fields.isEmpty else { return [] }
        let rate = description.synchrotron.extractionRateIonsPerS.upperBound
        let rules = PassiveFieldTime.Rules(rateIonsPerS: rate)
        var facts: [ReportFact] = []
        var total = 0.0
        for figures in fields {
            let name = figures.field.name
            facts.append(
                ReportFact(
                    "Ions of field \(name)",
                    "\(NumberText.significant(figures.field.passive?.particles ?? 0, 3)) at the scatterer, "
                        + "\(NumberText.significant(100 * figures.efficiency.share, 3)) % through the collimator"
                ))
            guard let time = try figures.time(on: description, rules: rules) else { continue }
            total += time.durationS
            facts.append(
                ReportFact(
                    "Time of field \(name)",
                    "\(time.cycles) cycles, \(NumberText.significant(time.durationS, 3)) s",
                    source:
                        "\(NumberText.significant(rate, 3)) ions/s while beam is on, no gating; 0.5 s from slice to slice are assumed"
                ))
        }
        if total > 0 {
            facts.append(
                ReportFact(
                    "Dose rate",
                    "\(NumberText.significant(plan.prescription.dosePerFraction.value / total * 60, 3)) Gy (RBE)/min",
                    source: "prescribed dose of a fraction over the time of its fields"))
        }
        return facts
    }
}
