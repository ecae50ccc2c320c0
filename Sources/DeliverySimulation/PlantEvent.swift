import DeliveryControl

/// What is due in the plant. It is no part of `FieldSimulation`, which is generic: the queue is compiled for this type alone.
enum PlantEvent: Sendable {
    case heartbeat
    case sampling(chain: Int)
    case setupReading
    case start(UInt64)
    case peopleReset
    case layerReady(Int, service: Int)
    case beamAvailable(Int, service: Int)
    case settled(Int, generation: Int)
    case preset(generation: Int)
    case beamSeen(Bool, generation: Int)
    case gateReading
    case gateSignal(Bool, takenAt: MonotonicTime)
    case collect
    case committed(through: MonotonicTime, entries: Int)
    case fillExpires(fill: Int)
    case fault(Int)
    /// The contacts of the hardware chain have moved; the control hears of a permit that is gone.
    case chain
    case permitGone(Permit)
    /// Somebody tries again to start, after permits were missing.
    case startAgain(UInt64)
    case wakeUp
    /// Sensors of couch and range shifter report by themselves; another plan was approved.
    case sensor
    case planNews
}
