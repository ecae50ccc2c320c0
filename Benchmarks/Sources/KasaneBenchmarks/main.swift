import Foundation

/// All benchmarks in the order of the report. A new one is a file beside this and a name here.
let benchmarks: [Benchmark] = [
    CopyKernel.benchmark,
    PencilBeamBenchmark.benchmark,
    OptimisationBenchmark.benchmark,
    TransportBenchmark.benchmark,
    TrackingBenchmark.benchmark,
    GammaBenchmark.benchmark,
    DeliveryBenchmark.benchmark,
    FaultBenchmark.benchmark,
]

var output: String?
var chosen = [String]()
var threads = ProcessInfo.processInfo.activeProcessorCount
var arguments = Array(CommandLine.arguments.dropFirst())
while !arguments.isEmpty {
    let argument = arguments.removeFirst()
    switch argument {
    case "--output" where !arguments.isEmpty: output = arguments.removeFirst()
    case "--threads" where Int(arguments.first ?? "").map { $0 > 0 } == true:
        threads = Int(arguments.removeFirst()) ?? threads
    case "--list":
        for benchmark in benchmarks { print(benchmark.name) }
        exit(0)
    case _ where benchmarks.contains { $0.name == argument }: chosen.append(argument)
    default:
        let usage = "usage: kasane-benchmarks [--output file.md] [--threads n] [--list] [name ...]\n"
        FileHandle.standardError.write(Data("cannot understand '\(argument)'\n\(usage)".utf8))
        exit(64)
    }
}

let machine = await Machine.inspect(threads: threads)
var report = "# Benchmarks\n\n\(machine.line)\n"
for benchmark in benchmarks where chosen.isEmpty || chosen.contains(benchmark.name) {
    FileHandle.standardError.write(Data("\(benchmark.name) ...\n".utf8))
    let rows = try await benchmark.run(machine)
    let table = markdownTable(
        header: ["quantity", "figure", "remark"], rows: rows.map { [$0.quantity, $0.value, $0.remark] })
    report += "\n## \(benchmark.name)\n\n\(benchmark.summary)\n\n\(table)\n"
}
report += String(format: "\nPeak memory of the whole run: %.0f MiB.\n", Timing.peakMemoryMiB())
print(report)
if let output {
    try Data(report.utf8).write(to: URL(fileURLWithPath: output), options: .atomic)
}
