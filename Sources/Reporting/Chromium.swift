import Foundation

/// Why a page could not be turned into a PDF or an image.
public enum PrintError: Error, Equatable, CustomStringConvertible {
    /// No browser was found.
    case browserMissing(searched: [String])
    /// The browser ended with an error or made no file; its last words.
    case browserFailed(status: Int32, message: String)
    /// The browser took longer than this, s.
    case timedOut(seconds: Double)
    /// A file could not be read, moved or made.
    case file(path: String, reason: String)

    public var description: String {
        switch self {
        case .browserMissing(let names):
            "no browser to print with (looked for \(names.joined(separator: ", ")) on the PATH) install the package "
                + "`chromium`; the HTML page is complete without it"
        case .browserFailed(let status, let message):
            "the browser made no file (exit status \(status): \(message)) print the HTML page by hand or report this"
        case .timedOut(let seconds):
            "the browser did not finish within \(seconds) s (the machine may be too busy) try again"
        case .file(let path, let reason):
            "\(path) could not be written (\(reason)) check the folder and its permissions"
        }
    }
}

/// The headless browser as a separate process with a profile of its own.
struct Chromium {
    static let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]

    let executable: URL

    /// The first of `names` on the PATH.
    init(environment: [String: String] = ProcessInfo.processInfo.environment) throws(PrintError) {
        for folder in (environment["PATH"] ?? "").split(separator: ":") {
            for name in Self.names {
                let path = "\(folder)/\(name)"
                if FileManager.default.isExecutableFile(atPath: path) {
                    executable = URL(fileURLWithPath: path)
                    return
                }
            }
        }
        throw .browserMissing(searched: Self.names)
    }

    /// Runs the browser on `page` with `arguments` that make it write `output`; the file appears whole or not at all.
    ///
    /// - Parameter makeArguments: Given the path to write to, the arguments for it.
    func write(
        _ page: URL, to output: URL, timeoutSeconds: Double, _ makeArguments: (String) -> [String]
    ) throws(PrintError) {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "kasane-print-\(UUID().uuidString)")
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw .file(path: folder.path, reason: error.localizedDescription)
        }
        defer { try? FileManager.default.removeItem(at: folder) }  // A left temporary folder harms nobody.
        // The browser chooses the format by the ending.
        let draft = folder.appendingPathComponent("output.\(output.pathExtension)")
        try run(
            makeArguments(draft.path) + [page.absoluteString], draft: draft, folder: folder,
            timeoutSeconds: timeoutSeconds)
        do {
            let data = try Data(contentsOf: draft)
            try data.write(to: output, options: .atomic)
        } catch {
            throw .file(path: output.path, reason: error.localizedDescription)
        }
    }

    private func run(_ arguments: [String], draft: URL, folder: URL, timeoutSeconds: Double)
        throws(PrintError)
    {
        let log = folder.appendingPathComponent("log")
        let process = Process()
        process.executableURL = executable
        process.arguments =
            [
                "--headless=new", "--disable-gpu", "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--no-first-run", "--no-default-browser-check", "--hide-scrollbars",
                "--user-data-dir=\(folder.appendingPathComponent("profile").path)",
            ] + (geteuid() == 0 ? ["--no-sandbox"] : []) + arguments
        process.standardInput = FileHandle.nullDevice
        do {
            try Data().write(to: log)
            let handle = try FileHandle(forWritingTo: log)
            process.standardOutput = handle
            process.standardError = handle
            let ended = DispatchSemaphore(value: 0)
            process.terminationHandler = { _ in ended.signal() }
            try process.run()
            if ended.wait(timeout: .now() + timeoutSeconds) == .timedOut {
                process.terminate()
                if ended.wait(timeout: .now() + 5) == .timedOut { kill(process.processIdentifier, SIGKILL) }
                throw PrintError.timedOut(seconds: timeoutSeconds)
            }
        } catch let error as PrintError {
            throw error
        } catch {
            throw .file(path: executable.path, reason: error.localizedDescription)
        }
        guard process.terminationStatus == 0, FileManager.default.fileExists(atPath: draft.path) else {
            let words = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
            let last = words.split(separator: "\n").last.map(String.init) ?? "no message"
            throw .browserFailed(status: process.terminationStatus, message: last)
        }
    }
}
