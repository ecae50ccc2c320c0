import Foundation

/// The built program run as a user runs it.
struct KasaneProcess {
    var status: Int32
    var output: String
    var errors: String

    /// Folder of the built products: the test bundle lies beside the program.
    static var products: URL {
        URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    }

    /// Root of the checkout, from this file's place in it.
    static var checkout: URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
    }

    /// Runs `kasane` with `arguments` in `folder` and waits for its end.
    static func run(
        _ arguments: [String], in folder: URL = checkout, environment: [String: String] = [:]
    ) throws -> KasaneProcess {
        // Output goes to files: a pipe that nobody reads fills up and blocks the program.
        let scratch = FileManager.default.temporaryDirectory
            .appendingPathComponent("kasane-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: scratch) }
        let (out, err) = (scratch.appendingPathComponent("out"), scratch.appendingPathComponent("err"))
        let process = try start(arguments, in: folder, environment: environment, output: out, errors: err)
        process.waitUntilExit()
        return KasaneProcess(
            status: process.terminationStatus,
            output: try String(contentsOf: out, encoding: .utf8),
            errors: try String(contentsOf: err, encoding: .utf8))
    }

    /// Starts `kasane`; what it prints goes to files.
    static func start(
        _ arguments: [String], in folder: URL = checkout, environment: [String: String] = [:], output: URL,
        errors: URL
    ) throws -> Process {
        let process = Process()
        process.executableURL = products.appendingPathComponent("kasane")
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        try Data().write(to: output)
        try Data().write(to: errors)
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        process.standardInput = FileHandle.nullDevice
        try process.run()
        return process
    }
}
