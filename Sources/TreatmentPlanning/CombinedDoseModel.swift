import PlanOptimization

/// Several dose models over the same voxels, their spots one after the other: one model for each port of the plan.
///
/// ## Checked by
/// `CombinedDoseModelTests`.
public struct CombinedDoseModel: LinearDoseModel {
    private let parts: [any LinearDoseModel]
    public let voxelCount: Int
    public let spotCount: Int

    /// - Precondition: at least one part, all with the same voxels.
    public init(_ parts: [any LinearDoseModel]) {
        precondition(!parts.isEmpty && parts.allSatisfy { $0.voxelCount == parts[0].voxelCount })
        self.parts = parts
        voxelCount = parts[0].voxelCount
        spotCount = parts.reduce(0) { $0 + $1.spotCount }
    }

    public func forward(weights: [Double], threads: Int) async throws -> (dose: [Float], doseZStar: [Float]) {
        var first = 0
        var dose = [Float](repeating: 0, count: voxelCount)
        var doseZStar = dose
        for part in parts {
            let own = Array(weights[first..<first + part.spotCount])
            first += part.spotCount
            let sum = try await part.forward(weights: own, threads: threads)
            for i in 0..<voxelCount {
                dose[i] += sum.dose[i]
                doseZStar[i] += sum.doseZStar[i]
            }
        }
        return (dose, doseZStar)
    }

    public func transposed(
        doseGradient: [Float], doseZStarGradient: [Float], threads: Int
    ) async throws -> [Double] {
        var gradient: [Double] = []
        gradient.reserveCapacity(spotCount)
        for part in parts {
            gradient += try await part.transposed(
                doseGradient: doseGradient, doseZStarGradient: doseZStarGradient, threads: threads)
        }
        return gradient
    }

    public func selecting(spots: [Int]) -> CombinedDoseModel {
        var first = 0
        var chosen: [any LinearDoseModel] = []
        for part in parts {
            let own = spots.filter { $0 >= first && $0 < first + part.spotCount }.map { $0 - first }
            chosen.append(part.selecting(spots: own))
            first += part.spotCount
        }
        return CombinedDoseModel(chosen)
    }
}
