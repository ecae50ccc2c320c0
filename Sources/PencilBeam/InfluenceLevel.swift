import NumericKernels
import Volumes

/// The influence of all spots on the bricks of one grid: one level of an `InfluenceMatrix`.
struct InfluenceLevel: Sendable {
    let bricks: BrickSet
    /// Number of voxels in the list behind `bricks`.
    let voxelCount: Int
    let spotCount: Int
    /// Ordered by group, then by field.
    var blocks: [InfluenceBlock]
    /// First block of each group, and the number of blocks at the end.
    private let groupStart: [Int]

    init(bricks: BrickSet, voxelCount: Int, spotCount: Int, blocks: [InfluenceBlock]) {
        self.bricks = bricks
        self.voxelCount = voxelCount
        self.spotCount = spotCount
        self.blocks = blocks
        var starts = [Int](repeating: blocks.count, count: bricks.groupCount + 1)
        for (index, block) in blocks.enumerated().reversed() { starts[block.group] = index }
        for group in stride(from: bricks.groupCount - 1, through: 0, by: -1)
        where starts[group] == blocks.count { starts[group] = starts[group + 1] }
        groupStart = starts
    }

    /// D and D·z* of the listed voxels for the spots' weights.
    func forward(weights: [Float], threads: Int) async throws -> (dose: [Float], doseZStar: [Float]) {
        let parts = try await ParallelBatches.map(count: bricks.groupCount, threads: threads) { group in
            let count = bricks.range(ofGroup: group).count
            var dose = [Lanes](repeating: .zero, count: count)
            var doseZStar = dose
            weights.withUnsafeBufferPointer { weights in
                dose.withUnsafeMutableBufferPointer { dose in
                    doseZStar.withUnsafeMutableBufferPointer { doseZStar in
                        guard let d = dose.baseAddress, let z = doseZStar.baseAddress else { return }
                        for index in groupStart[group]..<groupStart[group + 1] {
                            blocks[index].addForward(weights: weights, dose: d, doseZStar: z)
                        }
                    }
                }
            }
            return (dose, doseZStar)
        }
        var dose = [Float](repeating: 0, count: voxelCount)
        var doseZStar = dose
        for (group, part) in parts.enumerated() {
            for (offset, brick) in bricks.range(ofGroup: group).enumerated() {
                let slots = bricks.slots[brick]
                for lane in 0..<8 where slots[lane] >= 0 {
                    dose[Int(slots[lane])] = part.0[offset][lane]
                    doseZStar[Int(slots[lane])] = part.1[offset][lane]
                }
            }
        }
        return (dose, doseZStar)
    }

    /// Adds Aᵀ g to `gradient`, group by group.
    func addTransposed(
        dose: [Float], doseZStar: [Float], threads: Int, to gradient: inout [Double]
    ) async throws {
        let parts = try await ParallelBatches.map(count: bricks.groupCount, threads: threads) { group in
            let range = bricks.range(ofGroup: group)
            var d = [Lanes](repeating: .zero, count: range.count)
            var z = d
            for (offset, brick) in range.enumerated() {
                let slots = bricks.slots[brick]
                for lane in 0..<8 where slots[lane] >= 0 {
                    d[offset][lane] = dose[Int(slots[lane])]
                    z[offset][lane] = doseZStar[Int(slots[lane])]
                }
            }
            return d.withUnsafeBufferPointer { d in
                z.withUnsafeBufferPointer { z -> [[Float]] in
                    guard let d = d.baseAddress, let z = z.baseAddress else { return [] }
                    return (groupStart[group]..<groupStart[group + 1]).map {
                        blocks[$0].transposed(dose: d, doseZStar: z)
                    }
                }
            }
        }
        for (group, part) in parts.enumerated() {
            for (offset, values) in part.enumerated() {
                let segments = blocks[groupStart[group] + offset].segments
                for (segment, value) in zip(segments, values) {
                    gradient[Int(segment.spot)] += Double(value)
                }
            }
        }
    }

    /// The level with only some columns.
    func selecting(newColumn: [Int32], count: Int) -> InfluenceLevel {
        InfluenceLevel(
            bricks: bricks, voxelCount: voxelCount, spotCount: count,
            blocks: blocks.map { $0.selecting(newColumn: newColumn) })
    }
}
