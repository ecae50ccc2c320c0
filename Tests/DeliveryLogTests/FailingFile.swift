import DeliveryLog
import Foundation
import Synchronization

/// A file in memory that fails or takes its time on demand. The writer's thread and the test both touch it.
final class FailingFile: LogFile {
    enum Fault: CaseIterable { case none, fullDisk, write, synchronise }

    private struct State {
        var bytes: [UInt8] = []
        var durable = 0
        var fault = Fault.none
        var calls = 0
        var delays: [UInt32] = []
    }

    let path = "log"
    private let state = Mutex(State())
    /// Waited for before every synchronisation; nil for no waiting.
    let permission: DispatchSemaphore?

    init(permission: DispatchSemaphore? = nil) { self.permission = permission }

    var bytes: [UInt8] { state.withLock { $0.bytes } }
    /// What a power cut would leave.
    var onDisk: [UInt8] { state.withLock { Array($0.bytes[..<$0.durable]) } }
    var calls: Int { state.withLock { $0.calls } }
    var fault: Fault {
        get { state.withLock { $0.fault } }
        set { state.withLock { $0.fault = newValue } }
    }
    /// Microseconds that the next synchronisations take, in turn and again from the first.
    func take(_ delays: [UInt32]) { state.withLock { $0.delays = delays } }

    func append(_ more: [UInt8]) throws(DeliveryLogError) {
        let fault = state.withLock { state in
            state.calls += 1
            switch state.fault {
            // A part is written before the disk is full.
            case .fullDisk: state.bytes += more.prefix(more.count / 2)
            case .write: break
            case .none, .synchronise: state.bytes += more
            }
            return state.fault
        }
        switch fault {
        case .fullDisk: throw .refused(path: "log", action: "write", why: "No space left on device")
        case .write: throw .refused(path: "log", action: "write", why: "Input/output error")
        case .none, .synchronise: break
        }
    }

    func synchronise() throws(DeliveryLogError) {
        permission?.wait()
        let (delay, fails) = state.withLock { state in
            state.calls += 1
            let delay = state.delays.isEmpty ? 0 : state.delays[state.calls % state.delays.count]
            guard state.fault == .synchronise else { return (delay, false) }
            // The system drops the pages and forgets the error: the next call would say yes.
            state.fault = .none
            return (delay, true)
        }
        if fails { throw .refused(path: "log", action: "bring the file to disk", why: "Input/output error") }
        if delay > 0 { usleep(delay) }
        state.withLock { $0.durable = $0.bytes.count }
    }

    func trim() throws(DeliveryLogError) {}
    func close() {}
}
