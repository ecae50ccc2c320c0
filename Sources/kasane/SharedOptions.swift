import ArgumentParser
import Foundation

/// Options of every command that computes.
struct ComputeOptions: ParsableArguments {
    @Option(help: "Threads to use; results do not depend on it.")
    var threads: Int = ProcessInfo.processInfo.activeProcessorCount

    @Option(help: ArgumentHelp("Folder of physics tables, beam data and machines.", valueName: "folder"))
    var data: String?

    mutating func validate() throws {
        guard (1...1024).contains(threads) else {
            throw ValidationError("--threads \(threads) (must be 1 to 1024)")
        }
    }
}
