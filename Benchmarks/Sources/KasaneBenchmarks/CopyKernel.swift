import Foundation

/// Memory bandwidth by copying arrays far larger than the caches, on several threads at once.
enum CopyKernel {
    /// Bytes that each thread copies; two such arrays per thread.
    static let bytesPerThread = 128 << 20

    /// Bytes read plus bytes written per second of the best of five rounds, GB/s (10⁹). The lines that a processor
    /// reads before it writes them do not count, as in the STREAM benchmark's copy.
    static func bandwidthGBPerSecond(threads: Int) async -> Double {
        let count = bytesPerThread / MemoryLayout<Float>.stride
        let best = await withTaskGroup(of: [ClosedRange<ContinuousClock.Instant>].self) { group in
            for thread in 0..<threads {
                group.addTask { rounds(count: count, seed: Float(thread)) }
            }
            var slowest = [Double](repeating: 0, count: roundCount)
            for await spans in group {
                for (round, span) in spans.enumerated() {
                    let seconds = (span.upperBound - span.lowerBound) / .seconds(1)
                    slowest[round] = max(slowest[round], seconds)
                }
            }
            return slowest.dropFirst().min() ?? .infinity
        }
        return 2 * Double(threads * bytesPerThread) / best / 1e9
    }

    private static let roundCount = 6

    private static func rounds(count: Int, seed: Float) -> [ClosedRange<ContinuousClock.Instant>] {
        let source = [Float](repeating: seed, count: count)
        var target = [Float](repeating: -1, count: count)
        return (0..<roundCount).map { _ in
            let started = ContinuousClock.now
            target.withUnsafeMutableBufferPointer { to in
                source.withUnsafeBufferPointer { from in
                    _ = to.update(fromContentsOf: from)
                }
            }
            return started...ContinuousClock.now
        }
    }

    static let benchmark = Benchmark(
        name: "memory",
        summary: "Copy of arrays far larger than the caches on all threads; the other tables refer to it."
    ) { machine in
        [
            Benchmark.Row(
                "copy bandwidth", String(format: "%.1f GB/s", machine.copyGBPerSecond),
                "\(bytesPerThread >> 20) MiB per thread, read + written, best of \(roundCount - 1)")
        ]
    }
}
