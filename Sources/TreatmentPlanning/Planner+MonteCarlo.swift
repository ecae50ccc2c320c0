import MonteCarloDose
import PatientModel
import PlanModel
import Reporting

extension Planner {
    /// What a Monte Carlo dose of a plan gave.
    public struct MonteCarloResult: Sendable {
        /// Dose of one fraction by field number.
        public var fieldDoses: [Int: DoseDistribution]
        /// Mean relative standard error in the high-dose region (above half of the maximum), field by field in their order.
        public var uncertainties: [Double]
        /// What a report says about it.
        public var facts: [ReportFact]
    }

    /// Monte Carlo dose of one fraction of every field of `plan` on the dose grid.
    ///
    /// - Parameters:
    ///   - histories: Ions of all fields together; a field gets its share by its ions, at least a thousand.
    public func monteCarloDose(
        of plan: Plan, histories: Int, seed: UInt64, progress: (PlanningProgress) -> Void
    ) async throws -> MonteCarloResult {
        progress(.init(.dose, .began))
        let engine = try MonteCarloDoseEngine(
            images: images, grid: masks.grid, machine: input.machine,
            patientPosition: input.patient.ct.patientPosition)
        let ions = plan.fields.map { field in
            field.layers.reduce(0) { $0 + $1.spots.reduce(0) { $0 + $1.particles } }
        }
        let all = ions.reduce(0, +)
        var result = MonteCarloResult(fieldDoses: [:], uncertainties: [], facts: [])
        var (done, shot) = (0.0, 0)
        for (number, field) in plan.fields.enumerated() {
            let share = all > 0 ? ions[number] / all : 0
            let outcome = try await engine.dose(
                of: field, histories: max(1000, Int(share * Double(histories))), seed: seed,
                threads: input.threads
            ) { progress(.init(.dose, .at(done + share * $0, "field ‘\(field.name)’, Monte Carlo"))) }
            result.fieldDoses[field.number] = outcome.distribution
            result.uncertainties.append(outcome.meanUncertainty)
            done += share
            shot += outcome.histories
        }
        let worst = 100 * (result.uncertainties.max() ?? 0)
        let spread = "\((worst * 10).rounded() / 10) %"
        result.facts = [
            ReportFact(
                Self.doseEngineFact,
                "Monte Carlo, \(shot) ions, seed \(seed), standard error \(spread) in the high dose of a field; dose to water",
                source: "docs/theory/transport.md")
        ]
        progress(.init(.dose, .ended("\(shot) ions, standard error \(spread) in the high dose of a field")))
        return result
    }

    /// Name of the fact that says how a dose was computed, where it was not the pencil beam.
    public static let doseEngineFact = "Dose engine"
}
