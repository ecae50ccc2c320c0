import Dispatch
import Foundation

/// Runs `work` so that Ctrl-C (SIGINT) and SIGTERM cancel it cleanly: batches under way end, temporary files are
/// removed, and the program leaves with `CancellationError`. A second signal ends it at once.
func interruptibly<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws
    -> Value
{
    let task = Task { try await work() }
    let sources = [SIGINT, SIGTERM].map { number in
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
        source.setEventHandler {
            if task.isCancelled { exit(128 + number) }
            task.cancel()
        }
        source.resume()
        return source
    }
    defer { for source in sources { source.cancel() } }
    return try await task.value
}
