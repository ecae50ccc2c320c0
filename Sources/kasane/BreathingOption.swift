import ArgumentParser
import CaseFiles
import DeliverySimulation
import Foundation

/// Breathing from the command line: a period, or a file.
enum BreathingOption {
    /// - Returns: The trace, and what it is in words.
    /// - Throws: `ValidationError`, `InvalidFile` with line and value.
    static func read(
        _ text: String, exponent: Int?, irregularity: Double?, drift: Double?, seed: UInt64
    ) throws -> (trace: BreathingTrace, text: String) {
        if let period = Double(text) {
            guard (0.5...60).contains(period) else {
                throw ValidationError("--breathing \(text) (a period must be 0.5 to 60 s)")
            }
            let (n, change, rise) = (exponent ?? 2, irregularity ?? 0, drift ?? 0)
            return (
                BreathingTrace(
                    periodS: period, exponent: n, irregularity: change, driftPerMinute: rise, seed: seed),
                "1 − cos^\(2 * n) of \(period) s, irregularity \(change), drift \(rise) per minute"
            )
        }
        for (name, isGiven) in [
            ("--irregularity", irregularity != nil), ("--drift", drift != nil),
            ("--breathing-exponent", exponent != nil),
        ] where isGiven {
            throw ValidationError("\(name) and a recorded trace (it is as it is); leave one out")
        }
        let content = try TextFile.read(text)
        var points: [BreathingTrace.Point] = []
        for (number, line) in content.split(separator: "\n").enumerated() {
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
        let digest = SHA256.digest(Data(content.utf8)).prefix(12)
        return (trace, "recorded trace \(URL(fileURLWithPath: text).lastPathComponent) (SHA-256 \(digest)…)")
    }
}
