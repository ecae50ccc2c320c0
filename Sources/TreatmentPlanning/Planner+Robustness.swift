import CaseFiles
import Frames
import PatientModel
import PlanEvaluation
import PlanModel
import Volumes

extension Planner {
    /// The plan under each scenario: its dose is computed anew with the patient displaced or with other stopping powers.
    ///
    /// A patient displaced by d is the same as an isocentre displaced by −d in the patient. Spots, ions and devices stay those of the
    /// plan. Scattering and nuclear reactions of the tissues stay as they are where their stopping power is wrong. The scenarios run one
    /// after another, each on all threads; results do not depend on their number.
    ///
    /// - Parameters:
    ///   - plan: The plan, scanned or passive.
    ///   - fractionDose: Its dose of one fraction, as planned.
    ///   - scenarios: What may go wrong.
    ///   - progress: Called often, in the caller's task.
    /// - Throws: `PlanningError.targetOutsideDoseGrid`, what the dose engines throw, `CancellationError`.
    ///
    /// ## Checked by
    /// `PlannerRobustnessTests`: doses of a shifted plan and of a phantom of other density computed directly.
    public func robustness(
        of plan: Plan, fractionDose: DoseDistribution, scenarios: [ErrorScenario],
        progress: (PlanningProgress) -> Void
    ) async throws -> RobustnessEvaluation {
        progress(.init(.robustness, .began))
        let nominal = try outcome(.nominal, of: plan, fractionDose: fractionDose)
        var outcomes: [RobustnessEvaluation.Outcome] = []
        for (index, scenario) in scenarios.enumerated() {
            let moved = scenario.applied(to: plan)
            let planner = withStoppingPower(scaledBy: 1 + scenario.rangeError)
            let doses = try await planner.dose(of: moved) { state in
                guard case .at(let share?, _) = state.event else { return }
                progress(
                    .init(
                        .robustness,
                        .at((Double(index) + share) / Double(scenarios.count), scenario.name)))
            }
            let fraction = DoseDistribution.sum(moved.fields.compactMap { doses[$0.number] }) ?? zeroDose
            outcomes.append(try outcome(scenario, of: plan, fractionDose: fraction))
        }
        progress(.init(.robustness, .ended("\(scenarios.count) scenarios")))
        return RobustnessEvaluation(nominal: nominal, outcomes: outcomes)
    }

    private func outcome(
        _ scenario: ErrorScenario, of plan: Plan, fractionDose: DoseDistribution
    ) throws -> RobustnessEvaluation.Outcome {
        let dose = PlanDose(
            distribution: fractionDose, biologicalModel: input.request.biology.model,
            fractions: plan.prescription.fractions)
        guard
            let outcome = RobustnessEvaluation.Outcome(
                scenario: scenario, dose: dose, goals: input.request.goals, prescription: plan.prescription,
                masks: masks.byName)
        else { throw PlanningError.targetOutsideDoseGrid(plan.prescription.targetName) }
        return outcome
    }
}

extension ErrorScenario {
    /// The plan with its isocentres where the displaced patient has them.
    package func applied(to plan: Plan) -> Plan {
        var plan = plan
        for index in plan.fields.indices {
            plan.fields[index].isocentre = Point3(plan.fields[index].isocentre.mm - shiftMM)
        }
        return plan
    }
}
