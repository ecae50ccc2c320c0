import PlanOptimization
import Testing
import TreatmentPlanning

/// A small dense model for comparison.
private struct DenseModel: LinearDoseModel {
    /// Rows by columns; dose and dose times z*.
    var dose: [[Float]]
    var doseZStar: [[Float]]
    let voxelCount: Int
    var spotCount: Int { dose.count }

    /// Columns given as one row of values for each spot.
    init(columns: [[Float]], voxelCount: Int) {
        dose = columns
        doseZStar = columns.map { $0.map { 10 * $0 } }
        self.voxelCount = voxelCount
    }

    func forward(weights: [Double], threads: Int) async throws -> (dose: [Float], doseZStar: [Float]) {
        func product(_ columns: [[Float]]) -> [Float] {
            (0..<voxelCount).map { v in
                columns.indices.reduce(Float(0)) { $0 + columns[$1][v] * Float(weights[$1]) }
            }
        }
        return (product(dose), product(doseZStar))
    }

    func transposed(
        doseGradient: [Float], doseZStarGradient: [Float], threads: Int
    ) async throws -> [Double] {
        dose.indices.map { s in
            (0..<voxelCount).reduce(0.0) {
                $0 + Double(dose[s][$1] * doseGradient[$1] + doseZStar[s][$1] * doseZStarGradient[$1])
            }
        }
    }

    func selecting(spots: [Int]) -> DenseModel {
        DenseModel(columns: spots.map { dose[$0] }, voxelCount: voxelCount)
    }
}

@Suite struct CombinedDoseModelTests {
    private static let columns: [[Float]] = [[1, 0, 2], [0, 3, 1], [4, 1, 0], [1, 1, 1], [0, 0, 5]]
    private let whole = DenseModel(columns: columns, voxelCount: 3)
    private let combined = CombinedDoseModel([
        DenseModel(columns: Array(columns[0..<2]), voxelCount: 3),
        DenseModel(columns: Array(columns[2..<5]), voxelCount: 3),
    ])

    @Test func productsEqualThoseOfTheWhole() async throws {
        let weights = [1.0, 2, 0.5, 3, 0.25]
        let a = try await whole.forward(weights: weights, threads: 1)
        let b = try await combined.forward(weights: weights, threads: 2)
        #expect(a.dose == b.dose)
        #expect(a.doseZStar == b.doseZStar)
        let gradient: [Float] = [1, -2, 0.5]
        let zStarGradient: [Float] = [0, 0.25, 1]
        let g = try await whole.transposed(
            doseGradient: gradient, doseZStarGradient: zStarGradient, threads: 1)
        let h = try await combined.transposed(
            doseGradient: gradient, doseZStarGradient: zStarGradient, threads: 1)
        #expect(g == h)
    }

    @Test func selectionKeepsTheOrder() async throws {
        let kept = [0, 2, 4]
        let a = try await whole.selecting(spots: kept).forward(weights: [1, 2, 3], threads: 1)
        let b = try await combined.selecting(spots: kept).forward(weights: [1, 2, 3], threads: 1)
        #expect(a.dose == b.dose)
        #expect(combined.selecting(spots: kept).spotCount == 3)
        let onlySecond = try await combined.selecting(spots: [3]).forward(weights: [2], threads: 1)
        #expect(onlySecond.dose == [2, 2, 2])
    }
}
