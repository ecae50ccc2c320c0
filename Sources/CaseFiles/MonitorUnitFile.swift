import FacilityModel
import Quantities

/// Reader of monitor calibrations: CSV with the header `energy,particles-per-mu` and `#` comments, energies in MeV/u
/// from the lowest up.
///
/// ## Checked by
/// `MonitorUnitFileTests`.
public enum MonitorUnitFile {
    private static let header = ["energy", "particles-per-mu"]

    /// Reads a table.
    ///
    /// - Throws: `InvalidFile` naming line and value.
    public static func read(path: String) throws(InvalidFile) -> MonitorUnitCalibration {
        try read(text: TextFile.read(path), file: path)
    }

    /// Reads the text of a table; `file` is its name for messages.
    public static func read(text: String, file: String) throws(InvalidFile) -> MonitorUnitCalibration {
        var points: [MonitorUnitCalibration.Point] = []
        var hasHeader = false
        for row in TableRow.all(in: text) {
            guard hasHeader else {
                guard row.cells == header else {
                    throw InvalidFile(
                        file: file, line: row.line,
                        "the header is ‘\(row.content)’ (it must be \(header.joined(separator: ","))); write this"
                    )
                }
                hasHeader = true
                continue
            }
            guard row.cells.count == 2, let energy = YAMLElement.number(row.cells[0]),
                let particles = YAMLElement.number(row.cells[1]), energy > 0, particles > 0
            else {
                throw InvalidFile(
                    file: file, line: row.line,
                    "‘\(row.content)’ is not an energy in MeV/u and a number of ions, both positive; correct it"
                )
            }
            if let last = points.last, last.energy.value >= energy {
                throw InvalidFile(
                    file: file, line: row.line,
                    "the energy \(energy) MeV/u does not rise (before it stands \(last.energy.value)); sort the rows"
                )
            }
            points.append(.init(energy: EnergyPerNucleon(energy), particles: particles))
        }
        guard let calibration = MonitorUnitCalibration(points: points) else {
            throw InvalidFile(
                file: file,
                "the table has \(points.count) rows (two are needed to interpolate); give more, or one number in place of a file"
            )
        }
        return calibration
    }
}
