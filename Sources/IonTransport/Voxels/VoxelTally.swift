/// What a run in voxels, or a part of one, adds up.
///
/// All sums are of whole numbers and do not depend on their order, so a result is the same to the last bit for any number of threads
/// and any split into parts that keeps the batches whole: the tally of a run is the sum of the tallies of its parts.
///
/// Per voxel: energy; energy over s_m (what water would have received); the latter of heavy recoils of the target, which
/// no response counts; then energy over s_m times each response. Beside them the sum over batches of the square of a batch's
/// energy over s_m, for the standard error.
///
/// ## Checked by
/// `VoxelTallyTests`.
public struct VoxelTally: Sendable, Equatable {
    /// Whole numbers per MeV: 1 unit is 0.95 eV.
    static let energyScale = 1_048_576.0
    /// Whole numbers per MeV times the response's unit.
    static let responseScale = 16_384.0
    static let fixedFields = 3
    /// Numbers in `balance`.
    public static let balanceCount = 6

    public let voxelCount: Int
    /// Numbers of a voxel in `voxels`.
    public let fields: Int
    /// Primary ions that were transported.
    public private(set) var histories = 0
    /// Batches they came in.
    public private(set) var batches = 0
    /// `[voxel][field]`.
    public private(set) var voxels: [Int64]
    /// By voxel: Σ over batches of (energy over s_m)², that of a short batch times a full batch's histories over its own,
    /// rounded down.
    public private(set) var squares: [UInt128]
    /// In, deposited, escaped as ions, as neutrons, rest energy made, number of reactions (unscaled).
    public private(set) var balance: [Int64]

    /// Nothing scored yet.
    public init(voxelCount: Int, responses: Int) {
        self.voxelCount = voxelCount
        fields = Self.fixedFields + responses
        voxels = [Int64](repeating: 0, count: voxelCount * fields)
        squares = [UInt128](repeating: 0, count: voxelCount)
        balance = [Int64](repeating: 0, count: Self.balanceCount)
    }

    /// A tally that was kept elsewhere, or one that batches were just scored into.
    ///
    /// - Precondition: `squares` has one number for each voxel, `voxels` the same number (3 or more) for each, `balance`
    ///   `balanceCount` of them.
    public init(histories: Int, batches: Int, voxels: [Int64], squares: [UInt128], balance: [Int64]) {
        precondition(!squares.isEmpty && voxels.count % squares.count == 0)
        precondition(voxels.count / squares.count >= Self.fixedFields && balance.count == Self.balanceCount)
        voxelCount = squares.count
        fields = voxels.count / squares.count
        self.histories = histories
        self.batches = batches
        self.voxels = voxels
        self.squares = squares
        self.balance = balance
    }

    /// Adds the tally of other histories of the same run.
    ///
    /// - Precondition: the same numbers of voxels and responses.
    public mutating func add(_ other: VoxelTally) {
        precondition(voxelCount == other.voxelCount && fields == other.fields)
        histories += other.histories
        batches += other.batches
        for i in voxels.indices { voxels[i] &+= other.voxels[i] }
        for i in squares.indices { squares[i] &+= other.squares[i] }
        for i in balance.indices { balance[i] &+= other.balance[i] }
    }

    /// Adds what a worker scored.
    mutating func add(_ store: BatchStore) {
        precondition(voxelCount == store.voxelCount && fields == store.fields)
        histories += store.histories
        batches += store.batches
        voxels.withUnsafeMutableBufferPointer { voxels in
            squares.withUnsafeMutableBufferPointer { squares in
                store.forEachScoredVoxel { voxel in
                    for i in voxel * fields..<(voxel + 1) * fields { voxels[i] &+= store.cells[i] }
                    squares[voxel] &+= store.squares[voxel]
                }
            }
        }
        for i in balance.indices { balance[i] &+= store.balance[i] }
    }
}
