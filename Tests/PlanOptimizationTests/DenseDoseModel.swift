import PlanOptimization

/// A dose model with every entry stored: the plain meaning of the protocol, for tests.
struct DenseDoseModel: LinearDoseModel {
    /// D and D·z* per ion, one row of `voxelCount` entries for each spot.
    var dose: [[Float]]
    var doseZStar: [[Float]]
    let voxelCount: Int

    var spotCount: Int { dose.count }

    func forward(weights: [Double], threads: Int) async throws -> (dose: [Float], doseZStar: [Float]) {
        var (d, z) = ([Double](repeating: 0, count: voxelCount), [Double](repeating: 0, count: voxelCount))
        for spot in dose.indices where weights[spot] != 0 {
            for voxel in 0..<voxelCount {
                d[voxel] += weights[spot] * Double(dose[spot][voxel])
                z[voxel] += weights[spot] * Double(doseZStar[spot][voxel])
            }
        }
        return (d.map { Float($0) }, z.map { Float($0) })
    }

    func transposed(
        doseGradient: [Float], doseZStarGradient: [Float], threads: Int
    ) async throws -> [Double] {
        dose.indices.map { spot in
            var sum = 0.0
            for voxel in 0..<voxelCount {
                sum += Double(dose[spot][voxel]) * Double(doseGradient[voxel])
                sum += Double(doseZStar[spot][voxel]) * Double(doseZStarGradient[voxel])
            }
            return sum
        }
    }

    func selecting(spots: [Int]) -> DenseDoseModel {
        DenseDoseModel(
            dose: spots.map { dose[$0] }, doseZStar: spots.map { doseZStar[$0] }, voxelCount: voxelCount)
    }
}
