import DeliveryControl
import DeliveryLog
import DeliverySimulation
import Reporting

/// The log of a session, and beside it what the beam did in bins of time, for pictures.
final class TracedLog: RecordSink {
    private let writer: DeliveryLogWriter
    /// Ions since they were last taken.
    private var ions = 0.0

    init(_ writer: DeliveryLogWriter) { self.writer = writer }

    func append(_ entry: FieldRecord, at time: MonotonicTime) { writer.append(entry, at: time) }
    func beginCommit() { writer.beginCommit() }
    func finishCommit() -> Bool { writer.finishCommit() }
    func retain(_ registers: MonitorSample) { writer.retain(registers) }
    func latch(layer: Int, visit: Int, _ registers: MonitorSample) {
        writer.latch(layer: layer, visit: visit, registers)
    }
    func witness(ions: Double, layer: Int, visit: Int) { self.ions += ions }

    func takeIons() -> Double {
        defer { ions = 0 }
        return ions
    }
}

/// Rate, gate and energy in bins of 10 ms.
struct TraceRecorder {
    private static let binS = 0.01
    private var ions: [Double] = []
    private var open: [Double] = []
    private var energy: [Double] = []
    private let breathing: BreathingTrace?
    private let isGated: Bool

    init(breathing: BreathingTrace?, isGated: Bool) {
        self.breathing = breathing
        self.isGated = isGated
    }

    mutating func add(timeS: Double, ions more: Double, isGateOpen: Bool, energyMeVPerNucleon: Double) {
        let bin = Int(timeS / Self.binS)
        while ions.count <= bin {
            ions.append(0)
            open.append(isGateOpen ? 1 : 0)
            energy.append(energyMeVPerNucleon)
        }
        ions[bin] += more
    }

    var trace: DeliveryReport.Trace {
        .init(
            binS: Self.binS, rateIonsPerS: ions.map { $0 / Self.binS }, gateOpen: isGated ? open : [],
            energyMeVPerNucleon: energy,
            breathing: breathing.map { trace in
                ions.indices.map { trace.amplitude(atS: (Double($0) + 0.5) * Self.binS) }
            } ?? [])
    }
}
