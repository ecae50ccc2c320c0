import CaseFiles
import DeliverySimulation
import Foundation

/// The shape of a spill from a file, as `kasane lattice spill --output` writes it.
enum SpillOption {
    /// Reads lines of time, s, rate and, if there is one, requested rate; intervals in which nothing was requested are left out.
    ///
    /// - Parameter path: Of the CSV file.
    /// - Returns: The shape, and where it comes from in words.
    /// - Throws: `InvalidFile` with line and value.
    static func read(_ path: String) throws -> (shape: SpillShape, text: String) {
        let content = try TextFile.read(path)
        var rows: [[Double]] = []
        for (number, line) in content.split(separator: "\n").enumerated() {
            let cells = line.split(separator: ",", omittingEmptySubsequences: false).map {
                $0.trimmingCharacters(in: .whitespaces)
            }
            let values = cells.prefix(3).compactMap(Double.init)
            if number == 0, values.count < cells.prefix(3).count { continue }
            guard values.count >= 2, values.count == cells.prefix(3).count,
                values.allSatisfy({ $0.isFinite }), values[1] >= 0
            else {
                throw InvalidFile(
                    file: path, path: "line \(number + 1)",
                    "‘\(line)’ (a line must have a time in s, a rate from 0 and, if known, the requested rate, with commas between)"
                )
            }
            rows.append(values)
        }
        guard rows.count >= 2 else { throw InvalidFile(file: path, "a spill needs two lines or more") }
        let step = rows[1][0] - rows[0][0]
        for (number, pair) in zip(rows, rows.dropFirst()).enumerated()
        where !(abs(pair.1[0] - pair.0[0] - step) <= 0.01 * abs(step)) || step <= 0 {
            throw InvalidFile(
                file: path, path: "line \(number + 3)",
                "the time \(pair.1[0]) s (times must rise by the same step, here \(step) s)")
        }
        let asked = rows.filter { $0.count < 3 || $0[2] > 0 }
        let mean = asked.reduce(0) { $0 + $1[1] } / Double(max(1, asked.count))
        let values = asked.map { $0[1] / ($0.count < 3 ? mean : $0[2]) }
        guard (1e-6...1e-2).contains(step),
            let shape = SpillShape(binNS: Int64((step * 1e9).rounded()), values: values)
        else {
            throw InvalidFile(
                file: path, "this is no spill (steps must be 1 µs to 10 ms, and some rate above 0)")
        }
        let name = URL(fileURLWithPath: path).lastPathComponent
        return (shape, "\(name) (SHA-256 \(SHA256.digest(Data(content.utf8)).prefix(12))…)")
    }
}
