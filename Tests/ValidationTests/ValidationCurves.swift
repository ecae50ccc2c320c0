import Foundation

/// Writes the curves behind the validation figures as CSV, for scripts/validation-plots.
///
/// Nothing is written unless the environment names a folder: KASANE_VALIDATION_OUTPUT.
enum ValidationCurves {
    /// Writes `<name>.csv`; columns may differ in length, the shortest counts.
    static func write(_ name: String, columns: [(name: String, values: [Double])]) throws {
        guard let path = ProcessInfo.processInfo.environment["KASANE_VALIDATION_OUTPUT"] else { return }
        let folder = URL(fileURLWithPath: path)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var text = columns.map(\.name).joined(separator: ",") + "\n"
        for i in 0..<(columns.map(\.values.count).min() ?? 0) {
            text += columns.map { String(format: "%.6g", $0.values[i]) }.joined(separator: ",") + "\n"
        }
        try text.write(to: folder.appending(path: name + ".csv"), atomically: true, encoding: .utf8)
    }
}
