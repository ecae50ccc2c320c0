#if canImport(Glibc)
    import Glibc
#endif

/// Where one worker at a time scores its batches of a run in voxels.
///
/// Raw memory for the pointers of the stepping loop, and because the system hands out zeroed pages only when they are written: a beam
/// meets a small part of a patient. For the same reason scored voxels are marked, in blocks of 16: the end of a batch looks at
/// them alone.
final class BatchStore: @unchecked Sendable {
    let voxelCount: Int
    /// Numbers of a voxel in `cells`.
    let fields: Int
    /// As `VoxelTally.voxels` and `VoxelTally.balance`.
    let cells: UnsafeMutablePointer<Int64>
    let balance: UnsafeMutablePointer<Int64>
    /// By block: whether the batch under way scored in it.
    let touched: UnsafeMutablePointer<UInt8>
    /// As `VoxelTally.squares`.
    let squares: UnsafeMutablePointer<UInt128>
    private(set) var histories = 0
    private(set) var batches = 0
    /// By voxel: energy over s_m of all batches that were closed.
    private let closed: UnsafeMutablePointer<Int64>
    /// By block: whether any closed batch scored in it.
    private let scored: UnsafeMutablePointer<UInt8>
    private let blockCount: Int

    /// Block of a voxel: the voxel's index shifted by this.
    static let blockShift = 4

    init(voxelCount: Int, responses: Int) {
        func zeros<Number: BitwiseCopyable>(_ count: Int, of type: Number.Type) -> UnsafeMutablePointer<
            Number
        > {
            guard let memory = calloc(count, MemoryLayout<Number>.stride) else {
                preconditionFailure("no memory for \(count) numbers of a tally; use fewer threads")
            }
            return memory.bindMemory(to: Number.self, capacity: count)
        }
        self.voxelCount = voxelCount
        fields = VoxelTally.fixedFields + responses
        blockCount = (voxelCount + 1 << Self.blockShift - 1) >> Self.blockShift
        cells = zeros(voxelCount * fields, of: Int64.self)
        balance = zeros(VoxelTally.balanceCount, of: Int64.self)
        squares = zeros(voxelCount, of: UInt128.self)
        closed = zeros(voxelCount, of: Int64.self)
        touched = zeros(blockCount, of: UInt8.self)
        scored = zeros(blockCount, of: UInt8.self)
    }

    deinit {
        for memory in [
            UnsafeMutableRawPointer(cells), UnsafeMutableRawPointer(balance),
            UnsafeMutableRawPointer(squares),
            UnsafeMutableRawPointer(closed), UnsafeMutableRawPointer(touched),
            UnsafeMutableRawPointer(scored),
        ] { free(memory) }
    }

    /// Ends a batch: what each voxel gained in it is squared.
    func close(_ batch: Range<Int>, of request: VoxelTransportRequest) {
        let (full, own) = (UInt128(request.historiesPerBatch), UInt128(batch.count))
        for block in 0..<blockCount where touched[block] != 0 {
            touched[block] = 0
            scored[block] = 1
            for voxel in voxels(of: block) {
                let now = cells[voxel * fields + 1]
                guard now != closed[voxel] else { continue }
                let gain = UInt128((now &- closed[voxel]).magnitude)
                let square = gain &* gain
                squares[voxel] &+= own == full ? square : square * full / own
                closed[voxel] = now
            }
        }
        histories += batch.count
        batches += 1
    }

    /// Every voxel that closed batches may have scored in.
    func forEachScoredVoxel(_ body: (Int) -> Void) {
        for block in 0..<blockCount where scored[block] != 0 {
            for voxel in voxels(of: block) { body(voxel) }
        }
    }

    private func voxels(of block: Int) -> Range<Int> {
        block << Self.blockShift..<min((block + 1) << Self.blockShift, voxelCount)
    }
}
