#if canImport(Glibc)
    import Glibc
#endif

/// Times of repeated runs: wall clock, and processor time of all threads (user and system).
struct Timing: Sendable {
    /// Wall times, s, in increasing order.
    let wallSeconds: [Double]
    /// Processor times, s, in increasing order.
    let processorSeconds: [Double]

    var wallLeast: Double { wallSeconds[0] }
    var wallMedian: Double { wallSeconds[wallSeconds.count / 2] }
    var processorLeast: Double { processorSeconds[0] }
    var processorMedian: Double { processorSeconds[processorSeconds.count / 2] }

    /// Times `body`; the first run warms up and does not count.
    ///
    /// - Parameters:
    ///   - repeats: Runs that count; at least 1.
    ///   - body: Work whose result must not be known before it is done.
    static func measure(repeats: Int, _ body: () async throws -> Void) async rethrows -> Timing {
        precondition(repeats >= 1)
        try await body()
        var wall = [Double]()
        var processor = [Double]()
        for _ in 0..<repeats {
            let started = ContinuousClock.now
            let used = processorSecondsUsed()
            try await body()
            processor.append(processorSecondsUsed() - used)
            wall.append((ContinuousClock.now - started) / .seconds(1))
        }
        return Timing(wallSeconds: wall.sorted(), processorSeconds: processor.sorted())
    }

    /// Processor time of this process so far, s.
    static func processorSecondsUsed() -> Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }

    /// Greatest resident memory of this process so far, MiB.
    static func peakMemoryMiB() -> Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return Double(usage.ru_maxrss) / 1024
    }
}
