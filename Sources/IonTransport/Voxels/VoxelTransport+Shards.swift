import NumericKernels
import Volumes

extension VoxelTransport {
    /// Runs all histories of a request.
    ///
    /// - Parameters:
    ///   - source: The primary of a history, with random numbers of its stream; an ion of `TransportedSpecies.all`.
    ///   - progress: Called with the finished share, 0...1.
    /// - Throws: `VoxelTransportError`.
    public func run(
        _ request: VoxelTransportRequest, threads: Int, progress: (Double) -> Void = { _ in },
        source: @escaping @Sendable (_ history: Int, _ random: inout RandomStream) -> PrimaryIon
    ) async throws(VoxelTransportError) -> VoxelTransportResult {
        let tally = try await tally(
            0..<request.histories, of: request, threads: threads,
            progress: { progress(Double($0) / Double(request.histories)) }, source: source)
        return VoxelTransportResult(request: request, phantom: phantom, tally: tally)
    }

    /// The part of a run that some of its histories score. A run is the sum of its parts, wherever and in whatever order they were
    /// made.
    ///
    /// - Parameters:
    ///   - histories: Their numbers in the run. Parts are cut between batches: the first is a multiple of
    ///     `request.historiesPerBatch`, and so is the number after the last unless the run ends there.
    ///   - progress: Called with the number of finished histories.
    /// - Throws: `VoxelTransportError`.
    /// ## Checked by
    /// `VoxelTallyTests`.
    public func tally(
        _ histories: Range<Int>, of request: VoxelTransportRequest, threads: Int,
        progress: (Int) -> Void = { _ in },
        source: @escaping @Sendable (_ history: Int, _ random: inout RandomStream) -> PrimaryIon
    ) async throws(VoxelTransportError) -> VoxelTally {
        try request.validate()
        let size = request.historiesPerBatch
        guard histories.lowerBound % size == 0 else {
            throw .cutsBatch(at: histories.lowerBound, size: size)
        }
        let batches = stride(from: histories.lowerBound, to: histories.upperBound, by: size).map {
            $0..<min($0 + size, histories.upperBound)
        }
        let workers = max(1, min(threads, batches.count))
        let stores = (0..<workers).map { _ in
            BatchStore(voxelCount: phantom.geometry.voxelCount, responses: request.responses.count)
        }
        let responses = ResponseRows(request.responses, slowing: library.slowing)
        // Turns of some seconds: short enough to tell and to cancel, long enough not to wait for the slowest.
        let turn = Self.batchesPerTurn * workers
        for start in stride(from: 0, to: batches.count, by: turn) {
            let end = min(start + turn, batches.count)
            do {
                _ = try await ParallelBatches.map(count: workers, threads: workers) { worker in
                    transport(
                        stride(from: start + worker, to: end, by: workers).map { batches[$0] },
                        into: stores[worker], request: request, responses: responses, source: source)
                }
            } catch { throw .cancelled }
            guard !Task.isCancelled else { throw .cancelled }
            progress(batches[end - 1].upperBound - histories.lowerBound)
        }
        var sum = VoxelTally(voxelCount: phantom.geometry.voxelCount, responses: request.responses.count)
        for store in stores { sum.add(store) }
        return sum
    }

    private static let batchesPerTurn = 8
}
