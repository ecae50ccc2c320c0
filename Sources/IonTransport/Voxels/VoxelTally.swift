/// What a run in voxels adds up, as whole numbers: sums of whole numbers do not depend on their order, so a result is
/// the same to the last bit for any number of threads and any split of the histories.
///
/// Per voxel: energy; energy over s_m (what water would have received); the latter of heavy recoils of the target, which
/// no response counts; then energy over s_m times each response.
package struct VoxelTally: Sendable {
    /// Whole numbers per MeV: 1 unit is 0.95 eV.
    static let energyScale = 1_048_576.0
    /// Whole numbers per MeV times the response's unit.
    static let responseScale = 16_384.0
    static let fixedFields = 3

    package let voxelCount: Int
    package let fields: Int
    /// `[voxel][field]`.
    package var voxels: [Int64]
    /// In, deposited, escaped as ions, as neutrons, rest energy made, number of reactions (unscaled).
    package var balance: [Int64]

    package init(voxelCount: Int, responses: Int) {
        self.voxelCount = voxelCount
        fields = Self.fixedFields + responses
        voxels = [Int64](repeating: 0, count: voxelCount * fields)
        balance = [Int64](repeating: 0, count: 6)
    }

    package mutating func add(_ other: VoxelTally) {
        for i in voxels.indices { voxels[i] &+= other.voxels[i] }
        for i in balance.indices { balance[i] &+= other.balance[i] }
    }

    /// Lends the cells and the balance to `body`.
    mutating func withCells(
        _ body: (UnsafeMutablePointer<Int64>, UnsafeMutablePointer<Int64>) -> Void
    ) {
        voxels.withUnsafeMutableBufferPointer { cells in
            balance.withUnsafeMutableBufferPointer { balance in
                guard let cells = cells.baseAddress, let balance = balance.baseAddress else { return }
                body(cells, balance)
            }
        }
    }
}
