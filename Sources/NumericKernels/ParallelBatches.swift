/// Work split into numbered batches over a bounded number of threads.
///
/// The number of batches is chosen by the caller from the problem alone, never from the number of threads, and
/// results come back in batch order: so a reduction over them is bit-identical for any number of threads.
///
/// ## Checked by
/// `ParallelBatchesTests`.
public enum ParallelBatches {
    /// Runs `body` for 0 ..< count on at most `threads` threads and returns the results in order.
    ///
    /// - Parameters:
    ///   - count: Number of batches.
    ///   - threads: Greatest number of batches under way at once; at least 1.
    ///   - progress: Called with the number of finished batches, in the caller's task.
    ///   - body: The work of one batch.
    /// - Throws: The first error a batch throws, or `CancellationError`; the rest are cancelled.
    public static func map<Result: Sendable>(
        count: Int, threads: Int, progress: (Int) -> Void = { _ in },
        _ body: @escaping @Sendable (Int) throws -> Result
    ) async throws -> [Result] {
        precondition(threads >= 1 && count >= 0)
        return try await withThrowingTaskGroup(of: (Int, Result).self) { group in
            var results = [Result?](repeating: nil, count: count)
            var next = 0
            var finished = 0
            while next < min(threads, count) {
                let batch = next
                group.addTask { (batch, try body(batch)) }
                next += 1
            }
            while let (batch, result) = try await group.next() {
                results[batch] = result
                finished += 1
                progress(finished)
                try Task.checkCancellation()
                if next < count {
                    let batch = next
                    group.addTask { (batch, try body(batch)) }
                    next += 1
                }
            }
            return results.compactMap { $0 }
        }
    }
}
