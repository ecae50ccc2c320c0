import Foundation
import Frames
import PlanEvaluation
import Volumes

/// The gamma index of two head-sized doses that differ by a shift and a few per cent.
enum GammaBenchmark {
    static let benchmark = Benchmark(
        name: "gamma",
        summary: """
            Two doses of 120 × 120 × 100 voxels of 2 mm: a field of 80 mm with edges of a few millimetres. The second one is \
            shifted by 0.7 mm and 1 % higher (doses agree), the same on voxels of 2.5 mm (other grids), or shifted by 1.5 mm and \
            4 % higher (a third fails). All points above 10 % of the maximum, lattice of a tenth of the distance. pymedphys 0.41 did \
            11,500 points/s on a machine of this kind.
            """
    ) { machine in
        let geometry = grid(spacingMM: 2)
        let reference = field(geometry, shiftMM: 0, factor: 1)
        let agreeing = field(geometry, shiftMM: 0.7, factor: 1.01)
        let coarse = field(grid(spacingMM: 2.5), shiftMM: 0.7, factor: 1.01)
        let failing = field(geometry, shiftMM: 1.5, factor: 1.04)
        var rows: [Benchmark.Row] = []
        for (name, evaluated, difference, distance) in [
            ("doses agree", agreeing, 0.03, 3.0), ("doses agree", agreeing, 0.02, 2),
            ("doses agree", agreeing, 0.01, 1), ("other grids", coarse, 0.02, 2),
            ("a third fails", failing, 0.02, 2),
        ] {
            var result: GammaResult?
            let time = try await Timing.measure(repeats: 3) {
                result = try await GammaIndex.compute(
                    reference: reference, evaluated: evaluated,
                    criteria: GammaCriteria(doseDifference: difference, distanceMM: distance),
                    threads: machine.threads)
            }
            guard let result else { continue }
            let points = Double(result.voxels.count)
            rows.append(
                Benchmark.Row(
                    "\(name), \(Int(100 * difference)) %/\(Int(distance)) mm",
                    String(format: "%.2f million points/s", points / time.wallMedian / 1e6),
                    String(
                        format: "wall; %.2f million per processor second; %.0f points, %.1f %% pass",
                        points / time.processorLeast / 1e6, points, 100 * result.passRate)))
        }
        return rows
    }

    private static func grid(spacingMM: Double) -> VolumeGeometry {
        VolumeGeometry(
            dimensions: SIMD3(
                Int(240 / spacingMM), Int(240 / spacingMM), Int(200 / spacingMM)),
            origin: Point3(SIMD3(-119, -119, -99)), spacingMM: SIMD3(repeating: spacingMM),
            frameOfReferenceUID: "1")
    }

    private static func field(_ geometry: VolumeGeometry, shiftMM: Double, factor: Double) -> Volume<Float> {
        Volume(
            geometry: geometry,
            values: (0..<geometry.voxelCount).map { index in
                let v = geometry.voxel(at: index)
                let p = geometry.centre(v.x, v.y, v.z).mm
                func edge(_ x: Double) -> Double { 1 / (1 + exp((abs(x) - 40) / 1.5)) }
                let depth = 0.3 + 0.7 / (1 + exp((-30 - p.y) / 4))
                return Float(2 * factor * edge(p.x - shiftMM) * edge(p.z) * depth)
            })
    }
}
