import ArgumentParser
import CaseFiles
import DeliverySimulation
import Foundation
import TreatmentDelivery
import TreatmentPlanning

/// How the patient breathes, what the beam waits for, and what moves.
struct BreathingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A period in s, or a recorded trace (CSV: time in s, amplitude from 0 at rest to 1).",
            valueName: "period or file"))
    var breathing: String?

    @Option(help: "n of cos²ⁿ: the greater, the longer the rest at exhalation.")
    var breathingExponent: Int?

    @Option(help: "Relative change of period and height from breath to breath.")
    var irregularity: Double?

    @Option(help: ArgumentHelp("Rise of the base line, amplitude per minute.", valueName: "per minute"))
    var drift: Double?

    @Option(
        help: ArgumentHelp(
            "Beam only while a signal from the skin is below this amplitude.", valueName: "amplitude"))
    var gate: Double?

    @Option(
        help: ArgumentHelp(
            "Real-time gating: beam only while the target is within this distance of its place in the planning CT (needs --motion).",
            valueName: "mm"))
    var gateTarget: Double?

    @Option(
        help: ArgumentHelp("From the moment to the gate's signal, ms (skin 20, target 50).", valueName: "ms"))
    var gateLatency: Double?

    @Option(help: ArgumentHelp("Between two readings of the gate, ms (skin 5, target 67).", valueName: "ms"))
    var gateSampling: Double?

    @Option(
        help: ArgumentHelp("How far the skin lags behind the target, ms; negative: ahead.", valueName: "ms"))
    var skinLag: Double?

    @Option(
        help: ArgumentHelp("RMS error of the target's position in an X-ray picture, mm.", valueName: "mm"))
    var imagingError: Double?

    @Option(
        help: ArgumentHelp(
            "What moves: a vector x,y,z in mm (DICOM axes) from amplitude 0 to 1, or displacement fields FILE.mha=AMPLITUDE, one option each; the dose is then computed in the phases of breathing.",
            valueName: "x,y,z or file=amplitude"))
    var motion: [String] = []

    @Option(
        help: ArgumentHelp(
            "Only this structure moves by the vector, and what is around it less and less; without it everything moves.",
            valueName: "structure"))
    var moving: String?

    @Option(help: "Greatest number of phases of the delivered dose.")
    var phases: Int?

    mutating func validate() throws {
        let options: [(String, Double?, ClosedRange<Double>)] = [
            ("--breathing-exponent", breathingExponent.map(Double.init), 1...10),
            ("--irregularity", irregularity, 0...0.5), ("--drift", drift, -5...5),
            ("--gate", gate, 0.001...10), ("--gate-target", gateTarget, 0.1...100),
            ("--gate-latency", gateLatency, 0...2000), ("--gate-sampling", gateSampling, 1...1000),
            ("--skin-lag", skinLag, -2000...2000), ("--imaging-error", imagingError, 0...20),
            ("--phases", phases.map(Double.init), 1...100),
        ]
        for (name, value, range) in options {
            guard let value else { continue }
            guard range.contains(value) else {
                throw ValidationError(
                    "\(name) \(value) (must be \(range.lowerBound) to \(range.upperBound))")
            }
            guard breathing != nil else {
                throw ValidationError("\(name) (the patient does not breathe); add --breathing")
            }
        }
        for (name, isGiven) in [("--motion", !motion.isEmpty), ("--moving", moving != nil)]
        where isGiven && breathing == nil {
            throw ValidationError("\(name) (the patient does not breathe); add --breathing")
        }
        guard gate == nil || gateTarget == nil else {
            throw ValidationError("--gate and --gate-target (a beam has one gate); leave one out")
        }
        for (name, value) in [("--gate-latency", gateLatency), ("--gate-sampling", gateSampling)]
        where value != nil && gate == nil && gateTarget == nil {
            throw ValidationError("\(name) (there is no gate); add --gate or --gate-target")
        }
        guard skinLag == nil || gate != nil else {
            throw ValidationError("--skin-lag (no gate looks at the skin); add --gate")
        }
        guard imagingError == nil || gateTarget != nil else {
            throw ValidationError("--imaging-error (no gate looks at the target); add --gate-target")
        }
        guard gateTarget == nil || !motion.isEmpty else {
            throw ValidationError("--gate-target (nothing says how the target moves); add --motion")
        }
        guard phases == nil || !motion.isEmpty else {
            throw ValidationError("--phases (nothing moves); add --motion")
        }
        guard moving == nil || motion.count == 1 else {
            throw ValidationError(
                "--moving wants one --motion x,y,z (a displacement field says itself what moves)")
        }
    }

    /// Whether there is a gate.
    var isGated: Bool { gate != nil || gateTarget != nil }

    /// - Parameters:
    ///   - planner: Of the case, for the structure that moves.
    ///   - seed: Of irregular breathing.
    /// - Returns: nil for a patient at rest.
    /// - Throws: `ValidationError`, `InvalidFile`, `AnatomyMotionError`.
    func breathing(_ planner: Planner, seed: UInt64) throws -> Breathing? {
        guard let breathing else { return nil }
        let trace = try BreathingOption.read(
            breathing, exponent: breathingExponent, irregularity: irregularity, drift: drift, seed: seed)
        var words = [trace.text]
        var gating: Breathing.Gate?
        if let gate {
            let (latency, sampling) = (gateLatency ?? 20, gateSampling ?? 5)
            let lag = skinLag ?? 0
            gating = .init(
                .skin(threshold: gate, lagS: lag * 1e-3), latencyS: latency * 1e-3, samplingS: sampling * 1e-3
            )
            words.append(
                "gate on the skin below \(gate), lag \(lag) ms, latency \(latency) ms, read every \(sampling) ms"
            )
        } else if let window = gateTarget {
            let (latency, sampling) = (gateLatency ?? 50, gateSampling ?? 67)
            let error = imagingError ?? 0
            gating = .init(
                .target(windowMM: window, errorMM: error), latencyS: latency * 1e-3,
                samplingS: sampling * 1e-3)
            words.append(
                "gate on the target within \(window) mm, error \(error) mm, latency \(latency) ms, read every \(sampling) ms"
            )
        }
        let moved = try MotionOption.read(motion, moving: moving, planner: planner)
        if let moved { words.append(moved.text) }
        return Breathing(
            trace: trace.trace, gate: gating, motion: moved?.motion, phases: phases ?? 10,
            description: words.joined(separator: "; "))
    }
}
