import DeliveryControl
import DeliveryLog
import DeliverySimulation
import FacilityModel
import Foundation
import NumericKernels
import PlanModel
import Quantities
import Reporting

/// Delivers the fields of a fraction on the simulated machine, one after the other, each with its log on disk.
public struct FractionDelivery {
    /// What a display shows while a field is delivered.
    public struct Progress: Sendable {
        public var field: Int
        public var name: String
        /// Share of the field's visits that are done, 0...1.
        public var share: Double
        public var layer: Int
        public var layers: Int
        public var energyMeVPerNucleon: Double
        /// Share of the layer that is done, 0...1.
        public var layerShare: Double
        public var isBeamOn: Bool
        /// Nil without gating.
        public var isGateOpen: Bool?
        public var rateIonsPerS: Double
        /// Virtual time, s.
        public var timeS: Double
        public var state: String
    }

    /// A delivered field.
    public struct DeliveredField {
        public var prepared: FractionPlan.PreparedField
        public var history: FieldHistory
        /// What the simulation knows of the last session; nil for a field that was complete before this run.
        public var outcome: FieldOutcome?
        public var trace: DeliveryReport.Trace
        /// Faults that struck it.
        public var faults: [FaultScenario]
    }

    public let plan: FractionPlan
    /// Folder of the fraction.
    public let folder: String
    /// SOP Instance UID of the exported plan; empty if it was not exported.
    public let planUID: String

    /// - Parameters:
    ///   - plan: What is delivered.
    ///   - folder: Of the fraction; sessions that are there already are continued.
    ///   - planUID: SOP Instance UID of the exported plan, or empty.
    public init(plan: FractionPlan, folder: String, planUID: String = "") {
        self.plan = plan
        self.folder = folder
        self.planUID = planUID
    }

    /// Delivers what is left of the fraction. A field that ends early ends the fraction.
    ///
    /// - Parameters:
    ///   - interruptAfterS: Virtual time of each field after which somebody ends it, s; nil for nobody.
    ///   - progress: Told some hundred times a field.
    /// - Returns: Fields that had beam in this run.
    /// - Throws: `DeliveryLogError`.
    public func run(
        interruptAfterS: Double? = nil, progress: (Progress) -> Void
    ) throws -> [DeliveredField] {
        var delivered: [DeliveredField] = []
        for (index, prepared) in plan.fields.enumerated() {
            let histories = try plan.fields[...index].map {
                try FieldHistory(folder: folder, fieldNumber: $0.sequence.fieldNumber)
            }
            if histories[index].standing == .completed { continue }
            let begin = FractionClock(seed: plan.request.seed).offsets(histories)[index].next
            let field = try deliver(
                prepared, fromS: begin, interruptAfterS: interruptAfterS, progress: progress)
            delivered.append(field)
            if field.history.standing != .completed { break }
        }
        return delivered
    }

    private func deliver(
        _ prepared: FractionPlan.PreparedField, fromS begin: Double, interruptAfterS: Double?,
        progress: (Progress) -> Void
    ) throws -> DeliveredField {
        let sequence = prepared.sequence
        var generator = SystemRandomNumberGenerator()
        let header = DeliveryLogHeader(
            identifier: SIMD2(generator.next(), generator.next()), planLabel: plan.plan.label,
            planUID: planUID,
            machineName: plan.description.machine.name, fraction: plan.request.fraction, session: 1,
            fieldName: prepared.field.name, ionsPerCount: plan.ionsPerCount, seed: plan.request.seed,
            start: .beginning, startedMS: Int64(Date().timeIntervalSince1970 * 1000), field: sequence)
        let session = try DeliverySession(opening: folder, header: header)
        let log = TracedLog(session.writer)
        let stream = UInt64(sequence.fieldNumber) << 16 | UInt64(session.history.sessions.count + 1)
        let gate = try plan.request.breathing?.simulatedGate(
            fromS: begin, target: plan.targetCentre, seed: plan.request.seed &+ stream)
        var simulation = FieldSimulation(
            field: sequence, from: session.start, figures: prepared.figures, gate: gate,
            seed: plan.request.seed &* 0x9E37_79B9_7F4A_7C15 &+ stream, sink: log,
            limitS: interruptAfterS ?? 7200)
        // Faults strike once: what is gone on with is delivered by a machine that was mended.
        let faults = session.history.sessions.isEmpty ? prepared.faults : []
        var random = SeededRandom(seed: plan.request.seed, stream: 0xFA17_0000 | UInt64(sequence.fieldNumber))
        let struck = FaultField(sequence, figures: prepared.figures, gate: gate)
        simulation.inject(faults.flatMap { $0.injections(&random, struck) })
        var recorder = TraceRecorder(
            breathing: plan.request.breathing?.trace.begun(atS: begin), isGated: gate != nil)
        var told = -1.0
        let visits = Double(max(1, sequence.visitCount))
        var before = 0
        var visitsBefore = [0]
        for layer in sequence.layers {
            before += layer.visits.count
            visitsBefore.append(before)
        }
        _ = simulation.run { state in
            let layer = min(state.currentLayer, sequence.layers.count - 1)
            let now = state.now.seconds
            let ions = log.takeIons()
            recorder.add(
                timeS: now, ions: ions, isGateOpen: state.hasOpenGate,
                energyMeVPerNucleon: sequence.layers[layer].energy.value)
            let share = Double(visitsBefore[layer] + state.currentVisit) / visits
            if now - told >= 0.05 {
                told = now
                progress(
                    Progress(
                        field: sequence.fieldNumber, name: prepared.field.name, share: min(1, share),
                        layer: layer + 1,
                        layers: sequence.layers.count,
                        energyMeVPerNucleon: sequence.layers[layer].energy.value,
                        layerShare: Double(state.currentVisit)
                            / Double(max(1, sequence.layers[layer].visits.count)),
                        isBeamOn: state.hasBeam,
                        isGateOpen: gate == nil ? nil : state.hasOpenGate,
                        rateIonsPerS: state.hasBeam
                            ? sequence.layers[layer].countsPerS * plan.ionsPerCount : 0, timeS: now,
                        state: state.phase.rawValue))
            }
            return false
        }
        // The log of a control that died breaks off where it was.
        if !simulation.hasControlDied { try session.close() }
        return DeliveredField(
            prepared: prepared, history: try FieldHistory(folder: folder, fieldNumber: sequence.fieldNumber),
            outcome: simulation.outcome, trace: recorder.trace, faults: faults)
    }
}
