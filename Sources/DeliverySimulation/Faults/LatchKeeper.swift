import DeliveryControl

/// No log: the entries are taken from the outcome; the latches of the hardware, which outlive the control.
package struct LatchKeeper: RecordSink {
    package private(set) var latches: [VisitLatch] = []

    package init() {}

    package mutating func append(_ entry: FieldRecord, at time: MonotonicTime) {}
    package mutating func beginCommit() {}
    package mutating func finishCommit() -> Bool { true }
    package mutating func retain(_ registers: MonitorSample) {}
    package mutating func latch(layer: Int, visit: Int, _ registers: MonitorSample) {
        latches.append(
            VisitLatch(
                layer: layer, visit: visit, primary: registers.primary, secondary: registers.secondary))
    }
}
