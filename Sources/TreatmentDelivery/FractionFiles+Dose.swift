import CaseFiles
import DeliveryControl
import DeliveryLog
import Foundation
import Frames
import PlanEvaluation
import PlanModel
import Reporting
import TreatmentPlanning
import Volumes

extension FractionFiles {
    /// The delivered dose beside the planned one.
    public struct DoseResult: Sendable {
        /// The plan with the ions and places that were delivered.
        public var plan: Plan
        public var compared: DeliveredDose
        /// RBE-weighted dose by the same measure as `compared`, with the wider criteria.
        public var wider: GammaResult
        public var method: String
    }

    /// Gamma of the comparison, and the wider one beside it.
    static let criteria = GammaCriteria(doseDifference: 0.01, distanceMM: 1)
    static let widerCriteria = GammaCriteria(doseDifference: 0.02, distanceMM: 2)

    /// All stays of the fraction, on its clock.
    ///
    /// - Throws: `DeliveryLogError`.
    public func deliveredSpots() throws -> [DeliveredSpots] {
        let histories = try histories()
        let known = plan.fields.compactMap { histories[$0.field.number] }
        let offsets = FractionClock(seed: plan.request.seed).offsets(known)
        return zip(known, offsets).flatMap { history, offset in
            zip(history.sessions, offset.sessions).compactMap { session, begin in
                session.delivered.map {
                    DeliveredSpots($0, ionsPerCount: plan.ionsPerCount, offsetS: begin)
                }
            }
        }
    }

    /// The dose of everything that was delivered in this fraction, from the logs, by the engine of planning: on the planning CT, or, where
    /// something moves, in the phases of breathing and brought back to it.
    ///
    /// - Parameter progress: Told while it is computed.
    /// - Returns: nil if nothing was delivered or the plan has no dose.
    public func dose(_ progress: (PlanningProgress) -> Void) async throws -> DoseResult? {
        let spots = try deliveredSpots()
        guard spots.contains(where: { !$0.spots.isEmpty }), !opened.planCase.fieldDoses.isEmpty else {
            return nil
        }
        let planner = opened.planner
        let motion = plan.request.breathing.flatMap { breathing in
            breathing.motion.map {
                PatientMotion(anatomy: $0, trace: breathing.trace, phases: breathing.phases)
            }
        }
        let doses = try await planner.dose(of: spots, plan: plan.plan, motion: motion, progress: progress)
        progress(.init(.evaluation, .began))
        let compared = try await planner.compare(
            delivered: doses, planned: opened.planCase.fieldDoses, plan: plan.plan, criteria: Self.criteria
        ) { progress(.init(.evaluation, .at(0.8 * $0, "gamma"))) }
        let wider = try await GammaIndex.compute(
            reference: compared.physical.reference, evaluated: compared.physical.evaluated,
            criteria: Self.widerCriteria, mask: planner.bodyMask, threads: planner.input.threads)
        progress(.init(.evaluation, .ended("gamma")))
        return DoseResult(
            plan: try plan.plan.delivered(spots, merging: true), compared: compared, wider: wider,
            method: method(motion))
    }

    private func method(_ motion: PatientMotion?) -> String {
        let base =
            "From the log: ions by the primary monitor, positions by the strip monitor, by the engine of planning"
        let how =
            motion.map {
                " in \($0.phases) phases of breathing, each on the CT as it is then, brought back to the planning CT (\(plan.request.breathing?.description ?? ""))."
            } ?? " on the planning CT."
        return base + how
            + " Gamma and curves are those of a fraction; RBE-weighted figures are totals as if all fractions were delivered like this one."
    }

    /// Writes the delivered fraction as a case: `kasane evaluate`, `report` and others read it like the plan's.
    ///
    /// - Parameters:
    ///   - result: The dose.
    ///   - created: ISO 8601.
    /// - Throws: `InvalidFile`.
    public func writeDeliveredCase(_ result: DoseResult, created: String) throws {
        var asDelivered = opened.planCase
        asDelivered.plan = result.plan
        asDelivered.take(fieldDoses: result.compared.fieldDoses)
        asDelivered.facts.append(ReportFact("Dose", "delivered in fraction \(plan.request.fraction)"))
        try asDelivered.write(
            to: "\(folder)/delivered", evaluation: result.compared.delivered, created: created)
    }
}
