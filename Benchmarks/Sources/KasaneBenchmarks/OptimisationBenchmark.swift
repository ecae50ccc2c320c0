import Foundation
import PencilBeam
import PlanModel
import PlanOptimization
import Radiobiology

/// The products with the influence matrix, and whole iterations of the optimiser.
enum OptimisationBenchmark {
    static let benchmark = Benchmark(
        name: "optimisation",
        summary: PlanningCase.description + """
             RBE-weighted dose of the modified MKM, five objectives. A pair of products is A x and its transpose, each for dose and \
            dose × z*: every stored byte is read twice. Peer, measured on a machine of this kind: matRad 26 ms per million \
            entries and iteration.
            """
    ) { machine in
        let problem = try await PlanningCase(threads: machine.threads)
        let voxels = OptimisationVoxels(
            masks: ["target": problem.target, "body": problem.body], targets: ["target"])
        let matrix = try await problem.engine.influence(
            of: problem.fields, grid: problem.grid, voxels: voxels.indices, threads: machine.threads)
        let weights = [Double](repeating: 1e5, count: matrix.spotCount)
        let gradient = [Float](repeating: 1, count: matrix.voxels.count)
        let products = try await Timing.measure(repeats: 5) {
            _ = try await matrix.forward(weights: weights, threads: machine.threads)
            _ = try await matrix.transposed(
                doseGradient: gradient, doseZStarGradient: gradient, threads: machine.threads)
        }
        func objective(_ name: String, _ kind: ObjectiveKind, _ priority: Double) -> DoseObjective {
            DoseObjective(structureName: name, kind: kind, priority: priority)
        }
        var first = 0
        let spots = problem.fields.map { field -> Range<Int> in
            defer { first += field.spotCount }
            return first..<(first + field.spotCount)
        }
        let task = OptimisationProblem(
            doseModel: matrix, voxels: voxels,
            objectives: [
                objective("target", .squaredDeviation(dose: 60.8), 100),
                objective("target", .squaredUnderdose(dose: 59.6), 200),
                objective("target", .squaredOverdose(dose: 62.6), 100),
                objective("body", .squaredOverdose(dose: 50), 1),
                objective("body", .meanDose(atMost: 0), 0.1),
            ], biologicalModel: .clinicalMKM(.nirs2015), fractions: 16, fieldSpots: spots,
            minimumParticles: spots.map { _ in 3000 })
        var result: OptimisationResult?
        let whole = try await Timing.measure(repeats: 1) {
            result = try await PlanOptimizer.optimise(task, threads: machine.threads)
        }
        guard let result else { return [] }
        let millions = Double(matrix.nonzeros) / 1e6
        let bandwidth = 2 * Double(matrix.bytes) / products.wallMedian / 1e9
        return [
            Benchmark.Row(
                "pair of products",
                String(format: "%.2f ms per million entries", 1e3 * products.wallMedian / millions),
                String(format: "wall; %.1f million entries, %.0f MB", millions, Double(matrix.bytes) / 1e6)),
            Benchmark.Row(
                "bytes read", String(format: "%.1f GB/s", bandwidth),
                String(
                    format: "%.0f %% of the copy kernel's %.1f GB/s in this run",
                    100 * bandwidth / machine.copyGBPerSecond, machine.copyGBPerSecond)),
            Benchmark.Row(
                "iteration",
                String(
                    format: "%.2f ms per million entries",
                    1e3 * whole.wallMedian / Double(result.iterations) / millions),
                String(
                    format: "wall; %d iterations, %d evaluations, %.1f s in all, %d spots", result.iterations,
                    result.evaluations, whole.wallMedian, matrix.spotCount)),
        ]
    }
}
