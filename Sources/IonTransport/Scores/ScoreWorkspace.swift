#if canImport(Glibc)
    import Glibc
#endif

/// Whole numbers that the threads of a run add to: memory that is taken once and used by batch after batch.
///
/// Raw memory because a mesh may have 10⁸ sums: new arrays in every batch cost more than the transport, and pages that no
/// particle touches are never filled. Each worker writes to its own part only; `join` runs when all have ended.
public final class ScoreWorkspace: @unchecked Sendable {
    /// Number of workers.
    public let threads: Int
    private let sums: Int
    private let memory: UnsafeMutablePointer<Int64>
    private static let accounts = TransportScoreResult.Account.allCases.count
    /// Numbers of one worker: its sums, its balance, and a cache line that keeps it apart from the next.
    private var stride: Int { sums + Self.accounts + 8 }

    /// - Throws: `noMemory`.
    /// - Precondition: at least one thread.
    init(sums: Int, threads: Int) throws(VoxelTransportError) {
        precondition(threads > 0)
        self.threads = threads
        self.sums = sums
        let count = threads * (sums + Self.accounts + 8)
        // Pages of zeros that are mapped when they are touched.
        guard let raw = calloc(count, MemoryLayout<Int64>.stride) else {
            throw .noMemory(megabytes: count * MemoryLayout<Int64>.stride / 1_000_000)
        }
        memory = raw.bindMemory(to: Int64.self, capacity: count)
    }

    deinit { free(memory) }

    func cells(_ worker: Int) -> UnsafeMutablePointer<Int64> { memory + worker * stride }
    func balance(_ worker: Int) -> UnsafeMutablePointer<Int64> { memory + worker * stride + sums }

    /// Adds the parts of all workers to that of the first and clears them.
    func join() {
        let first = cells(0)
        for worker in 1..<threads {
            let part = cells(worker)
            for i in 0..<sums + Self.accounts where part[i] != 0 {
                first[i] &+= part[i]
                part[i] = 0
            }
        }
    }

    /// Clears the joined sums.
    func clear() {
        let first = cells(0)
        for i in 0..<sums + Self.accounts where first[i] != 0 { first[i] = 0 }
    }
}
