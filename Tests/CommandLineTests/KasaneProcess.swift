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
    static func run(_ arguments: [String], in folder: URL = checkout) throws -> KasaneProcess {
        let process = Process()
        process.executableURL = products.appendingPathComponent("kasane")
        process.arguments = arguments
        process.currentDirectoryURL = folder
        // Output goes to files: a pipe that nobody reads fills up and blocks the program.
        let scratch = FileManager.default.temporaryDirectory
            .appendingPathComponent("kasane-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: scratch) }
        let (out, err) = (scratch.appendingPathComponent("out"), scratch.appendingPathComponent("err"))
        try Data().write(to: out)
        try Data().write(to: err)
        process.standardOutput = try FileHandle(forWritingTo: out)
        process.standardError = try FileHandle(forWritingTo: err)
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return KasaneProcess(
            status: process.terminationStatus,
            output: try String(contentsOf: out, encoding: .utf8),
            errors: try String(contentsOf: err, encoding: .utf8))
    }
}
