/// Scratch memory of one thread's kernels.
struct TransportMemory {
    /// Particles that wait to be followed.
    static let stackCapacity = 2048
    let stack: UnsafeMutablePointer<TrackState>
    let ejectiles: UnsafeMutablePointer<Ejectile>

    /// Lends the memory to `body`.
    static func with<Result>(_ body: (TransportMemory) -> Result) -> Result {
        withUnsafeTemporaryAllocation(of: TrackState.self, capacity: stackCapacity) { stack in
            withUnsafeTemporaryAllocation(of: Ejectile.self, capacity: CollisionSampler.scratchCapacity) {
                ejectiles in
                body(
                    TransportMemory(
                        stack: stack.baseAddress.unsafelyUnwrapped,
                        ejectiles: ejectiles.baseAddress.unsafelyUnwrapped))
            }
        }
    }
}
