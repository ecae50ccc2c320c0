#if canImport(Glibc)
    import Glibc
#endif

/// Appends bytes to a file and brings them to disk on a thread of its own, so that a simulation computes on meanwhile.
///
/// One job at a time: `begin`, then `wait`, which says what came of it. The thread ends with this object, after the job under way.
///
/// ## Checked by
/// `DeliveryLogWriterTests` (errors, a slow disk, the thread's end), `CrashTests`.
final class CommitThread {
    /// What both sides see; everything in it is touched with the mutex locked.
    private final class Desk: @unchecked Sendable {
        private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
        private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
        private var job: [UInt8]?
        private var isEnding = false
        private var failure: DeliveryLogError?

        init() {
            pthread_mutex_init(mutex, nil)
            pthread_cond_init(changed, nil)
        }

        deinit {
            pthread_cond_destroy(changed)
            pthread_mutex_destroy(mutex)
            changed.deallocate()
            mutex.deallocate()
        }

        private func locked<Value>(_ body: () -> Value) -> Value {
            pthread_mutex_lock(mutex)
            defer { pthread_mutex_unlock(mutex) }
            return body()
        }

        func put(_ bytes: [UInt8]) {
            locked {
                precondition(job == nil, "one commit at a time")
                job = bytes
                pthread_cond_broadcast(changed)
            }
        }

        /// Waits until there is no job; the failure of the one before, if it failed.
        func waitForAnswer() -> DeliveryLogError? {
            locked {
                while job != nil { pthread_cond_wait(changed, mutex) }
                return failure
            }
        }

        /// Waits for a job; nil when there will be none.
        func next() -> [UInt8]? {
            locked {
                while job == nil, !isEnding { pthread_cond_wait(changed, mutex) }
                return job
            }
        }

        func answer(_ failure: DeliveryLogError?) {
            locked {
                self.failure = failure
                job = nil
                pthread_cond_broadcast(changed)
            }
        }

        func end() {
            locked {
                isEnding = true
                pthread_cond_broadcast(changed)
            }
        }
    }

    /// What the thread takes with it.
    private final class Work: @unchecked Sendable {
        let desk: Desk
        let file: any LogFile

        init(desk: Desk, file: any LogFile) {
            self.desk = desk
            self.file = file
        }

        func run() {
            while let bytes = desk.next() {
                do throws(DeliveryLogError) {
                    try file.append(bytes)
                    try file.synchronise()
                    desk.answer(nil)
                } catch {
                    desk.answer(error)
                }
            }
        }
    }

    private let desk = Desk()
    private var thread = pthread_t()
    private var isRunning = true

    /// Starts the thread.
    ///
    /// - Parameter file: Touched by nobody else until `end`.
    /// - Throws: `DeliveryLogError.refused` if the system gives no thread.
    init(file: any LogFile) throws(DeliveryLogError) {
        let work = Unmanaged.passRetained(Work(desk: desk, file: file))
        let refusal = pthread_create(
            &thread, nil,
            { argument in
                if let argument { Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().run() }
                return nil
            }, work.toOpaque())
        guard refusal == 0 else {
            work.release()
            isRunning = false
            throw .refused(
                path: file.path, action: "start the thread that writes it",
                why: String(cString: strerror(refusal)))
        }
    }

    deinit { end() }

    /// Hands bytes over and returns at once; the job before must have been waited for.
    func begin(_ bytes: [UInt8]) { desk.put(bytes) }

    /// Returns when what was handed over is on disk.
    ///
    /// - Throws: What the file threw.
    func wait() throws(DeliveryLogError) {
        if let failure = desk.waitForAnswer() { throw failure }
    }

    /// Ends the thread after the job under way; the file is the caller's again.
    func end() {
        guard isRunning else { return }
        isRunning = false
        desk.end()
        pthread_join(thread, nil)
    }
}
