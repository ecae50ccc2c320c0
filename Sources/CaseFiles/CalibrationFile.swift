import PatientModel

/// Reader of calibration curves: CSV with a header line, `#` comments.
///
/// The header names the columns: `HU,SPR` and, if the clinic has them, `scattering` and `nuclear`, in this order.
///
/// ## Checked by
/// `CalibrationFileTests`.
public enum CalibrationFile {
    private static let headers = [
        ["HU", "SPR"], ["HU", "SPR", "scattering"], ["HU", "SPR", "scattering", "nuclear"],
    ]

    /// Reads a curve and makes the conversion of it.
    ///
    /// - Throws: `InvalidFile` naming line and value.
    public static func read(path: String) throws(InvalidFile) -> HounsfieldConversion {
        try read(text: TextFile.read(path), file: path)
    }

    /// Reads the text of a curve; `file` is its name for messages.
    public static func read(text: String, file: String) throws(InvalidFile) -> HounsfieldConversion {
        var header: [String]?
        var points: [CalibrationCurve.Point] = []
        var lines: [Int] = []
        let findings = FindingCollector()
        for row in TableRow.all(in: text) {
            guard let columns = header else {
                guard headers.contains(row.cells) else {
                    throw InvalidFile(
                        file: file, line: row.line,
                        "the header is ‘\(row.content)’ (it must be HU,SPR or HU,SPR,scattering or "
                            + "HU,SPR,scattering,nuclear); write one of these")
                }
                header = row.cells
                continue
            }
            let numbers = row.cells.map(YAMLElement.number)
            guard row.cells.count == columns.count, let values = all(numbers) else {
                findings.add(
                    "", line: row.line,
                    "‘\(row.content)’ is not a row of \(columns.count) numbers (\(columns.joined(separator: ", "))); "
                        + "correct it")
                continue
            }
            points.append(
                CalibrationCurve.Point(
                    hounsfield: values[0], stopping: values[1],
                    scattering: values.count > 2 ? values[2] : nil,
                    nuclear: values.count > 3 ? values[3] : nil))
            lines.append(row.line)
        }
        try findings.finish(file: file)
        do {
            return try HounsfieldConversion(CalibrationCurve(name: file, points: points))
        } catch {
            throw InvalidFile(file: file, line: error.row.map { lines[$0] }, "\(error)")
        }
    }
}

extension CalibrationCurveError {
    /// The point the error is about; nil if it is about the whole curve.
    fileprivate var row: Int? {
        switch self {
        case .tooFewPoints: nil
        case .valueOutOfRange(_, let row), .hounsfieldNotAscending(_, let row, _),
            .stoppingFalls(_, let row, _):
            row
        }
    }
}
