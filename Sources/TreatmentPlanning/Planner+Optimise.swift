import CaseFiles
import FacilityModel
import PatientModel
import PencilBeam
import PlanModel
import PlanOptimization
import Radiobiology

extension Planner {
    /// Dose per spot and the optimisation on it.
    func optimise(
        _ plan: Plan, progress: (PlanningProgress) -> Void
    ) async throws -> (result: OptimisationResult, summary: PlanningResult.InfluenceSummary) {
        let request = input.request
        let names = Set(request.objectives.map(\.structureName))
        let targets = Set(request.objectives.filter(\.kind.givesDose).map(\.structureName))
            .union([request.prescription.targetName])
        let voxels = OptimisationVoxels(
            masks: masks.byName.filter { names.contains($0.key) }, targets: targets,
            extremes: Set(request.objectives.filter(\.kind.isExtreme).map(\.structureName)))

        progress(.init(.influence, .began))
        let matrices = try await influence(plan, voxels: voxels.indices, progress: progress)
        let nonzeros = matrices.reduce(0) { $0 + $1.nonzeros }
        let bytes = matrices.reduce(0) { $0 + $1.bytes }
        let summary = PlanningResult.InfluenceSummary(
            nonzeros: nonzeros, bytes: bytes, voxels: voxels.indices.count,
            droppedDoseFraction: matrices.map(\.droppedDoseFraction).max() ?? 0)
        progress(
            .init(
                .influence,
                .ended(
                    "\(nonzeros / 1000) thousand entries, \(bytes >> 20) MiB, \(voxels.indices.count) voxels")
            ))

        var firstSpot = 0
        let ranges = plan.fields.map { field in
            defer { firstSpot += field.spotCount }
            return firstSpot..<(firstSpot + field.spotCount)
        }
        let count = Double(plan.fields.count)
        let problem = OptimisationProblem(
            doseModel: matrices.count == 1 ? matrices[0] : CombinedDoseModel(matrices), voxels: voxels,
            objectives: request.objectives, biologicalModel: request.biology.model,
            fractions: request.prescription.fractions, fieldSpots: ranges,
            combination: request.optimisation.mode == .multiField
                ? .together : .singleFieldUniform(shares: plan.fields.map { _ in 1 / count }),
            minimumParticles: plan.fields.map {
                input.machine.port($0.portID)?.nozzle.minimumSpotParticles ?? 0
            })
        var settings = PlanOptimization.OptimisationSettings()
        settings.maximumIterations = request.optimisation.iterations
        settings.relativeDecrease = request.optimisation.tolerance

        progress(.init(.optimisation, .began))
        let result = try await PlanOptimizer.optimise(
            problem, settings: settings, threads: input.threads
        ) { state in
            let words =
                "\(state.phase.rawValue), iteration \(state.iteration), objective \(significant(state.objective))"
            progress(.init(.optimisation, .at(state.fractionOfPass, words)))
        }
        progress(
            .init(
                .optimisation,
                .ended(
                    "\(result.iterations) iterations, \(result.stop.rawValue), objective "
                        + "\(significant(result.objective)), \(result.removedSpots) spots removed, "
                        + "\(result.raisedSpots) raised")))
        return (result, summary)
    }

    /// One matrix for each run of neighbouring fields that share a port, in the order of the fields.
    private func influence(
        _ plan: Plan, voxels: [Int32], progress: (PlanningProgress) -> Void
    ) async throws -> [InfluenceMatrix] {
        var groups: [[Field]] = []
        for field in plan.fields {
            if let last = groups.last, last[0].portID == field.portID {
                groups[groups.count - 1].append(field)
            } else {
                groups.append([field])
            }
        }
        let total = Double(plan.spotCount)
        var done = 0.0
        var matrices: [InfluenceMatrix] = []
        for group in groups {
            let own = Double(group.reduce(0) { $0 + $1.spotCount })
            matrices.append(
                try await engine(for: group[0].portID).influence(
                    of: group, grid: masks.grid, voxels: voxels, threads: input.threads
                ) { share in
                    progress(.init(.influence, .at((done + share * own) / total, "")))
                })
            done += own
        }
        return matrices
    }
}

/// Four significant digits, for progress lines.
private func significant(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return "\(value)" }
    var scale = 1.0
    while abs(value) * scale < 1000 { scale *= 10 }
    while abs(value) * scale >= 10000 { scale /= 10 }
    return "\((value * scale).rounded() / scale)"
}
