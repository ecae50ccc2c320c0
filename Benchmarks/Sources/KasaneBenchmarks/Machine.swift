import Foundation

/// The machine a table was measured on, with the memory bandwidth that other figures are compared with.
struct Machine: Sendable {
    /// Processor, threads used, memory, Swift and date on one line.
    let line: String
    /// Threads the benchmarks use.
    let threads: Int
    /// Copy kernel of this run: bytes read plus bytes written per second, GB/s (10⁹).
    let copyGBPerSecond: Double

    static func inspect(threads: Int) async -> Machine {
        let copy = await CopyKernel.bandwidthGBPerSecond(threads: threads)
        let memory = Double(ProcessInfo.processInfo.physicalMemory) / 1_073_741_824
        let date = Date.now.formatted(.iso8601.year().month().day())
        let line =
            "\(processorName()), \(threads) threads of \(ProcessInfo.processInfo.activeProcessorCount), "
            + "\(Int(memory.rounded())) GiB, load \(loadAverage()) at the start, \(date)"
        return Machine(line: line, threads: threads, copyGBPerSecond: copy)
    }

    private static func processorName() -> String {
        guard let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8) else {
            return "unknown processor"
        }
        let name = text.split(separator: "\n").first { $0.hasPrefix("model name") }
        return name?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) }
            ?? "unknown processor"
    }

    private static func loadAverage() -> String {
        let text = try? String(contentsOfFile: "/proc/loadavg", encoding: .utf8)
        return text?.split(separator: " ").first.map(String.init) ?? "unknown"
    }
}
