import ArgumentParser
import CaseFiles
import DeliverySimulation
import Foundation

/// Breathing from the command line: a period, or a file.
enum BreathingOption {
    /// - Throws: `ValidationError`, `InvalidFile` with line and value.
    static func read(_ text: String?, irregularity: Double, seed: UInt64) throws -> BreathingTrace? {
        guard let text else { return nil }
        if let period = Double(text) {
            guard (0.5...60).contains(period) else {
                throw ValidationError("--breathing \(text) (a period must be 0.5 to 60 s)")
            }
            return BreathingTrace(periodS: period, irregularity: irregularity, seed: seed)
        }
        guard irregularity == 0 else {
            throw ValidationError(
                "--irregularity and a recorded trace (it is as irregular as it is); leave one out")
        }
        var points: [BreathingTrace.Point] = []
        for (number, line) in try TextFile.read(text).split(separator: "\n").enumerated() {
            let cells = line.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
            let values = cells.compactMap(Double.init)
            if number == 0, values.count < 2 { continue }
            guard cells.count == 2, values.count == 2, values.allSatisfy(\.isFinite) else {
                throw InvalidFile(
                    file: text, path: "line \(number + 1)",
                    "‘\(line)’ (a line must have a time in s and an amplitude, with a comma between)")
            }
            points.append(.init(timeS: values[0], amplitude: values[1]))
        }
        guard let trace = BreathingTrace(recorded: points) else {
            throw InvalidFile(file: text, "a trace needs two points or more, with rising times")
        }
        return trace
    }
}
