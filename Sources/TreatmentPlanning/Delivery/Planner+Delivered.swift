import DeliveryControl
import DeliverySimulation
import PatientModel
import PlanModel
import Volumes

extension Planner {
    /// Dose of the fraction that was really delivered, of every field by its number, in the anatomy of the planning CT.
    ///
    /// Without motion: the dose of the delivered spots on the CT. With motion, stays are sorted into phases by the amplitude at their
    /// time; the spots of each phase give their dose on the CT as it is then; and that dose is brought back:
    ///
    ///     D(x) = Σ_phases D_a(x + u(x; a)),   D_a on I_a(y) = I(x) with x + u(x; a) = y
    ///
    /// D · z* and D · LET alike; the RBE-weighted dose follows from the sums.
    ///
    /// - Parameters:
    ///   - delivered: What the fields delivered; a field that is not among them gets no dose.
    ///   - plan: That was delivered.
    ///   - motion: nil for a patient who did not move.
    ///   - progress: Called often, in the caller's task.
    /// - Returns: Doses by field number, one for every field of the plan.
    /// - Throws: `DeliveredSpotsError`, `AnatomyMotionError`, what the engine throws, `CancellationError`.
    ///
    /// ## Checked by
    /// `DeliveredDoseTests`.
    public func dose(
        of delivered: [DeliveredSpots], plan: Plan, motion: PatientMotion? = nil,
        progress: (PlanningProgress) -> Void
    ) async throws -> [Int: DoseDistribution] {
        guard let motion else {
            return try await dose(of: plan.delivered(delivered, merging: true), progress: progress)
        }
        let sorted = BreathingPhases(delivered, trace: motion.trace, count: motion.phases).phases
        progress(.init(.dose, .began))
        var sums: [Int: DoseDistribution] = [:]
        for (position, phase) in sorted.enumerated() {
            func tell(_ share: Double) {
                let done = (Double(position) + share) / Double(sorted.count)
                progress(.init(.dose, .at(done, "phase \(position + 1) of \(sorted.count)")))
            }
            tell(0)
            let images = try await images.moved(
                by: motion.anatomy, amplitude: phase.amplitude, threads: input.threads)
            let planner = with(images: images)
            var part = try plan.delivered(phase.delivered, merging: true)
            part.fields.removeAll { $0.spotCount == 0 }
            let doses = try await planner.dose(of: part) {
                if case .at(let share?, _) = $0.event { tell(share) }
            }
            for (number, dose) in doses {
                let back = try await motion.anatomy.pulledBack(
                    dose, amplitude: phase.amplitude, threads: input.threads)
                sums[number] = DoseDistribution.sum([sums[number], back].compactMap(\.self))
            }
        }
        for field in plan.fields where sums[field.number] == nil { sums[field.number] = zeroDose }
        progress(.init(.dose, .ended("\(masks.grid.voxelCount) voxels in \(sorted.count) phases")))
        return sums
    }
}
