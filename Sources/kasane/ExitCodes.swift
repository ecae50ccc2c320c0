import ArgumentParser
import Foundation

/// What the program leaves with; the usual numbers of sysexits.h so that scripts can tell causes apart.
enum Outcome {
    /// A clinical goal failed or a check found a failure, and the user asked that this counts.
    static let goalsFailed = ExitCode(3)
    /// An independent dose check was made and is not passed.
    static let checkFailed = ExitCode(4)
    /// Input could be read but is not acceptable (EX_DATAERR).
    static let badInput = ExitCode(65)
    /// A needed file or program is missing or cannot be written (EX_IOERR).
    static let inputOutput = ExitCode(74)
    /// Stopped by the user.
    static let interrupted = ExitCode(130)
}

/// Runs a command's work; prints an error as one line `kasane: problem (why) what to do` and leaves with the right code.
func reportingErrors<Value: Sendable>(
    _ work: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    do {
        return try await interruptibly(work)
    } catch is CancellationError {
        complain("interrupted; nothing partial was left behind")
        throw Outcome.interrupted
    } catch let exit as ExitCode {
        throw exit
    } catch let error as ValidationError {
        throw error
    } catch let error as CocoaError {
        complain(error.localizedDescription)
        throw Outcome.inputOutput
    } catch {
        complain("\(error)")
        throw Outcome.badInput
    }
}

/// One line on standard error.
func complain(_ text: String) {
    FileHandle.standardError.write(Data("kasane: \(text)\n".utf8))
}
