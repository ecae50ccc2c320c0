import FacilityModel
import Foundation
import IonPhysics
import Quantities

/// A machine as text: head, figures, energies.
enum FacilityTables {
    /// Name, what it is and is not; `brief` leaves out the summary.
    static func head(_ description: MachineDescription, brief: Bool = false) -> String {
        let machine = description.machine
        var lines = ["\(machine.name): \(machine.facility)"]
        if let notice = description.notice { lines.append(notice) }
        if !brief { lines.append(description.summary) }
        lines.append("")
        if let base = description.base {
            let kind = base.assumption == nil ? "" : ", whose figures all count as assumed here"
            lines.append(
                "made from \(base.name)\(kind); \(description.overrides.count) of its figures overridden")
        }
        lines.append(
            "ion \(machine.ion), \(machine.energies.count) energies "
                + String(
                    format: "%.1f to %.1f MeV/u", machine.energies.first?.value ?? 0,
                    machine.energies.last?.value ?? 0)
                + ", \(description.assumptions.count) of \(description.figures.count) figures assumed")
        return lines.joined(separator: "\n")
    }

    /// Every figure with source and confidence; tables for people name the sources by numbers and list them below.
    ///
    /// - Parameter hasBase: Whether the file has a base, so that figures may override others.
    static func figures(
        _ figures: [AnnotatedFigure], hasBase: Bool, format: FacilityShowCommand.Format
    ) -> String {
        guard format == .table else {
            let header = ["figure", "value", "unit", "confidence", "source", "note", "overrides"]
            let rows = figures.map {
                [
                    $0.path, $0.value, $0.unit, $0.confidence.rawValue, $0.source, $0.note ?? "",
                    $0.overridden ?? "",
                ]
            }
            return text(header, rows, format: format)
        }
        var sources: [String] = []
        let rows = figures.map { figure in
            let number: Int
            if let index = sources.firstIndex(of: figure.source) {
                number = index + 1
            } else {
                sources.append(figure.source)
                number = sources.count
            }
            return [figure.path, short(figure.value), figure.unit, figure.confidence.rawValue]
                + (hasBase ? [figure.overridden.map { "instead of \($0)" } ?? ""] : [])
                + ["[\(number)]", figure.note ?? ""]
        }
        let header =
            ["figure", "value", "unit", "confidence"] + (hasBase ? ["override"] : []) + ["source", "note"]
        let list = sources.enumerated().map { "[\($0.offset + 1)] \($0.element)" }
        let table = TextTable(header: header, rows: rows, leftColumns: Set(header.indices)).text
        return ([table, ""] + list).joined(separator: "\n")
    }

    /// Great numbers with a power of ten: `2e+10` for `20000000000`.
    private static func short(_ value: String) -> String {
        value.components(separatedBy: ", ").map { part in
            guard let number = Double(part), abs(number) >= 1e6 else { return part }
            return String(format: "%.4g", number)
        }.joined(separator: ", ")
    }

    /// The energies of a mode with their ranges in water.
    ///
    /// - Parameter mode: Its name; nil for the default.
    /// - Throws: `FacilityError` if there is no such mode.
    static func energies(
        _ description: MachineDescription, mode: String?, format: FacilityShowCommand.Format
    ) throws -> String {
        let name = mode ?? description.defaultEnergyMode
        guard let chosen = description.energyMode(name) else {
            throw FacilityError.noSuchMode(
                name, machine: description.machine.name, known: description.energyModes.map(\.name))
        }
        let table = try RangeTable(description.machine.ion)
        let rows = chosen.energies.enumerated().map { index, energy in
            [
                "\(index + 1)", String(format: "%.3f", energy.value),
                String(format: "%.3f", table.rangeMM(energyMeVPerNucleon: energy.value)),
            ]
        }
        return text(["number", "MeV/u", "range mm"], rows, format: format)
    }

    static func text(
        _ header: [String], _ rows: [[String]], leftColumns: Set<Int> = [],
        format: FacilityShowCommand.Format
    ) -> String {
        switch format {
        case .table: TextTable(header: header, rows: rows, leftColumns: leftColumns).text
        case .csv: ([header] + rows).map { $0.map(csvCell).joined(separator: ",") }.joined(separator: "\n")
        case .json: json(header, rows)
        }
    }

    private static func csvCell(_ text: String) -> String {
        text.contains { ",\"\n".contains($0) }
            ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
    }

    private static func json(_ header: [String], _ rows: [[String]]) -> String {
        let objects = rows.map { row in
            let members = zip(header, row).map { "\(jsonText($0)): \(jsonText($1))" }
            return "  {" + members.joined(separator: ", ") + "}"
        }
        return "[\n" + objects.joined(separator: ",\n") + "\n]"
    }

    private static func jsonText(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case _ where scalar.value < 32: result += String(format: "\\u%04x", scalar.value)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

/// What `kasane facility` cannot show.
enum FacilityError: Error, CustomStringConvertible {
    case noSuchMode(String, machine: String, known: [String])

    var description: String {
        switch self {
        case .noSuchMode(let name, let machine, let known):
            "\(machine) has no energies ‘\(name)’ (known: \(known.joined(separator: ", "))); choose one of them"
        }
    }
}
