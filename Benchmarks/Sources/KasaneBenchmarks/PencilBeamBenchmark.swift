import Foundation
import Frames
import PencilBeam
import Volumes

/// Influence matrix and dose of the pencil beam.
enum PencilBeamBenchmark {
    static let benchmark = Benchmark(
        name: "pencil-beam",
        summary: PlanningCase.description + """
             The influence matrix holds all voxels of the ball within 40 mm of its middle; an entry is dose and dose × z* of a \
            spot in a voxel. Peers, measured on a machine of this kind per processor second: pyRadPlan 1.5, matRad 0.09 to 0.3 million \
            entries (dose alone).
            """
    ) { machine in
        let problem = try await PlanningCase(threads: machine.threads)
        let voxels = (0..<problem.grid.voxelCount).filter {
            let v = problem.grid.voxel(at: $0)
            let p = problem.grid.centre(v.x, v.y, v.z).mm
            return (p * p).sum() < 40 * 40
        }.map { Int32($0) }
        var matrix: InfluenceMatrix?
        let influence = try await Timing.measure(repeats: 3) {
            matrix = try await problem.engine.influence(
                of: problem.fields, grid: problem.grid, voxels: voxels, threads: machine.threads)
        }
        let dose = try await Timing.measure(repeats: 3) {
            _ = try await problem.engine.dose(
                of: problem.fields, grid: problem.grid, threads: machine.threads)
        }
        guard let matrix else { return [] }
        let millions = Double(matrix.nonzeros) / 1e6
        return [
            Benchmark.Row(
                "influence", String(format: "%.1f million entries/s", millions / influence.wallMedian),
                String(
                    format: "wall, %d threads; %.1f million entries, %d spots, %d voxels", machine.threads,
                    millions,
                    problem.spotCount, voxels.count)),
            Benchmark.Row(
                "influence per processor second",
                String(format: "%.1f million entries/s", millions / influence.processorLeast),
                String(
                    format: "%.0f spots per processor second",
                    Double(problem.spotCount) / influence.processorLeast)),
            Benchmark.Row(
                "memory",
                String(format: "%.2f bytes per entry", Double(matrix.bytes) / Double(matrix.nonzeros)),
                String(
                    format: "both quantities; cut drops %.2f %% of the summed dose",
                    100 * matrix.droppedDoseFraction)),
            Benchmark.Row(
                "dose of the plan", String(format: "%.2f s", dose.wallMedian),
                String(
                    format: "wall; dose, dose × z*, dose × LET in %d voxels; %.2f processor seconds",
                    problem.grid.voxelCount, dose.processorLeast)),
        ]
    }
}
